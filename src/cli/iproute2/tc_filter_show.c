/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc filter show: filters as tc prints them, in text and in JSON. Filters of other kinds
 * than bpf get the fields that all filters have.
 */
#include <net/if.h>
#include <string.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>

#include "action_show.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "iproute2_command.h"
#include "cli/json.h"
#include "output.h"
#include "program_info.h"
#include "rtnetlink.h"
#include "stats_show.h"
#include "tc_filter.h"

struct listing {
	struct cli *cli;
	const struct attach_tc_filter *asked; /* what the words say, and tc leaves out */
	struct json_object *list;	      /* NULL: text */
};

static void put_program(const struct listing *listing, struct output *options,
			const struct attach_tc_bpf *bpf)
{
	if (bpf->id && program_info_put(listing->cli, options, bpf->id))
		return;
	if (bpf->has_tag)
		output_tag(options, bpf->tag);
}

struct flag {
	__u32 flag;
	const char *name;
};

static const struct flag flags[] = {
	{ TCA_CLS_FLAGS_SKIP_HW, "skip_hw" },
	{ TCA_CLS_FLAGS_SKIP_SW, "skip_sw" },
	{ TCA_CLS_FLAGS_IN_HW, "in_hw" },
	{ TCA_CLS_FLAGS_NOT_IN_HW, "not_in_hw" },
};

static void put_bpf(const struct listing *listing, struct output *filter_out,
		    const struct attach_tc_filter *filter)
{
	const struct attach_tc_bpf *bpf = &filter->bpf;
	struct output out = output_nest(filter_out, "options");
	char text[16];
	size_t i;

	if (filter->handle) {
		snprintf(text, sizeof(text), "0x%x", filter->handle);
		output_string(&out, "handle", "handle ", text);
	}
	if (bpf->classid) {
		classid_text(bpf->classid, text);
		output_string(&out, "flowid", "flowid ", text);
	}
	if (bpf->name[0])
		output_string(&out, "bpf_name", "", bpf->name);
	if (bpf->direct_action)
		output_true(&out, "direct-action");
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (bpf->flags_gen & flags[i].flag)
			output_true(&out, flags[i].name);
	}
	put_program(listing, &out, bpf);
	if (out.object && bpf->nr_actions)
		action_show_list(listing->cli, &out, bpf->actions, bpf->nr_actions, true);
}

static void put_parent(struct output *out, __u32 parent)
{
	char text[16];

	if (parent == TC_H_ROOT) {
		output_true(out, "root");
	} else if (parent == TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)) {
		output_true(out, "ingress");
	} else if (parent == TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)) {
		output_true(out, "egress");
	} else {
		classid_text(parent, text);
		output_string(out, "parent", "parent ", text);
	}
}

static void put_block(struct output *out, const struct attach_tc_filter *asked,
		      const struct attach_tc_filter *filter)
{
	if (asked->block != filter->block)
		output_number(out, "block", "block ", filter->block);
}

static void put_place(struct output *out, const struct attach_tc_filter *asked,
		      const struct attach_tc_filter *filter)
{
	char name[IF_NAMESIZE] = "?";

	if (!asked->ifindex || asked->ifindex != filter->ifindex) {
		if_indextoname((unsigned int)filter->ifindex, name);
		output_device(out, "dev", "dev ", name, " ");
	}
	if (!asked->parent || asked->parent != filter->parent)
		put_parent(out, filter->parent);
}

/* tc leaves out what was asked for. */
static void put_filter(const struct listing *listing, struct output *out,
		       const struct attach_tc_filter *filter)
{
	const struct attach_tc_filter *asked = listing->asked;
	char text[16];

	if (filter->block)
		put_block(out, asked, filter);
	else
		put_place(out, asked, filter);
	if (filter->protocol && asked->protocol != filter->protocol)
		output_string(out, "protocol", "protocol ",
			      protocol_text(filter->protocol, listing->cli->numeric, text));
	if (filter->priority && asked->priority != filter->priority)
		output_number(out, "pref", "pref ", filter->priority);
	output_string(out, "kind", "", filter->kind);
	if (filter->has_chain && !(asked->has_chain && asked->chain == filter->chain))
		output_number(out, "chain", "chain ", filter->chain);
	if (filter->has_bpf) {
		put_bpf(listing, out, filter);
	} else if (filter->handle) {
		snprintf(text, sizeof(text), "0x%x", filter->handle);
		output_string(out, "fh", "fh ", text);
	}
}

