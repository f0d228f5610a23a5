/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of tc filter: which filter, and which BPF program. Tables are in the order in which
 * tc compares (tc/tc_filter.c and tc/f_bpf.c of iproute2), since abbreviations depend on it.
 */
#include <stdio.h>
#include <string.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>

#include "cli/cli.h"
#include "program_words.h"
#include "rtnetlink.h"
#include "tc_filter.h"

/* --- which filter ------------------------------------------------------------------------- */

#define DEVICE_AND_BLOCK "'dev' and 'block' exclude each other"

static enum cli_status take_device(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;

	if (request->filter.block)
		return words_wrong(words, DEVICE_AND_BLOCK);
	return words_take_text(words, "dev", &request->device);
}

static enum cli_status take_block(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;
	enum cli_status status;

	if (request->device)
		return words_wrong(words, DEVICE_AND_BLOCK);
	if (request->filter.block)
		return words_wrong(words, "'block' is given twice");
	status = words_take_number(words, "block", (__u32)-1, &request->filter.block);
	if (status == CLI_OK && !request->filter.block)
		return words_wrong(words, "blocks are numbered from 1");
	return status;
}

static enum cli_status set_parent(struct words *words, struct filter_request *request, __u32 parent)
{
	if (request->filter.parent)
		return words_wrong(words,
				   "only one of root, ingress, egress and parent may be given");
	request->filter.parent = parent;
	return CLI_OK;
}

static enum cli_status take_root(struct words *words, void *ctx)
{
	return set_parent(words, ctx, TC_H_ROOT);
}

static enum cli_status take_ingress(struct words *words, void *ctx)
{
	return set_parent(words, ctx, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS));
}

static enum cli_status take_egress(struct words *words, void *ctx)
{
	return set_parent(words, ctx, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS));
}

static enum cli_status take_parent(struct words *words, void *ctx)
{
	enum cli_status status;
	const char *value;
	__u32 parent;

	status = words_take_value(words, "parent", &value);
	if (status != CLI_OK)
		return status;
	if (!read_classid(value, &parent))
		return words_wrong(words, "'%s' is no parent MAJOR:MINOR", value);
	return set_parent(words, ctx, parent);
}

static enum cli_status take_handle(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;
	enum cli_status status = words_take_text(words, "handle", &request->handle);

	if (status != CLI_OK)
		return status;
	if (!read_number(request->handle, (__u32)-1, &request->filter.handle))
		return words_wrong(words, "'%s' is no handle of a bpf filter", request->handle);
	return CLI_OK;
}

static enum cli_status take_priority(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;
	__u32 priority = 0;
	enum cli_status status;

	if (request->filter.priority)
		return words_wrong(words, "the priority is given twice");
	status = words_take_number(words, "priority", 0xffff, &priority);
	request->filter.priority = (__u16)priority;
	return status;
}

static enum cli_status take_protocol(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;
	enum cli_status status;
	const char *value;

	if (request->has_protocol)
		return words_wrong(words, "'protocol' is given twice");
	status = words_take_value(words, "protocol", &value);
	if (status != CLI_OK)
		return status;
	if (!read_protocol(value, &request->filter.protocol))
		return words_wrong(words, "'%s' is no protocol", value);
	request->has_protocol = true;
	return CLI_OK;
}

static enum cli_status take_chain(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;

	if (request->filter.has_chain)
		return words_wrong(words, "'chain' is given twice");
	request->filter.has_chain = true;
	return words_take_number(words, "chain", (__u32)-1, &request->filter.chain);
}

static const struct keyword which_keywords[] = {
	{ "dev", true, take_device },	      { "block", false, take_block },
	{ "root", true, take_root },	      { "ingress", true, take_ingress },
	{ "egress", true, take_egress },      { "parent", true, take_parent },
	{ "handle", true, take_handle },      { "preference", false, take_priority },
	{ "priority", false, take_priority }, { "protocol", false, take_protocol },
	{ "chain", false, take_chain },	      { "estimator", false, NULL },
	{ "help", false, words_take_help },   { NULL, false, NULL },
};

enum cli_status filter_parse_which(struct words *words, struct filter_request *request)
{
	enum cli_status status = CLI_OK;
	const struct keyword *row;
	const char *word;

	while (status == CLI_OK && (word = words_take(words))) {
		row = find_keyword(which_keywords, word);
		if (row) {
			status = words_apply(words, row, word, request);
		} else if (!strcmp(word, "bpf")) {
			strcpy(request->filter.kind, "bpf");
			return CLI_OK;
		} else {
			status = words_unknown(words, word);
		}
	}
	return status;
}

