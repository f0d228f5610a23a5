/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of ip route behind encap (ip/iproute_lwtunnel.c of iproute2).
 */
#include <string.h>
#include <linux/bpf.h>

#include "ip_route.h"
#include "program_words.h"

static const struct hook {
	const char *word;
	__u32 type;
} hooks[ATTACH_ROUTE_HOOKS] = {
	[ATTACH_ROUTE_IN] = { "in", BPF_PROG_TYPE_LWT_IN },
	[ATTACH_ROUTE_OUT] = { "out", BPF_PROG_TYPE_LWT_OUT },
	[ATTACH_ROUTE_XMIT] = { "xmit", BPF_PROG_TYPE_LWT_XMIT },
};

/* Its index, or ATTACH_ROUTE_HOOKS if the word is no hook. */
static size_t find_hook(const char *word)
{
	size_t hook = 0;

	while (hook < ATTACH_ROUTE_HOOKS && strcmp(word, hooks[hook].word) != 0)
		hook++;
	return hook;
}

static enum cli_status take_program(struct words *words, size_t hook, struct route_request *request)
{
	struct program_choice *choice = &request->choices[hook];
	enum cli_status status;
	const char *word;

	if (choice->kind)
		return words_wrong(words, "'%s' is given twice", hooks[hook].word);
	choice->kind = program_kind_of(hooks[hook].type);
	status = words_take_value(words, hooks[hook].word, &word);
	if (status == CLI_OK)
		status = program_words_take(words, word, choice);
	return status == CLI_OK ? program_words_check(words, choice) : status;
}

static enum cli_status take_headroom(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	__u32 *headroom = &request->route.headroom;
	enum cli_status status;

	if (*headroom)
		return words_wrong(words, "'headroom' is given twice");
	status = words_take_number(words, "headroom", (__u32)-1, headroom);
	if (status == CLI_OK && !*headroom)
		return words_wrong(words, "'0' is no headroom");
	return status;
}

static const struct keyword bpf_keywords[] = {
	{ "headroom", true, take_headroom },
	{ "help", true, words_take_help },
	{ NULL, false, NULL },
};

static enum cli_status take_bpf(struct words *words, void *ctx)
{
	struct route_request *request = ctx;
	enum cli_status status = CLI_OK;
	const struct keyword *row;
	bool found = false;

	while (status == CLI_OK && words_left(words)) {
		size_t hook = find_hook(*words->next);

		row = find_keyword(bpf_keywords, *words->next);
		if (hook == ATTACH_ROUTE_HOOKS && !row)
			break;
		words_take(words);
		status = row ? row->take(words, request) : take_program(words, hook, request);
		found = found || !row;
	}
	if (status == CLI_OK && !found && !words->wants_help)
		return words_wrong(words, "encap bpf needs one of in, out and xmit");
	return status;
}

static const struct keyword types[] = {
	{ "mpls", true, NULL },	     { "ip", true, NULL },	{ "ip6", true, NULL },
	{ "ila", true, NULL },	     { "bpf", true, take_bpf }, { "seg6", true, NULL },
	{ "seg6local", true, NULL }, { "rpl", true, NULL },	{ "ioam6", true, NULL },
	{ "xfrm", true, NULL },	     { NULL, false, NULL },
};

enum cli_status route_parse_tunnel(struct words *words, struct route_request *request)
{
	const struct keyword *row;
	enum cli_status status;
	const char *type;

	if (request->has_tunnel)
		return words_wrong(words, "'encap' is given twice");
	request->has_tunnel = true;
	status = words_take_value(words, "encap", &type);
	if (status != CLI_OK)
		return status;
	row = find_keyword(types, type);
	if (!row)
		return words_wrong(words, "'%s' is no encap: elfmap has bpf", type);
	return words_apply(words, row, type, request);
}
