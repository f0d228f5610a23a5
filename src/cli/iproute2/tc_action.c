/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc actions: actions that are there without a filter, or that several filters share. Words
 * are read in action_words.c, printing is in action_show.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "action_missing.h"
#include "action_show.h"
#include "action_words.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "iproute2_command.h"
#include "cli/json.h"
#include "programs.h"
#include "rtnetlink.h"
#include "tc.h"

#define WHERE_SIZE 64

/* "action bpf index 3": what a message is about. */
static void name_actions(const struct action_request *request, char *text)
{
	const struct attach_action *first = &request->actions[0];
	char index[24] = "";

	if (first->index)
		snprintf(index, sizeof(index), " index %u", first->index);
	if (request->count > 1)
		snprintf(text, WHERE_SIZE, "%zu actions", request->count);
	else
		snprintf(text, WHERE_SIZE, "action %s%s", first->kind, index);
}

/* --- add, change, replace ----------------------------------------------------------------- */

static enum cli_status send(struct words *words, struct netlink *nl, enum attach_action_verb verb,
			    const struct action_request *request)
{
	const int err = attach_action_change(nl, verb, request->actions, request->count);
	enum cli_status status;
	char where[WHERE_SIZE];

	name_actions(request, where);
	status = rtnetlink_answer(words, nl, err, where);
	if (err == -EEXIST)
		message_detail(words->cli, "elfmap tc actions replace puts another in its place");
	else if (err)
		action_explain_missing(words, nl, request->actions, request->count);
	return status;
}

static enum cli_status load_and_send(struct words *words, enum attach_action_verb verb,
				     struct action_request *request)
{
	CLEANUP(cleanup_programs) struct programs programs = { 0 };
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	enum cli_status status = rtnetlink_open(words->cli, &nl);

	if (status != CLI_OK)
		return status;
	status = action_words_load(words, request, &programs);
	if (status == CLI_OK)
		status = send(words, &nl, verb, request);
	if (status == CLI_OK)
		programs_warn(words->cli, &programs);
	else
		programs_undo(&programs);
	return status;
}

static enum cli_status change(struct words *words, int verb)
{
	struct action_request request = { 0 };
	enum cli_status status = action_words_take(words, &request);

	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	return load_and_send(words, (enum attach_action_verb)verb, &request);
}

/* --- del and get -------------------------------------------------------------------------- */

static enum cli_status take_name(struct words *words, struct action_request *request)
{
	struct attach_action *action = &request->actions[request->count];
	const char *kind = words_take(words);
	enum cli_status status = action_words_check_kind(words, kind);
	const char *keyword;

	if (status != CLI_OK)
		return status;
	if (request->count == ATTACH_ACTIONS_MAX)
		return words_wrong(words, "more than %d actions", ATTACH_ACTIONS_MAX);
	strcpy(action->kind, kind);
	request->count++;
	keyword = words_take(words);
	if (!keyword || !word_matches(keyword, "index"))
		return words_wrong(words, "behind action %s comes index N", kind);
	return words_take_decimal(words, "index", (__u32)-1, &action->index);
}

/* What names actions that are there: kind and index of each. */
static enum cli_status take_names(struct words *words, struct action_request *request)
{
	enum cli_status status = CLI_OK;
	bool expects = true;
	const char *word;

	while (status == CLI_OK && (word = action_words_next(words, &expects))) {
		if (!strcmp(word, "help"))
			return words_take_help(words, NULL);
		expects = false;
		status = take_name(words, request);
	}
	if (status == CLI_OK && expects)
		return words_wrong(words, "action KIND index N is missing");
	return status;
}

static int find_bound(const struct attach_action_list *list, void *ctx)
{
	bool *found = ctx;
	size_t i;

	for (i = 0; i < list->count; i++)
		*found |= list->actions[i].bindings > 0;
	return 0;
}

/* The kernel says -EPERM also to who may remove actions, if filters have them. */
static enum cli_status answer_removal(struct words *words, struct netlink *nl, int err, bool bound,
				      const struct action_request *request)
{
	char where[WHERE_SIZE];

	name_actions(request, where);
	if (!bound)
		return rtnetlink_answer(words, nl, err, where);
	message_error(words->cli, "%s: %s: filters have what is to be removed: they go first",
		      words->command, where);
	return CLI_KERNEL;
}

static enum cli_status remove_named(struct words *words, struct netlink *nl,
				    const struct action_request *request)
{
	const int err = attach_action_delete(nl, request->actions, request->count);
	bool bound = false;

	if (err == -EPERM)
		attach_action_get(nl, request->actions, request->count, find_bound, &bound);
	return answer_removal(words, nl, err, bound, request);
}

struct listing {
	const struct cli *cli;
	struct json_object *json; /* NULL: text */
};

