/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc filter: the verbs that change filters of kind bpf. The words are read in
 * tc_filter_words.c, showing is in tc_filter_show.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>

#include "action_missing.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "iproute2_command.h"
#include "program_words.h"
#include "programs.h"
#include "rtnetlink.h"
#include "tc.h"
#include "tc_clsact.h"
#include "tc_filter.h"

static enum cli_status check(struct words *words, const struct filter_request *request,
			     bool changes)
{
	if (!request->device && !request->filter.block)
		return words_wrong(words, "dev DEV or block N is missing");
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
	if (status != CLI_OK || words->wants_help)
		return status;
	/* tc: what creates a filter takes all protocols unless told; the rest must be told */
	if (!request->has_protocol && (verb == ATTACH_TC_ADD || verb == ATTACH_TC_REPLACE))
		request->filter.protocol = ETH_P_ALL;
	return check(words, request, verb != ATTACH_TC_DELETE);
}

/* --- sending ------------------------------------------------------------------------------ */

/* Whether the filter is for a place that only clsact, or ingress, has. */
static bool is_on_clsact(const struct filter_request *request)
{
	const __u32 parent = request->filter.parent;

	return !request->filter.block && parent != TC_H_ROOT &&
	       TC_H_MAJ(parent) == TC_H_MAJ(TC_H_CLSACT);
}

/* Only the words ingress and egress, or what they stand for, ask for clsact and nothing else. */
static bool may_add_clsact(const struct cli *cli, enum attach_tc_verb verb,
			   const struct filter_request *request)
{
	const __u32 hook = TC_H_MIN(request->filter.parent);

	return !cli->no_qdisc && (verb == ATTACH_TC_ADD || verb == ATTACH_TC_REPLACE) &&
	       (hook == TC_H_MIN_INGRESS || hook == TC_H_MIN_EGRESS);
}

/* Others may make the qdisc, or take theirs back, between any two requests. */
#define ATTEMPTS 16

struct attempt {
	int err;	/* of the filter's request */
	bool no_clsact; /* which is why */
	bool added;	/* the qdisc is ours */
};

/* Where only the qdisc is missing, make it and try again. Not CLI_OK: it cannot be made. */
static enum cli_status attach(struct words *words, struct netlink *nl, enum attach_tc_verb verb,
			      const struct filter_request *request, struct attempt *attempt)
{
	const int ifindex = request->filter.ifindex;
	enum cli_status status = CLI_OK;
	bool again = true;
	int left;

	for (left = ATTEMPTS; status == CLI_OK && again && left > 0; left--) {
		attempt->err = attach_tc_filter(nl, verb, &request->filter);
		attempt->no_clsact = attempt->err && is_on_clsact(request) &&
				     clsact_find(ifindex) == CLSACT_NONE;
		if (!attempt->no_clsact)
			/* once more, as it may just have been made */
			again = attempt->err == -EINVAL && is_on_clsact(request) &&
				left == ATTEMPTS;
		else if (!may_add_clsact(words->cli, verb, request))
			again = false;
		else
			status = clsact_add(words, ifindex, request->device, &attempt->added);
	}
	return status;
}

/* The kernel only says that the parent is missing, not how to make it. */
static void hint(struct words *words, const struct attempt *attempt,
		 const struct filter_request *request)
{
	if (attempt->no_clsact)
		message_detail(words->cli,
			       "no clsact qdisc on %s: elfmap tc qdisc add dev %s clsact",
			       request->device, request->device);
	else if (attempt->err == -EEXIST)
		message_detail(words->cli, "elfmap tc filter replace puts another in its place");
	else if (request->filter.block)
		filter_hint_at_block(words, request);
	else if (!request->filter.parent)
		message_detail(words->cli, "to see what comes in or goes out: ingress or egress");
}

/* An ingress qdisc takes filters for egress as well, and runs them on ingress. */
static void warn_of_ingress(struct words *words, const struct filter_request *request)
{
	if (request->filter.block ||
	    request->filter.parent != TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS) ||
	    clsact_find(request->filter.ifindex) != CLSACT_IS_INGRESS)
		return;
	message_warning(words->cli,
			"%s: %s has an ingress qdisc and not clsact: this filter sees what comes "
			"in, not what goes out",
			words->command, request->device);
}

static enum cli_status send(struct words *words, struct netlink *nl, enum attach_tc_verb verb,
			    const struct filter_request *request)
{
	struct attempt attempt = { 0 };
	enum cli_status status = attach(words, nl, verb, request, &attempt);
	char where[FILTER_WHERE_SIZE];

	if (status != CLI_OK)
		return status;
	filter_where(request, where);
	status = rtnetlink_answer(words, nl, attempt.err, where);
	if (status == CLI_OK && verb != ATTACH_TC_DELETE)
		warn_of_ingress(words, request);
	if (status != CLI_OK)
		hint(words, &attempt, request);
	if (status != CLI_OK && attempt.added)
		clsact_take_back(request->filter.ifindex);
	return status;
}

static enum cli_status load_and_send(struct words *words, struct netlink *nl,
				     enum attach_tc_verb verb, struct filter_request *request)
{
	CLEANUP(cleanup_programs) struct programs programs = { 0 };
	const struct loaded_program *loaded;
	enum cli_status status;

	/* iproute2: what is to run in hardware alone is loaded for it */
	if (request->filter.bpf.flags_gen & TCA_CLS_FLAGS_SKIP_SW)
		request->choice.ifindex = (__u32)request->filter.ifindex;
	status = programs_load(words->cli, &programs, &request->choice, &loaded);
	if (status != CLI_OK)
		return status;
	status = action_words_load(words, &request->actions, &programs);
	if (status != CLI_OK) {
		programs_undo(&programs);
		return status;
	}
	request->filter.bpf.actions = request->actions.actions;
	request->filter.bpf.nr_actions = request->actions.count;
	request->filter.has_bpf = true;
	request->filter.bpf.fd = loaded->fd;
	snprintf(request->filter.bpf.name, sizeof(request->filter.bpf.name), "%s", loaded->name);
	status = send(words, nl, verb, request);
	if (status == CLI_OK) {
		programs_warn(words->cli, &programs);
	} else {
		action_explain_missing(words, nl, request->actions.actions, request->actions.count);
		programs_undo(&programs);
	}
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
	if (words->wants_help)
		return iproute2_print_help(words);
	status = filter_find_device(words, &request);
	if (status != CLI_OK)
		return status;
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	if (verb == ATTACH_TC_DELETE)
		return send(words, &nl, verb, &request);
	return load_and_send(words, &nl, verb, &request);
}

/* --- verbs -------------------------------------------------------------------------------- */

static enum cli_status get(struct words *words, int change)
{
	(void)change;
	return tc_filter_get(words);
}

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
	{ "get", "tc filter get", get, 0 },
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