static int show_filter(const struct attach_tc_filter *filter, void *ctx)
{
	const struct listing *listing = ctx;
	struct output out = { .oneline = listing->cli->oneline }, fields;
	struct output_line line;

	if (listing->list) {
		out.object = json_new_object();
		put_filter(listing, &out, filter);
		if (listing->cli->statistics)
			stats_show(&out, "", &filter->stats);
		json_append(listing->list, out.object);
		return 0;
	}
	fields = output_line_of(&line, &out);
	fields.colored = output_is_colored(listing->cli);
	output_text(&fields, "filter ");
	put_filter(listing, &fields, filter);
	output_line_end(&line);
	action_show_list(listing->cli, &out, filter->bpf.actions, filter->bpf.nr_actions, true);
	if (listing->cli->statistics)
		stats_show(&out, " ", &filter->stats);
	return 0;
}

/* --- show and get ------------------------------------------------------------------------- */

static enum cli_status parse_show(struct words *words, struct filter_request *request)
{
	enum cli_status status = filter_parse_which(words, request);

	if (status != CLI_OK || words->wants_help)
		return status;
	if (request->filter.kind[0])
		return words_wrong(words, "show takes no kind of filter: what is 'bpf'?");
	return filter_find_device(words, request);
}

static enum cli_status check_get(struct words *words, const struct filter_request *request)
{
	const struct attach_tc_filter *filter = &request->filter;

	if (!request->device && !filter->block)
		return words_wrong(words, "dev DEV or block N is missing");
	if (!filter->block && !filter->parent)
		return words_wrong(words, "ingress, egress, root or parent MAJOR:MINOR is missing");
	if (!request->has_protocol || !filter->priority || !request->handle)
		return words_wrong(words, "get needs protocol, prio and handle");
	if (!filter->kind[0])
		return words_wrong(words, "bpf is missing");
	if (words_left(words))
		return words_wrong(words, "what is '%s'?", *words->next);
	return CLI_OK;
}

static enum cli_status parse_get(struct words *words, struct filter_request *request)
{
	enum cli_status status = filter_parse_which(words, request);

	if (status == CLI_OK && !words->wants_help)
		status = check_get(words, request);
	return status == CLI_OK ? filter_find_device(words, request) : status;
}

typedef int (*ask_fn)(struct netlink *nl, const struct attach_tc_filter *like,
		      attach_tc_filter_fn fn, void *ctx);

/* Ask the kernel, and print what it answers, but for what `asked` says already. */
static enum cli_status print_answer(struct words *words, const struct filter_request *request,
				    const struct attach_tc_filter *asked, ask_fn ask)
{
	CLEANUP(cleanup_json) struct json_object *list = NULL;
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct listing listing = { .cli = words->cli, .asked = asked };
	enum cli_status status = rtnetlink_open(words->cli, &nl);
	char where[FILTER_WHERE_SIZE];
	int err;

	if (status != CLI_OK)
		return status;
	if (words->cli->json)
		listing.list = list = json_new_array();
	err = ask(&nl, &request->filter, show_filter, &listing);
	filter_where(request, where);
	status = rtnetlink_answer(words, &nl, err, where);
	if (list && status == CLI_OK)
		json_print(words->cli, list);
	return status;
}

static int find_block(const struct attach_tc_qdisc *qdisc, void *ctx)
{
	__u32 *block = ctx;

	if (*block == qdisc->ingress_block || *block == qdisc->egress_block)
		*block = 0;
	return 0;
}

/* The kernel lists nothing for a block that is not there. */
static enum cli_status check_block(struct words *words, const struct filter_request *request)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	__u32 block = request->filter.block;

	if (!block || netlink_open(&nl) || attach_tc_list_qdiscs(&nl, 0, find_block, &block) ||
	    !block)
		return CLI_OK;
	message_error(words->cli, "%s: no qdisc has block %u", words->command, block);
	filter_hint_at_block(words, request);
	return CLI_REFUSED;
}

enum cli_status tc_filter_show(struct words *words)
{
	struct filter_request request = { 0 };
	enum cli_status status = parse_show(words, &request);

	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	status = check_block(words, &request);
	if (status != CLI_OK)
		return status;
	return print_answer(words, &request, &request.filter, attach_tc_list_filters);
}

enum cli_status tc_filter_get(struct words *words)
{
	struct filter_request request = { 0 };
	enum cli_status status = parse_get(words, &request);
	struct attach_tc_filter asked = { 0 };

	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	asked.ifindex = request.filter.ifindex;
	asked.block = request.filter.block;
	return print_answer(words, &request, &asked, attach_tc_get_filter);
}
