/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * From the words of a tc or ip command line to the function of its object.
 */
#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "iproute2_command.h"
#include "cli/options.h"

/* As tc(8) and ip(8) have it. */
const int iproute2_exit_status[] = {
	[CLI_OK] = 0,
	[CLI_REFUSED] = 1,
	[CLI_USAGE] = 1,
	[CLI_KERNEL] = 2,
	/* what exec runs: as a shell has it */
	[CLI_NO_COMMAND] = 127,
	[CLI_COMMAND_NOT_RUN] = 126,
};

/* --- options ------------------------------------------------------------------------------ */

/* "--name" is "-name"; of "-color=always" the name ends before the value. */
static const struct iproute2_option *find_option(const struct iproute2_option *table,
						 const char *word)
{
	const char *bare = word[1] == '-' ? word + 1 : word;
	size_t length = strcspn(bare, "=");

	for (; length > 1 && table->word; table++) {
		if (!strncmp(bare, table->word, length) &&
		    (!bare[length] || table->value == AFTER_EQUALS))
			return table;
	}
	return NULL;
}

static enum cli_status take_option(struct words *words, const struct iproute2_option *table,
				   const char *word)
{
	const struct iproute2_option *option = find_option(table, word);
	const char *equals = strchr(word, '=');
	const char *value = equals ? equals + 1 : NULL;
	enum cli_status status;

	if (!option)
		return words_unknown(words, word);
	if (option->value == NEXT_WORD) {
		status = words_take_value(words, option->word, &value);
		if (status != CLI_OK)
			return status;
	}
	return option->set(words, value);
}

static enum cli_status take_options(struct words *words, const struct iproute2_option *table)
{
	enum cli_status status = CLI_OK;

	while (status == CLI_OK && words_left(words) && **words->next == '-') {
		const char *word = words_take(words);

		/* ip's end of options */
		if (!strcmp(word, "--"))
			break;
		status = take_option(words, table, word);
	}
	return status;
}

/* --- objects and verbs -------------------------------------------------------------------- */

static enum cli_status run_object(struct words *words, const struct iproute2_object *objects,
				  const char *word)
{
	for (; objects->word; objects++) {
		if (!word_matches(word, objects->word))
			continue;
		words->command = objects->command;
		if (!objects->run)
			return words_not_ours(words, objects->word);
		return objects->run(words);
	}
	return words_wrong(words, "what is '%s'?", word);
}

static struct words begin(struct cli *cli, const struct iproute2_command *command, char **words,
			  int count)
{
	return (struct words){
		.cli = cli,
		.command = command->name,
		.tool = command->name,
		.help = command->help,
		.next = words,
		.end = words + count,
	};
}

/* Object, verb and words, without options. */
static enum cli_status run_line(struct cli *cli, const void *ctx, char **line, int count)
{
	const struct iproute2_command *command = ctx;
	struct words words = begin(cli, command, line, count);
	const char *word = words_take(&words);

	if (!word)
		return words_wrong(&words, "%s", command->missing);
	if (word_matches(word, "help"))
		return iproute2_print_help(&words);
	return run_object(&words, command->objects, word);
}

enum cli_status iproute2_run(struct cli *cli, const struct iproute2_command *command,
			     const struct arguments *arguments)
{
	struct arguments rest = *arguments;
	enum cli_status status;
	struct words words;

	status = options_take_long(cli, command->name, iproute2_long_options, command->ends, &rest);
	if (status != CLI_OK)
		return status;
	words = begin(cli, command, rest.words, rest.count);
	status = take_options(&words, command->options);
	if (status != CLI_OK)
		return status;
	if (cli->version)
		return cli_print_version();
	if (cli->help)
		return iproute2_print_help(&words);
	if (cli->batch)
		return batch_run(cli, cli->batch, run_line, command);
	return run_line(cli, command, words.next, (int)(words.end - words.next));
}

enum cli_status iproute2_run_verb(struct words *words, const struct iproute2_verb *verbs)
{
	const char *word = words_left(words) ? words_take(words) : "show";

	while (verbs->word && !word_matches(word, verbs->word))
		verbs++;
	if (!verbs->word)
		return words_wrong(words, "what is '%s'?", word);
	if (!verbs->run)
		return words_not_ours(words, word);
	words->command = verbs->command;
	return verbs->run(words, verbs->change);
}

enum cli_status iproute2_print_help(const struct words *words)
{
	fputs(words->help, stdout);
	return CLI_OK;
}

enum cli_status iproute2_help_verb(struct words *words, int change)
{
	(void)change;
	return iproute2_print_help(words);
}