/* --- which program ------------------------------------------------------------------------ */

/* tc's word before obj or pinned, which says nothing */
static enum cli_status take_run(struct words *words, void *ctx)
{
	(void)words, (void)ctx;
	return CLI_OK;
}

static enum cli_status take_classid(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;
	enum cli_status status;
	const char *value;

	status = words_take_value(words, "classid", &value);
	if (status != CLI_OK)
		return status;
	if (!read_classid(value, &request->filter.bpf.classid))
		return words_wrong(words, "'%s' is no classid MAJOR:MINOR", value);
	return CLI_OK;
}

static enum cli_status take_direct_action(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;

	(void)words;
	request->filter.bpf.direct_action = true;
	return CLI_OK;
}

static enum cli_status take_skip_hw(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;

	(void)words;
	request->filter.bpf.flags_gen |= TCA_CLS_FLAGS_SKIP_HW;
	return CLI_OK;
}

static enum cli_status take_skip_sw(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;

	(void)words;
	request->filter.bpf.flags_gen |= TCA_CLS_FLAGS_SKIP_SW;
	return CLI_OK;
}

/* tc: all that follows is about actions, but for classid and flowid */
static enum cli_status take_actions(struct words *words, void *ctx)
{
	struct filter_request *request = ctx;

	if (request->actions.count)
		return words_wrong(words, "'action' is given twice: one behind the other will do");
	return action_words_take(words, &request->actions);
}

static const struct keyword bpf_keywords[] = {
	{ "run", false, take_run },
	{ "classid", false, take_classid },
	{ "flowid", false, take_classid },
	{ "direct-action", false, take_direct_action },
	{ "da", false, take_direct_action },
	{ "skip_hw", false, take_skip_hw },
	{ "skip_sw", false, take_skip_sw },
	{ "action", false, take_actions },
	{ "police", false, NULL },
	{ "help", false, words_take_help },
	{ NULL, false, NULL },
};

/*
 * A word that is none of the filter's own names the program, or belongs to the one that is named: tc
 * takes these right behind the file only.
 */
static enum cli_status take_bpf_word(struct words *words, struct filter_request *request,
				     const char *word)
{
	const struct keyword *row = find_keyword(bpf_keywords, word);
	enum cli_status status;

	if (row)
		return words_apply(words, row, word, request);
	if (program_words_begin(word))
		return program_words_take(words, word, &request->choice);
	if ((request->choice.object || request->choice.pinned) &&
	    program_words_take_more(words, word, &request->choice, &status))
		return status;
	/* tc does not know it here either; the order is the last thing its users would suspect */
	if (find_keyword(which_keywords, word))
		return words_wrong(words, "'%s' says which filter: it goes before 'bpf'", word);
	return words_wrong(words, "what is '%s'?", word);
}

enum cli_status filter_parse_bpf(struct words *words, struct filter_request *request)
{
	enum cli_status status = CLI_OK;
	const char *word;

	while (status == CLI_OK && (word = words_take(words)))
		status = take_bpf_word(words, request, word);
	return status;
}

enum cli_status filter_find_device(struct words *words, struct filter_request *request)
{
	if (!request->device)
		return CLI_OK;
	request->filter.ifindex = rtnetlink_find_device(words->cli, request->device);
	return request->filter.ifindex ? CLI_OK : CLI_REFUSED;
}

void filter_hint_at_block(struct words *words, const struct filter_request *request)
{
	message_detail(words->cli, "elfmap tc qdisc add dev DEV ingress_block %u clsact makes one",
		       request->filter.block);
}

void filter_where(const struct filter_request *request, char *text)
{
	const struct attach_tc_filter *filter = &request->filter;
	char parent[32] = "";

	if (filter->block) {
		snprintf(text, FILTER_WHERE_SIZE, "block %u", filter->block);
		return;
	}
	if (filter->parent == TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)) {
		strcpy(parent, " ingress");
	} else if (filter->parent == TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)) {
		strcpy(parent, " egress");
	} else if (filter->parent == TC_H_ROOT) {
		strcpy(parent, " root");
	} else if (filter->parent) {
		strcpy(parent, " parent ");
		classid_text(filter->parent, parent + strlen(parent));
	}
	snprintf(text, FILTER_WHERE_SIZE, "%s%s", request->device ? request->device : "no device",
		 parent);
}
