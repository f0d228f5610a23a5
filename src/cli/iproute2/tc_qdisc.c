/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc qdisc: the two qdiscs that hold BPF filters, clsact and ingress, and a list of all.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <linux/pkt_sched.h>

#include "attach_tc.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "iproute2_command.h"
#include "cli/json.h"
#include "output.h"
#include "rtnetlink.h"
#include "stats_show.h"
#include "tc.h"

/* clsact and ingress have one place and one handle on an interface */
#define HANDLE TC_H_MAKE(TC_H_INGRESS, 0)

struct request {
	const char *device;
	const char *kind;
	bool shows;
	__u32 handle; /* 0: not said */
	__u32 parent;
	__u32 ingress_block;
	__u32 egress_block;
};

static enum cli_status take_device(struct words *words, void *ctx)
{
	struct request *request = ctx;

	if (request->device)
		return words_wrong(words, "'dev' is given twice");
	return words_take_value(words, "dev", &request->device);
}

static enum cli_status take_place(struct words *words, struct request *request, const char *keyword,
				  __u32 *place)
{
	enum cli_status status;
	const char *value;

	if (request->handle || request->parent)
		return words_wrong(words, "only one of root, handle and parent may be given");
	status = words_take_value(words, keyword, &value);
	if (status != CLI_OK)
		return status;
	if (!read_classid(value, place))
		return words_wrong(words, "'%s' is no %s", value, keyword);
	/* a handle is the major number, with or without a colon */
	if (place == &request->handle && !strchr(value, ':'))
		*place <<= 16;
	return CLI_OK;
}

static enum cli_status take_handle(struct words *words, void *ctx)
{
	struct request *request = ctx;

	return take_place(words, request, "handle", &request->handle);
}

static enum cli_status take_parent(struct words *words, void *ctx)
{
	struct request *request = ctx;

	return take_place(words, request, "parent", &request->parent);
}

static enum cli_status take_root(struct words *words, void *ctx)
{
	struct request *request = ctx;

	if (!request->shows)
		return words_not_ours(words, "root");
	if (request->handle || request->parent)
		return words_wrong(words, "only one of root, handle and parent may be given");
	request->parent = TC_H_ROOT;
	return CLI_OK;
}

static enum cli_status take_kind(struct words *words, struct request *request, const char *kind)
{
	if (request->kind)
		return words_wrong(words, "'%s' after '%s'", kind, request->kind);
	request->kind = kind;
	return CLI_OK;
}

static enum cli_status take_clsact(struct words *words, void *ctx)
{
	return take_kind(words, ctx, "clsact");
}

static enum cli_status take_ingress(struct words *words, void *ctx)
{
	return take_kind(words, ctx, "ingress");
}

static enum cli_status take_block(struct words *words, const char *keyword, __u32 *block)
{
	enum cli_status status;

	if (*block)
		return words_wrong(words, "'%s' is given twice", keyword);
	status = words_take_number(words, keyword, (__u32)-1, block);
	if (status == CLI_OK && !*block)
		return words_wrong(words, "blocks are numbered from 1");
	return status;
}

static enum cli_status take_ingress_block(struct words *words, void *ctx)
{
	struct request *request = ctx;

	return take_block(words, "ingress_block", &request->ingress_block);
}

static enum cli_status take_egress_block(struct words *words, void *ctx)
{
	struct request *request = ctx;

	return take_block(words, "egress_block", &request->egress_block);
}

static const struct keyword keywords[] = {
	{ "dev", true, take_device },
	{ "handle", true, take_handle },
	{ "root", true, take_root },
	{ "clsact", true, take_clsact },
	{ "ingress", true, take_ingress },
	{ "parent", true, take_parent },
	{ "stab", false, NULL },
	{ "ingress_block", true, take_ingress_block },
	{ "egress_block", true, take_egress_block },
	{ "estimator", false, NULL },
	{ "invisible", false, NULL },
	{ "help", false, words_take_help },
	{ NULL, false, NULL },
};

static enum cli_status parse(struct words *words, struct request *request)
{
	enum cli_status status = CLI_OK;
	const struct keyword *row;
	const char *word;

	while (status == CLI_OK && (word = words_take(words))) {
		row = find_keyword(keywords, word);
		/* what is no keyword is the kind of another qdisc */
		status = row ? words_apply(words, row, word, request) : words_unknown(words, word);
	}
	return status;
}

/* --- add, replace, del -------------------------------------------------------------------- */

/* Scripts say "handle ffff:" and "parent ffff:fff1" although there is no choice. */
static enum cli_status check_change(struct words *words, enum attach_tc_verb verb,
				    const struct request *request)
{
	char text[16];

	/* what is to go may be named by its place alone */
	if (!request->device || (!request->kind && verb != ATTACH_TC_DELETE) ||
	    (!request->kind && !request->handle && !request->parent))
		return words_wrong(words, "dev DEV and clsact or ingress are needed");
	if (request->handle && request->handle != HANDLE) {
		classid_text(request->handle, text);
		return words_wrong(words, "clsact and ingress have no handle '%s'", text);
	}
	if (request->parent && request->parent != TC_H_INGRESS) {
		classid_text(request->parent, text);
		return words_wrong(words, "clsact and ingress have no parent '%s'", text);
	}
	return CLI_OK;
}

