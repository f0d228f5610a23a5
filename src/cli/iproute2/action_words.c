/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The grammar is that of tc/m_action.c, m_bpf.c and m_gact.c of iproute2, abbreviations and all,
 * except that what stands behind an action may come in any order, and that a cookie is only that
 * of the action it stands behind. That of mirred is in action_mirred.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include "action_control.h"
#include "action_kinds.h"
#include "action_mirred.h"
#include "action_words.h"
#include "cli/cli.h"
#include "program_words.h"
#include "programs.h"
#include "rtnetlink.h"

/* An action in the making. */
struct item {
	struct attach_action *action;
	struct program_choice *choice;
	const char **device;
};

/* --- words behind an action --------------------------------------------------------------- */

static enum cli_status take_index(struct words *words, void *ctx)
{
	const struct item *item = ctx;

	if (item->action->index)
		return words_wrong(words, "'index' is given twice");
	return words_take_decimal(words, "index", (__u32)-1, &item->action->index);
}

static int hex_digit(char digit)
{
	const char *digits = "0123456789abcdef";
	const char *found = digit ? strchr(digits, tolower((unsigned char)digit)) : NULL;

	return found ? (int)(found - digits) : -1;
}

static bool read_cookie(const char *text, struct attach_action *action)
{
	const size_t size = strlen(text) / 2;
	size_t i;

	if (!size || strlen(text) % 2 || size > sizeof(action->cookie))
		return false;
	for (i = 0; i < size; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		action->cookie[i] = (__u8)(high << 4 | low);
	}
	action->cookie_size = size;
	return true;
}

static enum cli_status take_cookie(struct words *words, void *ctx)
{
	const struct item *item = ctx;
	enum cli_status status;
	const char *value;

	status = words_take_value(words, "cookie", &value);
	if (status != CLI_OK)
		return status;
	if (item->action->cookie_size)
		return words_wrong(words, "'cookie' is given twice");
	if (!read_cookie(value, item->action))
		return words_wrong(words, "'%s' is no cookie: 2 to 32 hexadecimal digits", value);
	return CLI_OK;
}

static enum cli_status take_hw_stats(struct words *words, void *ctx)
{
	static const struct {
		const char *word;
		__u32 value;
	} kinds[] = {
		{ "immediate", TCA_ACT_HW_STATS_IMMEDIATE },
		{ "delayed", TCA_ACT_HW_STATS_DELAYED },
		{ "disabled", 0 },
	};
	const struct item *item = ctx;
	enum cli_status status;
	const char *value;
	size_t i;

	status = words_take_value(words, "hw_stats", &value);
	if (status != CLI_OK)
		return status;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!word_matches(value, kinds[i].word))
			continue;
		item->action->has_hw_stats = true;
		item->action->hw_stats = kinds[i].value;
		return CLI_OK;
	}
	return words_wrong(words, "hw_stats '%s': immediate, delayed or disabled?", value);
}

static enum cli_status set_flag(const struct item *item, __u32 flag)
{
	item->action->flags.value |= flag;
	item->action->flags.known |= flag;
	return CLI_OK;
}

static enum cli_status take_no_percpu(struct words *words, void *ctx)
{
	(void)words;
	return set_flag(ctx, TCA_ACT_FLAGS_NO_PERCPU_STATS);
}

static enum cli_status take_skip_sw(struct words *words, void *ctx)
{
	(void)words;
	return set_flag(ctx, TCA_ACT_FLAGS_SKIP_SW);
}

static enum cli_status take_skip_hw(struct words *words, void *ctx)
{
	(void)words;
	return set_flag(ctx, TCA_ACT_FLAGS_SKIP_HW);
}

static const struct keyword behind_keywords[] = {
	{ "index", false, take_index },	       { "random", false, NULL },
	{ "cookie", true, take_cookie },       { "hw_stats", false, take_hw_stats },
	{ "no_percpu", true, take_no_percpu }, { "skip_sw", true, take_skip_sw },
	{ "skip_hw", true, take_skip_hw },     { NULL, false, NULL },
};

/* --- kinds -------------------------------------------------------------------------------- */

static enum cli_status take_gact(struct words *words, void *ctx)
{
	const struct item *item = ctx;
	const char *word = words_left(words) ? *words->next : "";

	strcpy(item->action->kind, "gact");
	if (control_find(word))
		return control_take_optional(words, &item->action->control);
	/* one that is there already, named by its index, is as it is */
	if (word_matches(word, "index"))
		return CLI_OK;
	return words_wrong(words, "what is gact to do: ok, drop, pipe, continue, reclassify, trap, "
				  "goto chain N or jump N?");
}

static enum cli_status take_program(struct words *words, const struct item *item)
{
	enum cli_status status;

	if (words_left(words) && word_matches(*words->next, "run"))
		words_take(words);
	if (!words_left(words))
		return words_wrong(words,
				   "action bpf: obj FILE, pinned PATH or index N is missing");
	status = program_words_take(words, words_take(words), item->choice);
	return status == CLI_OK ? program_words_check(words, item->choice) : status;
}

static enum cli_status take_bpf(struct words *words, void *ctx)
{
	const struct item *item = ctx;
	enum cli_status status = CLI_OK;

	strcpy(item->action->kind, "bpf");
	item->action->bpf.fd = -1;
	item->action->control = TC_ACT_PIPE;
	item->choice->kind = program_kind_of(BPF_PROG_TYPE_SCHED_ACT);
	/* one that is there already needs no program */
	if (!words_left(words) || !word_matches(*words->next, "index"))
		status = take_program(words, item);
	return status == CLI_OK ? control_take_optional(words, &item->action->control) : status;
}

