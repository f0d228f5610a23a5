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
#include "cli.h"
#include "iproute2_command.h"
#include "json.h"
#include "output.h"
#include "rtnetlink.h"
#include "stats_show.h"
#include "tc.h"

/* clsact and ingress have one place and one handle on an interface */
#define HANDLE TC_H_MAKE(TC_H_INGRESS, 0)

struct request {
	const char *device;
	const char *kind;
	__u32 ingress_block;
	__u32 egress_block;
	bool help;
};

static enum cli_status take_device(struct words *words, void *ctx)
{
	struct request *request = ctx;

	if (request->device)
		return words_wrong(words, "'dev' is given twice");
	return words_take_value(words, "dev", &request->device);
}

/* Scripts say "handle ffff:" and "parent ffff:fff1" although there is no choice. */
static enum cli_status take_fixed(struct words *words, const char *keyword, __u32 only)
{
	enum cli_status status;
	const char *value;
	__u32 handle;

	status = words_take_value(words, keyword, &value);
	if (status != CLI_OK)
		return status;
	if (!read_classid(value, &handle))
		return words_wrong(words, "'%s' is no %s", value, keyword);
	/* a handle may leave out the colon */
	if (handle != only && handle << 16 != only)
		return words_wrong(words, "clsact and ingress have no %s '%s'", keyword, value);
	return CLI_OK;
}

static enum cli_status take_handle(struct words *words, void *ctx)
{
	(void)ctx;
	return take_fixed(words, "handle", HANDLE);
}

static enum cli_status take_parent(struct words *words, void *ctx)
{
	(void)ctx;
	return take_fixed(words, "parent", TC_H_INGRESS);
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

static enum cli_status take_help(struct words *words, void *ctx)
{
	struct request *request = ctx;

	(void)words;
	request->help = true;
	return CLI_OK;
}

static const struct keyword keywords[] = {
	{ "dev", true, take_device },
	{ "handle", true, take_handle },
	{ "root", true, NULL },
	{ "clsact", true, take_clsact },
	{ "ingress", true, take_ingress },
	{ "parent", true, take_parent },
	{ "stab", false, NULL },
	{ "ingress_block", true, take_ingress_block },
	{ "egress_block", true, take_egress_block },
	{ "estimator", false, NULL },
	{ "invisible", false, NULL },
	{ "help", false, take_help },
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
		status = row ? words_apply(words, row, word, request) : words_not_ours(words, word);
	}
	return status;
}

/* --- add, replace, del -------------------------------------------------------------------- */

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
	if (request.help)
		return iproute2_print_help(words);
	if (!request.device || !request.kind)
		return words_wrong(words, "dev DEV and clsact or ingress are needed");
	snprintf(qdisc.kind, sizeof(qdisc.kind), "%s", request.kind);
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

/* tc's fields, in tc's order, with tc's blank at the end */
static void print_text(const struct attach_tc_qdisc *qdisc, const char *device)
{
	char parent[32] = "";
	char references[32] = "", ingress[40] = "", egress[40] = "";

	if (qdisc->parent && qdisc->parent != TC_H_ROOT) {
		strcpy(parent, "parent ");
		classid_text(qdisc->parent, parent + strlen(parent));
		strcat(parent, " ");
	}
	if (qdisc->references != 1)
		snprintf(references, sizeof(references), "refcnt %u ", qdisc->references);
	if (qdisc->ingress_block)
		snprintf(ingress, sizeof(ingress), "ingress_block %u ", qdisc->ingress_block);
	if (qdisc->egress_block)
		snprintf(egress, sizeof(egress), "egress_block %u ", qdisc->egress_block);
	print_line("qdisc %s %x: %s%s%s%s%s%s%s%s%s%s", qdisc->kind, TC_H_MAJ(qdisc->handle) >> 16,
		   device ? "dev " : "", device ? device : "", device ? " " : "",
		   qdisc->parent == TC_H_ROOT ? "root " : "", parent,
		   qdisc->offloaded ? "offloaded " : "", references, ingress, egress,
		   !strcmp(qdisc->kind, "ingress") ? "---------------- " : "");
}

static struct json_object *add_json(struct json_object *list, const struct attach_tc_qdisc *qdisc,
				    const char *device)
{
	struct json_object *object = json_new_object();
	char text[16];

	json_add_string(object, "kind", qdisc->kind);
	snprintf(text, sizeof(text), "%x:", TC_H_MAJ(qdisc->handle) >> 16);
	json_add_string(object, "handle", text);
	if (device)
		json_add_string(object, "dev", device);
	classid_text(qdisc->parent, text);
	if (qdisc->parent == TC_H_ROOT)
		json_add_bool(object, "root", true);
	else if (qdisc->parent)
		json_add_string(object, "parent", text);
	if (qdisc->offloaded)
		json_add_bool(object, "offloaded", true);
	if (qdisc->references != 1)
		json_add_number(object, "refcnt", qdisc->references);
	if (qdisc->ingress_block)
		json_add_number(object, "ingress_block", qdisc->ingress_block);
	if (qdisc->egress_block)
		json_add_number(object, "egress_block", qdisc->egress_block);
	json_add(object, "options", json_new_object());
	json_append(list, object);
	return object;
}

static int show_qdisc(const struct attach_tc_qdisc *qdisc, void *ctx)
{
	const struct listing *listing = ctx;
	char name[IF_NAMESIZE] = "?";
	struct output out = { 0 };
	const char *device = NULL;

	if (listing->request->kind && qdisc->parent != TC_H_INGRESS)
		return 0;
	if (!listing->request->device) {
		if_indextoname((unsigned int)qdisc->ifindex, name);
		device = name;
	}
	if (listing->list) {
		out.object = add_json(listing->list, qdisc, device);
	} else {
		print_text(qdisc, device);
	}
	if (listing->cli->statistics)
		stats_show(&out, " ", &qdisc->stats);
	return 0;
}

static enum cli_status show(struct words *words, int unused)
{
	CLEANUP(cleanup_json) struct json_object *list = NULL;
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct request request = { 0 };
	struct listing listing = { .cli = words->cli, .request = &request };
	enum cli_status status;
	int ifindex = 0;

	(void)unused;
	status = parse(words, &request);
	if (status != CLI_OK)
		return status;
	if (request.help)
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