static enum cli_status change_qdisc(struct words *words, int change)
{
	enum attach_tc_verb verb = (enum attach_tc_verb)change;
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct attach_tc_qdisc qdisc = { .handle = HANDLE, .parent = TC_H_INGRESS };
	struct request request = { 0 };
	enum cli_status status = parse(words, &request);
	int err;

	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	status = check_change(words, verb, &request);
	if (status != CLI_OK)
		return status;
	snprintf(qdisc.kind, sizeof(qdisc.kind), "%s", request.kind ? request.kind : "");
	qdisc.ingress_block = request.ingress_block;
	qdisc.egress_block = request.egress_block;
	qdisc.ifindex = rtnetlink_find_device(words->cli, request.device);
	if (!qdisc.ifindex)
		return CLI_REFUSED;
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	err = attach_tc_qdisc(&nl, verb, &qdisc);
	status = rtnetlink_answer(words, &nl, err, request.device);
	if (err == -EEXIST)
		message_detail(words->cli, "it has one already: elfmap tc qdisc show dev %s",
			       request.device);
	return status;
}

/* --- show --------------------------------------------------------------------------------- */

struct listing {
	const struct cli *cli;
	const struct request *request;
	struct json_object *list; /* NULL: text */
};

static void put_parent(struct output *out, __u32 parent)
{
	char text[16];

	classid_text(parent, text);
	if (parent == TC_H_ROOT)
		output_true(out, "root");
	else if (parent)
		output_string(out, "parent", "parent ", text);
}

/* tc's fields, in tc's order. */
static void put_qdisc(const struct listing *listing, struct output *out,
		      const struct attach_tc_qdisc *qdisc)
{
	char name[IF_NAMESIZE] = "?";
	char handle[16];

	snprintf(handle, sizeof(handle), "%x:", TC_H_MAJ(qdisc->handle) >> 16);
	output_string(out, "kind", "qdisc ", qdisc->kind);
	output_string(out, "handle", "", handle);
	if (!listing->request->device) {
		if_indextoname((unsigned int)qdisc->ifindex, name);
		output_device(out, "dev", "dev ", name, " ");
	}
	put_parent(out, qdisc->parent);
	if (qdisc->offloaded)
		output_true(out, "offloaded");
	if (qdisc->references != 1)
		output_number(out, "refcnt", "refcnt ", qdisc->references);
	if (qdisc->ingress_block)
		output_number(out, "ingress_block", "ingress_block ", qdisc->ingress_block);
	if (qdisc->egress_block)
		output_number(out, "egress_block", "egress_block ", qdisc->egress_block);
	output_nest(out, "options");
	if (!strcmp(qdisc->kind, "ingress"))
		output_text(out, "---------------- ");
}

static bool is_asked_for(const struct request *request, const struct attach_tc_qdisc *qdisc)
{
	return (!request->kind || qdisc->parent == TC_H_INGRESS) &&
	       (!request->handle || qdisc->handle == request->handle) &&
	       (!request->parent || qdisc->parent == request->parent);
}

static int show_qdisc(const struct attach_tc_qdisc *qdisc, void *ctx)
{
	const struct listing *listing = ctx;
	struct output out = { .oneline = listing->cli->oneline }, fields;
	struct output_line line;

	if (!is_asked_for(listing->request, qdisc))
		return 0;
	if (listing->list) {
		out.object = json_new_object();
		json_append(listing->list, out.object);
	}
	fields = output_line_of(&line, &out);
	fields.colored = output_is_colored(listing->cli);
	put_qdisc(listing, &fields, qdisc);
	output_line_end(&line);
	if (listing->cli->statistics)
		stats_show(&out, " ", &qdisc->stats);
	return 0;
}

static enum cli_status show(struct words *words, int unused)
{
	CLEANUP(cleanup_json) struct json_object *list = NULL;
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct request request = { .shows = true };
	struct listing listing = { .cli = words->cli, .request = &request };
	enum cli_status status;
	int ifindex = 0;

	(void)unused;
	status = parse(words, &request);
	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	if (request.device && !(ifindex = rtnetlink_find_device(words->cli, request.device)))
		return CLI_REFUSED;
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	if (words->cli->json)
		listing.list = list = json_new_array();
	status = rtnetlink_answer(words, &nl,
				  attach_tc_list_qdiscs(&nl, ifindex, show_qdisc, &listing),
				  request.device ? request.device : "all devices");
	if (list && status == CLI_OK)
		json_print(words->cli, list);
	return status;
}

/* --- verbs -------------------------------------------------------------------------------- */

/* in the order in which tc compares */
static const struct iproute2_verb verbs[] = {
	{ "add", "tc qdisc add", change_qdisc, ATTACH_TC_ADD },
	{ "change", "tc qdisc change", NULL, 0 },
	{ "replace", "tc qdisc replace", change_qdisc, ATTACH_TC_REPLACE },
	{ "link", "tc qdisc link", NULL, 0 },
	{ "delete", "tc qdisc del", change_qdisc, ATTACH_TC_DELETE },
	{ "get", "tc qdisc get", NULL, 0 },
	{ "list", "tc qdisc show", show, 0 },
	{ "show", "tc qdisc show", show, 0 },
	{ "lst", "tc qdisc show", show, 0 },
	{ "help", "tc qdisc", iproute2_help_verb, 0 },
	{ NULL, NULL, NULL, 0 },
};

enum cli_status tc_qdisc(struct words *words)
{
	return iproute2_run_verb(words, verbs);
}