static enum cli_status take_mirred(struct words *words, void *ctx)
{
	const struct item *item = ctx;

	strcpy(item->action->kind, "mirred");
	return mirred_take(words, item->action, item->device);
}

/* Those of tc that elfmap has no part in are left to it. */
static const struct keyword kind_keywords[] = {
	{ "bpf", true, take_bpf },    { "gact", true, take_gact }, { "mirred", true, take_mirred },
	{ "police", true, NULL },     { "pedit", true, NULL },	   { "csum", true, NULL },
	{ "skbedit", true, NULL },    { "skbmod", true, NULL },	   { "vlan", true, NULL },
	{ "tunnel_key", true, NULL }, { "sample", true, NULL },	   { "simple", true, NULL },
	{ "nat", true, NULL },	      { "ife", true, NULL },	   { "ipt", true, NULL },
	{ "xt", true, NULL },	      { "connmark", true, NULL },  { "ctinfo", true, NULL },
	{ "ct", true, NULL },	      { "mpls", true, NULL },	   { "gate", true, NULL },
	{ NULL, false, NULL },
};

static enum cli_status wrong_kind(struct words *words, const char *word)
{
	return words_wrong(
		words, "what is '%s'? an action is ok, drop, pipe, continue, gact, mirred or bpf",
		word);
}

static enum cli_status take_kind(struct words *words, struct item *item)
{
	const char *word = *words->next;
	const struct keyword *row = find_keyword(kind_keywords, word);

	if (row)
		return words_apply(words, row, words_take(words), item);
	/* gact is what does nothing else, and may go without its name */
	return control_find(word) ? take_gact(words, item) : wrong_kind(words, word);
}

static enum cli_status take_action(struct words *words, struct action_request *request)
{
	struct item item = { 0 };
	const struct keyword *row;
	enum cli_status status;

	if (request->count == ATTACH_ACTIONS_MAX)
		return words_wrong(words, "more than %d actions", ATTACH_ACTIONS_MAX);
	item.action = &request->actions[request->count];
	item.choice = &request->choices[request->count];
	item.device = &request->devices[request->count];
	request->count++;
	status = take_kind(words, &item);
	while (status == CLI_OK && words_left(words) &&
	       (row = find_keyword(behind_keywords, *words->next)))
		status = words_apply(words, row, words_take(words), &item);
	return status;
}

enum cli_status action_words_check_kind(struct words *words, const char *kind)
{
	const struct keyword *row = find_keyword(kind_keywords, kind);

	if (!row)
		return words_wrong(words, "what is '%s'? a kind of actions: bpf, gact or mirred",
				   kind);
	return action_kind_named(kind) ? CLI_OK : words_not_ours(words, kind);
}

/* --- lists -------------------------------------------------------------------------------- */

static bool ends_list(const char *word)
{
	static const char *const verbs[] = { "change", "replace", "delete", "get", "add" };
	size_t i;

	if (!strcmp(word, "classid") || !strcmp(word, "flowid"))
		return true;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (word_matches(word, verbs[i]))
			return true;
	}
	return false;
}

const char *action_words_next(struct words *words, bool *expects)
{
	while (words_left(words) && !strcmp(*words->next, "action")) {
		words_take(words);
		*expects = true;
	}
	return words_left(words) ? *words->next : NULL;
}

enum cli_status action_words_take(struct words *words, struct action_request *request)
{
	enum cli_status status = CLI_OK;
	bool expects = true;
	const char *word;

	while (status == CLI_OK && (word = action_words_next(words, &expects)) &&
	       !ends_list(word)) {
		if (!strcmp(word, "help"))
			return words_take_help(words, NULL);
		expects = false;
		status = take_action(words, request);
	}
	if (status == CLI_OK && expects)
		return words_wrong(words, "behind action comes ok, drop, pipe, continue, gact, "
					  "mirred or bpf");
	return status;
}

/* --- what the words name ------------------------------------------------------------------ */

static enum cli_status find_devices(struct cli *cli, struct action_request *request)
{
	size_t i;

	for (i = 0; i < request->count; i++) {
		int ifindex = 0;

		if (request->devices[i] &&
		    !(ifindex = rtnetlink_find_device(cli, request->devices[i])))
			return CLI_REFUSED;
		request->actions[i].mirred.ifindex = (__u32)ifindex;
	}
	return CLI_OK;
}

static enum cli_status load(struct words *words, struct attach_action *action,
			    const struct program_choice *choice, struct programs *programs)
{
	const struct loaded_program *loaded;
	enum cli_status status;

	status = programs_load(words->cli, programs, choice, &loaded);
	if (status != CLI_OK)
		return status;
	action->bpf.fd = loaded->fd;
	snprintf(action->bpf.name, sizeof(action->bpf.name), "%s", loaded->name);
	return CLI_OK;
}

enum cli_status action_words_load(struct words *words, struct action_request *request,
				  struct programs *programs)
{
	enum cli_status status = find_devices(words->cli, request);
	size_t i;

	for (i = 0; i < request->count && status == CLI_OK; i++) {
		const struct program_choice *choice = &request->choices[i];

		if (choice->object || choice->pinned)
			status = load(words, &request->actions[i], choice, programs);
	}
	return status;
}
