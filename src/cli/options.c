/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The option parser: --name, --name=value, --name value, -n, -n value, -nvalue, and letters
 * together as in -jp. "--" ends the options.
 */
#include <string.h>

#include "options.h"

static void set_json(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->json = true;
}

static void set_pretty(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->pretty = true;
}

static void set_verbose(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->verbose++;
}

static void set_version(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->version = true;
}

static void set_help(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->help = true;
}

static void set_layout(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments;
	cli->layout = value;
}

const struct option common_options[] = {
	{ 'j', "json", false, set_json },
	{ 'p', "pretty", false, set_pretty },
	{ 'v', "verbose", false, set_verbose },
	{ 'V', "version", false, set_version },
	{ 'h', "help", false, set_help },
	{ '\0', "layout", true, set_layout },
	{ '\0', NULL, false, NULL },
};

static void set_no_qdisc(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->no_qdisc = true;
}

static void set_keep_tail_calls(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->keep_tail_calls = true;
}

const struct option iproute2_long_options[] = {
	{ '\0', "layout", true, set_layout },
	{ '\0', "no-qdisc", false, set_no_qdisc },
	{ '\0', "keep-tail-calls", false, set_keep_tail_calls },
	{ '\0', NULL, false, NULL },
};

struct parser {
	struct cli *cli;
	const char *command;
	const struct option *table;
	struct arguments *arguments;
	int next; /* the word after the one that is looked at */
};

static const struct option *find_name(const struct option *table, const char *name, size_t length)
{
	for (; table && table->name; table++) {
		if (!strncmp(table->name, name, length) && !table->name[length])
			return table;
	}
	return NULL;
}

static const struct option *find_letter(const struct option *table, char letter)
{
	for (; table && table->name; table++) {
		if (letter && table->letter == letter)
			return table;
	}
	return NULL;
}

/* The value is what stands in the same word, or else the next word. */
static enum cli_status apply(struct parser *parser, const struct option *option, const char *value)
{
	struct arguments *arguments = parser->arguments;

	if (option->has_value && !value) {
		if (parser->next >= arguments->count)
			return message_usage(parser->cli, parser->command,
					     "option --%s needs a value", option->name);
		value = arguments->words[parser->next++];
	}
	option->set(parser->cli, arguments, value);
	return CLI_OK;
}

static enum cli_status parse_name(struct parser *parser, const char *word)
{
	const char *name = word + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct option *option = find_name(common_options, name, length);

	if (!option)
		option = find_name(parser->table, name, length);
	if (!option)
		return message_usage(parser->cli, parser->command, "unknown option '%s'", word);
	if (equals && !option->has_value)
		return message_usage(parser->cli, parser->command, "option --%s takes no value",
				     option->name);
	return apply(parser, option, equals ? equals + 1 : NULL);
}

static enum cli_status parse_letters(struct parser *parser, const char *word)
{
	const struct option *option;
	enum cli_status status;
	const char *letter;

	for (letter = word + 1; *letter; letter++) {
		option = find_letter(common_options, *letter);
		if (!option)
			option = find_letter(parser->table, *letter);
		if (!option)
			return message_usage(parser->cli, parser->command, "unknown option '-%c'",
					     *letter);
		if (option->has_value)
			return apply(parser, option, letter[1] ? letter + 1 : NULL);
		status = apply(parser, option, NULL);
		if (status != CLI_OK)
			return status;
	}
	return CLI_OK;
}

enum cli_status options_take_long(struct cli *cli, const char *command, const struct option *table,
				  bool (*ends)(char *const *words, int count),
				  struct arguments *arguments)
{
	struct parser parser = { cli, command, table, arguments, 0 };
	char **words = arguments->words;
	enum cli_status status = CLI_OK;
	bool ended = false;
	int kept = 0;

	while (parser.next < arguments->count && status == CLI_OK) {
		char *word = words[parser.next++];

		if (!ended && !strncmp(word, "--", 2) &&
		    find_name(table, word + 2, strcspn(word + 2, "="))) {
			status = parse_name(&parser, word);
		} else {
			words[kept++] = word;
			ended = ended || (ends && ends(words, kept));
		}
	}
	arguments->count = kept;
	return status;
}

enum cli_status options_parse(struct cli *cli, const char *command, const struct option *table,
			      bool only_leading, struct arguments *arguments)
{
	struct parser parser = { cli, command, table, arguments, 0 };
	char **words = arguments->words;
	enum cli_status status = CLI_OK;
	int kept = 0;

	while (parser.next < arguments->count && status == CLI_OK) {
		char *word = words[parser.next];

		if (word[0] != '-' || !word[1]) {
			if (only_leading)
				break;
			words[kept++] = word;
			parser.next++;
			continue;
		}
		parser.next++;
		if (!strcmp(word, "--"))
			break;
		status = word[1] == '-' ? parse_name(&parser, word) : parse_letters(&parser, word);
	}
	while (parser.next < arguments->count)
		words[kept++] = words[parser.next++];
	arguments->count = kept;
	return status;
}
