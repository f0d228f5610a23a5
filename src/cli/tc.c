/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc: tc's command line as far as BPF objects need it. Here: tc's options, its objects,
 * its exit status, and what every object's commands do.
 */
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <string.h>

#include "netlink.h"
#include "cli.h"
#include "tc.h"

static const char help[] =
	"usage: elfmap tc [OPTIONS] qdisc VERB dev DEV { clsact | ingress }\n"
	"       elfmap tc [OPTIONS] filter VERB dev DEV WHERE [WHICH] bpf PROGRAM\n"
	"\n"
	"The same words as tc's; keywords may be abbreviated as there.\n"
	"\n"
	"  VERB     add, replace, del, show; filters also have change\n"
	"  WHERE    ingress, egress, root, or parent MAJOR:MINOR\n"
	"  WHICH    protocol P, prio N (or pref N), handle H, chain N\n"
	"  PROGRAM  obj FILE [sec SECTION] [program NAME] [verb], the section classifier\n"
	"           if none is named; or pinned PATH; then, all optional:\n"
	"             da             the program's result is the action (direct-action)\n"
	"             classid X:Y    the class of what it matches (or flowid X:Y)\n"
	"             skip_hw, skip_sw\n"
	"             verb           show the verifier's log (verbose)\n"
	"\n"
	"  show     needs no bpf; it lists filters of other kinds without their details\n"
	"\n"
	"options, between tc and qdisc or filter:\n"
	"  -j[son]  -p[retty]  -d[etails]  -s[tatistics]  -V[ersion]  -h[elp]\n"
	"  -v       all that libbpf and the verifier say\n"
	"elfmap's own options, such as --layout NAME, stand before tc\n"
	"\n"
	"example:\n"
	"  elfmap tc qdisc add dev eth0 clsact\n"
	"  elfmap tc filter add dev eth0 ingress bpf da obj old.o sec ingress\n";

/* tc's exit status for ours. One day it may be tc's own: 1 for usage, 2 for the kernel. */
static const enum cli_status exit_status[] = {
	[CLI_OK] = CLI_OK,
	[CLI_REFUSED] = CLI_REFUSED,
	[CLI_USAGE] = CLI_USAGE,
};

struct object {
	const char *word;
	const char *command;
	enum cli_status (*run)(struct words *words);
};

/* In the order in which tc compares; those without a function are left to tc. */
static const struct object objects[] = {
	{ "qdisc", "tc qdisc", tc_qdisc },    { "class", "tc class", NULL },
	{ "filter", "tc filter", tc_filter }, { "chain", "tc chain", NULL },
	{ "actions", "tc actions", NULL },    { "monitor", "tc monitor", NULL },
	{ "exec", "tc exec", NULL },
};

#define NR_OBJECTS (sizeof(objects) / sizeof(objects[0]))

struct tc_option {
	const char *word;
	void (*set)(struct cli *cli);
};

static void set_statistics(struct cli *cli)
{
	cli->statistics = true;
}

static void set_details(struct cli *cli)
{
	cli->details = true;
}

static void set_json(struct cli *cli)
{
	cli->json = true;
}

static void set_pretty(struct cli *cli)
{
	cli->pretty = true;
}

static void set_version(struct cli *cli)
{
	cli->version = true;
}

static void set_help(struct cli *cli)
{
	cli->help = true;
}

static void set_verbose(struct cli *cli)
{
	cli->verbose++;
}

static const struct tc_option tc_options[] = {
	{ "-statistics", set_statistics },
	{ "-stats", set_statistics },
	{ "-details", set_details },
	{ "-json", set_json },
	{ "-pretty", set_pretty },
	{ "-Version", set_version },
	{ "-help", set_help },
	{ "-verbose", set_verbose },
};

#define NR_TC_OPTIONS (sizeof(tc_options) / sizeof(tc_options[0]))