static int show_list(const struct attach_action_list *actions, void *ctx)
{
	const struct listing *listing = ctx;

	action_show_answer(listing->cli, listing->json, actions);
	return 0;
}

static enum cli_status get(struct words *words, struct netlink *nl,
			   const struct action_request *request)
{
	CLEANUP(cleanup_json) struct json_object *json = NULL;
	struct listing listing = { .cli = words->cli };
	enum cli_status status;
	char where[WHERE_SIZE];
	int err;

	if (words->cli->json)
		listing.json = json = json_new_array();
	err = attach_action_get(nl, request->actions, request->count, show_list, &listing);
	name_actions(request, where);
	status = rtnetlink_answer(words, nl, err, where);
	if (json && status == CLI_OK)
		json_print(words->cli, json);
	return status;
}

static enum cli_status named(struct words *words, int removes)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct action_request request = { 0 };
	enum cli_status status = take_names(words, &request);

	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	status = removes ? remove_named(words, &nl, &request) : get(words, &nl, &request);
	if (status != CLI_OK)
		action_explain_unloaded(words, &nl, request.actions, request.count);
	return status;
}

/* --- ls and flush ------------------------------------------------------------------------- */

static enum cli_status take_kind(struct words *words, struct attach_action *action)
{
	const char *word = words_take(words);
	enum cli_status status;
	const char *kind;

	if (!word || !word_matches(word, "action") || !words_left(words))
		return words_wrong(words, "action KIND is missing");
	kind = words_take(words);
	status = action_words_check_kind(words, kind);
	if (status == CLI_OK)
		strcpy(action->kind, kind);
	return status;
}

static enum cli_status check_end(struct words *words)
{
	return words_left(words) ? words_wrong(words, "what is '%s'?", *words->next) : CLI_OK;
}

static enum cli_status flush(struct words *words, int unused)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct action_request request = { .count = 1 };
	enum cli_status status = take_kind(words, &request.actions[0]);
	const char *kind = request.actions[0].kind;
	bool bound = false;
	int err;

	(void)unused;
	if (status == CLI_OK)
		status = check_end(words);
	if (status == CLI_OK)
		status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	err = attach_action_flush(&nl, kind);
	if (err == -EPERM)
		attach_action_list(&nl, kind, 0, find_bound, &bound);
	status = answer_removal(words, &nl, err, bound, &request);
	if (status != CLI_OK)
		action_explain_unloaded(words, &nl, request.actions, request.count);
	return status;
}

static enum cli_status parse_list(struct words *words, struct attach_action *action, __u32 *since)
{
	enum cli_status status = take_kind(words, action);

	if (status == CLI_OK && words_left(words) && !strcmp(*words->next, "since")) {
		words_take(words);
		status = words_take_number(words, "since", (__u32)-1, since);
	}
	return status == CLI_OK ? check_end(words) : status;
}

static enum cli_status list(struct words *words, int unused)
{
	CLEANUP(cleanup_json) struct json_object *json = NULL;
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct listing listing = { .cli = words->cli };
	struct action_request request = { .count = 1 };
	enum cli_status status;
	char where[WHERE_SIZE];
	__u32 since = 0;
	int err;

	(void)unused;
	status = parse_list(words, &request.actions[0], &since);
	if (status == CLI_OK)
		status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	if (words->cli->json)
		listing.json = json = json_new_array();
	err = attach_action_list(&nl, request.actions[0].kind, since, show_list, &listing);
	name_actions(&request, where);
	status = rtnetlink_answer(words, &nl, err, where);
	if (json && status == CLI_OK)
		json_print(words->cli, json);
	return status;
}

/* --- verbs -------------------------------------------------------------------------------- */

/* in the order in which tc compares */
static const struct iproute2_verb verbs[] = {
	{ "add", "tc actions add", change, ATTACH_ACTION_ADD },
	{ "change", "tc actions change", change, ATTACH_ACTION_REPLACE },
	{ "replace", "tc actions replace", change, ATTACH_ACTION_REPLACE },
	{ "delete", "tc actions del", named, true },
	{ "get", "tc actions get", named, false },
	{ "list", "tc actions ls", list, 0 },
	{ "show", "tc actions ls", list, 0 },
	{ "lst", "tc actions ls", list, 0 },
	{ "flush", "tc actions flush", flush, 0 },
	{ "help", "tc actions", iproute2_help_verb, 0 },
	{ NULL, NULL, NULL, 0 },
};

/* What changes actions may be followed by another verb. */
enum cli_status tc_actions(struct words *words)
{
	enum cli_status status = CLI_OK;

	while (status == CLI_OK && words_left(words))
		status = iproute2_run_verb(words, verbs);
	return status;
}
