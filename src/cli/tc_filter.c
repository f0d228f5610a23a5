/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc filter: the verbs that change filters of kind bpf. The words are read in
 * tc_filter_words.c, showing is in tc_filter_show.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_sched.h>

#include "cleanup.h"
#include "iproute2_command.h"
#include "program_words.h"
#include "programs.h"
#include "rtnetlink.h"
#include "tc.h"
#include "tc_filter.h"

static enum cli_status check(struct words *words, const struct filter_request *request,
			     bool changes)
{
	if (!request->device)
		return words_wrong(words, "dev DEV is missing");
	if (changes && !request->filter.kind[0])
		return words_wrong(words, "bpf is missing");
	if (request->handle && !request->filter.kind[0])
		return words_wrong(words, "handle needs the filter's kind: bpf");
	return changes ? program_words_check(words, &request->choice) : CLI_OK;
}

static enum cli_status parse(struct words *words, enum attach_tc_verb verb,
			     struct filter_request *request)
{
	enum cli_status status;

	request->choice.kind = program_kind_of(BPF_PROG_TYPE_SCHED_CLS);
	status = filter_parse_which(words, request);
	if (status == CLI_OK)
		status = filter_parse_bpf(words, request);
	if (status != CLI_OK || request->help)
		return status;
	/* tc: what creates a filter takes all protocols unless told; the rest must be told */
	if (!request->has_protocol && (verb == ATTACH_TC_ADD || verb == ATTACH_TC_REPLACE))
		request->filter.protocol = ETH_P_ALL;
	return check(words, request, verb != ATTACH_TC_DELETE);
}

/* --- sending ------------------------------------------------------------------------------ */

static int find_clsact(const struct attach_tc_qdisc *qdisc, void *ctx)
{
	bool *found = ctx;

	if (qdisc->parent == TC_H_CLSACT)
		*found = true;
	return 0;
}

/* The kernel only says that the parent is missing, not how to make it. */
static void hint_at_clsact(struct words *words, struct netlink *nl,
			   const struct filter_request *request)
{
	bool found = false;

	if (TC_H_MAJ(request->filter.parent) != TC_H_MAJ(TC_H_CLSACT))
		return;
	if (attach_tc_list_qdiscs(nl, request->filter.ifindex, find_clsact, &found) || found)
		return;
	message_detail(words->cli, "no clsact qdisc on %s: elfmap tc qdisc add dev %s clsact",
		       request->device, request->device);
}

static enum cli_status send(struct words *words, struct netlink *nl, enum attach_tc_verb verb,
			    const struct filter_request *request)
{
	enum cli_status status;
	char where[FILTER_WHERE_SIZE];
	int err;

	filter_where(request, where);
	err = attach_tc_filter(nl, verb, &request->filter);
	status = rtnetlink_answer(words, nl, err, where);
	if (err == -EEXIST)
		message_detail(words->cli, "elfmap tc filter replace puts another in its place");
	else if (err)
		hint_at_clsact(words, nl, request);
	return status;
}

static enum cli_status load_and_send(struct words *words, struct netlink *nl,
				     enum attach_tc_verb verb, struct filter_request *request)
{
	CLEANUP(cleanup_programs) struct programs programs = { 0 };
	const struct loaded_program *loaded;
	enum cli_status status;

	if (getenv("TC_BPF_UDS"))
		return words_wrong(words, "TC_BPF_UDS is set, as 'export': elfmap does not hand "
					  "maps over; unset it or use the stock 'tc filter'");
	status = programs_load(words->cli, &programs, &request->choice, &loaded);
	if (status != CLI_OK)
		return status;
	request->filter.has_bpf = true;
	request->filter.bpf.fd = loaded->fd;
	snprintf(request->filter.bpf.name, sizeof(request->filter.bpf.name), "%s", loaded->name);
	status = send(words, nl, verb, request);
	if (status == CLI_OK)
		programs_warn(words->cli, &programs);
	else
		programs_undo(&programs);
	return status;
}

static enum cli_status change_filter(struct words *words, int change)
{
	enum attach_tc_verb verb = (enum attach_tc_verb)change;
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct filter_request request = { 0 };
	enum cli_status status = parse(words, verb, &request);

	if (status != CLI_OK)
		return status;
	if (request.help)
		return iproute2_print_help(words);
	request.filter.ifindex = rtnetlink_find_device(words->cli, request.device);
	if (!request.filter.ifindex)
		return CLI_REFUSED;
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	if (verb == ATTACH_TC_DELETE)
		return send(words, &nl, verb, &request);
	return load_and_send(words, &nl, verb, &request);
}

/* --- verbs -------------------------------------------------------------------------------- */

static enum cli_status show(struct words *words, int change)
{
	(void)change;
	return tc_filter_show(words);
}

/* in the order in which tc compares */
static const struct iproute2_verb verbs[] = {
	{ "add", "tc filter add", change_filter, ATTACH_TC_ADD },
	{ "change", "tc filter change", change_filter, ATTACH_TC_CHANGE },
	{ "replace", "tc filter replace", change_filter, ATTACH_TC_REPLACE },
	{ "delete", "tc filter del", change_filter, ATTACH_TC_DELETE },
	{ "get", "tc filter get", NULL, 0 },
	{ "list", "tc filter show", show, 0 },
	{ "show", "tc filter show", show, 0 },
	{ "lst", "tc filter show", show, 0 },
	{ "help", "tc filter", iproute2_help_verb, 0 },
	{ NULL, NULL, NULL, 0 },
};

enum cli_status tc_filter(struct words *words)
{
	return iproute2_run_verb(words, verbs);
}