static enum cli_status take_option(struct words *words, const char *word)
{
	const char *bare = word[1] == '-' ? word + 1 : word;
	size_t i;

	for (i = 0; i < NR_TC_OPTIONS && bare[1]; i++) {
		if (word_matches(bare, tc_options[i].word)) {
			tc_options[i].set(words->cli);
			return CLI_OK;
		}
	}
	return words_not_ours(words, word);
}

static enum cli_status take_options(struct words *words)
{
	enum cli_status status = CLI_OK;

	while (status == CLI_OK && words_left(words) && **words->next == '-')
		status = take_option(words, words_take(words));
	return status;
}

static enum cli_status run_object(struct words *words, const char *word)
{
	size_t i;

	for (i = 0; i < NR_OBJECTS; i++) {
		if (!word_matches(word, objects[i].word))
			continue;
		words->command = objects[i].command;
		if (!objects[i].run)
			return words_not_ours(words, objects[i].word);
		return objects[i].run(words);
	}
	return words_wrong(words, "what is '%s'?", word);
}

static enum cli_status run(struct words *words)
{
	enum cli_status status = take_options(words);
	const char *word;

	if (status != CLI_OK)
		return status;
	if (words->cli->version)
		return cli_print_version();
	word = words_take(words);
	if (!word && !words->cli->help)
		return words_wrong(words, "qdisc or filter?");
	if (words->cli->help || word_matches(word, "help"))
		return tc_print_help();
	return run_object(words, word);
}

static enum cli_status tc(struct cli *cli, const struct arguments *arguments)
{
	struct words words = {
		.cli = cli,
		.command = "tc",
		.help = "tc help",
		.next = arguments->words,
		.end = arguments->words + arguments->count,
	};

	return exit_status[run(&words)];
}

const struct command tc_command = {
	.name = "tc",
	.summary = "attach programs with tc's own words: qdisc, filter",
	.help = help,
	.most_words = INT_MAX,
	.own_options = true,
	.run = tc,
};

enum cli_status tc_print_help(void)
{
	fputs(help, stdout);
	return CLI_OK;
}

enum cli_status tc_help_verb(struct words *words, enum attach_tc_verb change)
{
	(void)words, (void)change;
	return tc_print_help();
}

enum cli_status tc_run_verb(struct words *words, const struct tc_verb *verbs)
{
	const char *word = words_left(words) ? words_take(words) : "show";
	const struct tc_verb *verb;

	for (verb = verbs; verb->word; verb++)
		if (word_matches(word, verb->word))
			break;
	if (!verb->word)
		return words_wrong(words, "what is '%s'?", word);
	if (!verb->run)
		return words_not_ours(words, word);
	words->command = verb->command;
	return verb->run(words, verb->change);
}

int tc_find_device(struct cli *cli, const char *name)
{
	unsigned int index = if_nametoindex(name);

	if (!index)
		message_error(cli, "Cannot find device \"%s\"", name);
	return (int)index;
}

enum cli_status tc_open(struct cli *cli, struct netlink *nl)
{
	int err = netlink_open(nl);

	return err ? message_refused(cli, err, "cannot open rtnetlink") : CLI_OK;
}

enum cli_status tc_answer(struct words *words, const struct netlink *nl, int err, const char *where)
{
	struct cli *cli = words->cli;

	if (err == -EINTR) {
		message_warning(cli, "%s: %s: changed meanwhile, the list may be incomplete",
				words->command, where);
		return CLI_OK;
	}
	if (!err) {
		if (nl->text[0])
			message_warning(cli, "%s: %s: %s", words->command, where, nl->text);
		return CLI_OK;
	}
	if (nl->text[0])
		message_error(cli, "%s: %s: %s", words->command, where, nl->text);
	else
		message_error(cli, "%s: %s: %s", words->command, where, strerror(-err));
	if (err == -EPERM)
		message_detail(cli, MESSAGE_RIGHTS);
	return CLI_REFUSED;
}
