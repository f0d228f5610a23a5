/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of ip link set. The table is in the order in which ip compares (ip/iplink.c of
 * iproute2), since abbreviations depend on it; what is in it and has no function is left to ip.
 */
#include <net/if.h>
#include <string.h>
#include <linux/bpf.h>

#include "cli/cli.h"
#include "ip_link.h"
#include "program_words.h"

static bool is_off(const char *word)
{
	return !strcmp(word, "off") || !strcmp(word, "none");
}

static enum cli_status take_xdp(struct words *words, struct link_request *request,
				const char *keyword, enum attach_xdp_mode mode)
{
	const char *word;

	if (request->xdp)
		return words_wrong(words,
				   "only one of xdp, xdpgeneric, xdpdrv and xdpoffload may be "
				   "given, and once");
	request->xdp = keyword;
	request->mode = mode;
	word = words_take(words);
	if (!word)
		return words_wrong(words, "'%s' needs obj FILE, pinned PATH or off", keyword);
	if (is_off(word) && words_left(words))
		return words_wrong(words, "'%s %s' must come last, behind the device", keyword,
				   word);
	request->off = is_off(word);
	if (request->off)
		return CLI_OK;
	if (!program_words_begin(word))
		return words_wrong(words, "'%s %s': obj FILE, pinned PATH or off?", keyword, word);
	return program_words_take(words, word, &request->choice);
}

static enum cli_status take_any(struct words *words, void *ctx)
{
	return take_xdp(words, ctx, "xdp", ATTACH_XDP_ANY);
}

static enum cli_status take_generic(struct words *words, void *ctx)
{
	return take_xdp(words, ctx, "xdpgeneric", ATTACH_XDP_GENERIC);
}

static enum cli_status take_driver(struct words *words, void *ctx)
{
	return take_xdp(words, ctx, "xdpdrv", ATTACH_XDP_DRIVER);
}

static enum cli_status take_offload(struct words *words, void *ctx)
{
	return take_xdp(words, ctx, "xdpoffload", ATTACH_XDP_OFFLOAD);
}

static enum cli_status take_device(struct words *words, void *ctx)
{
	struct link_request *request = ctx;

	return words_take_text(words, "dev", &request->device);
}

static enum cli_status set_up(struct link_request *request, const char *word, __u32 flags)
{
	request->other = word;
	request->change |= IFF_UP;
	request->flags = flags;
	return CLI_OK;
}

static enum cli_status take_up(struct words *words, void *ctx)
{
	(void)words;
	return set_up(ctx, "up", IFF_UP);
}

static enum cli_status take_down(struct words *words, void *ctx)
{
	(void)words;
	return set_up(ctx, "down", 0);
}

static enum cli_status take_mtu(struct words *words, void *ctx)
{
	struct link_request *request = ctx;
	enum cli_status status;

	if (request->mtu)
		return words_wrong(words, "'mtu' is given twice");
	request->other = "mtu";
	status = words_take_number(words, "mtu", (__u32)-1, &request->mtu);
	return status == CLI_OK && !request->mtu ? words_wrong(words, "'0' is no mtu") : status;
}

static const struct keyword keywords[] = {
	{ "up", true, take_up },
	{ "down", true, take_down },
	{ "name", true, NULL },
	{ "index", true, NULL },
	{ "link", false, NULL },
	{ "address", false, NULL },
	{ "broadcast", false, NULL },
	{ "brd", true, NULL },
	{ "txqueuelen", false, NULL },
	{ "qlen", true, NULL },
	{ "txqlen", false, NULL },
	{ "mtu", true, take_mtu },
	{ "xdpgeneric", true, take_generic },
	{ "xdpdrv", true, take_driver },
	{ "xdpoffload", true, take_offload },
	{ "xdp", true, take_any },
	{ "netns", true, NULL },
	{ "multicast", true, NULL },
	{ "allmulticast", true, NULL },
	{ "promisc", true, NULL },
	{ "trailers", true, NULL },
	{ "arp", true, NULL },
	{ "carrier", true, NULL },
	{ "vf", true, NULL },
	{ "master", false, NULL },
	{ "vrf", true, NULL },
	{ "nomaster", false, NULL },
	{ "dynamic", false, NULL },
	{ "type", false, NULL },
	{ "alias", false, NULL },
	{ "group", true, NULL },
	{ "mode", true, NULL },
	{ "state", true, NULL },
	{ "numtxqueues", false, NULL },
	{ "numrxqueues", false, NULL },
	{ "addrgenmode", false, NULL },
	{ "link-netns", false, NULL },
	{ "link-netnsid", false, NULL },
	{ "protodown", true, NULL },
	{ "protodown_reason", true, NULL },
	{ "gso_max_size", true, NULL },
	{ "gso_max_segs", true, NULL },
	{ "gro_max_size", true, NULL },
	{ "parentdev", true, NULL },
	{ "help", false, words_take_help },
	{ "dev", true, take_device },
	{ NULL, false, NULL },
};

/* A word that is no keyword is the device, where none is named yet. */
static enum cli_status take_word(struct words *words, const char *word,
				 struct link_request *request)
{
	const struct keyword *row = find_keyword(keywords, word);
	enum cli_status status;

	if (row && row->take)
		return words_apply(words, row, word, request);
	if (row) {
		status = words_not_ours(words, word);
		message_detail(words->cli,
			       "in a command of its own: ip link set dev DEV %s ..., then "
			       "elfmap ip link set dev DEV xdp ...",
			       word);
		return status;
	}
	if (request->device)
		return words_wrong(words, "what is '%s'? the device is '%s' already", word,
				   request->device);
	request->device = word;
	return CLI_OK;
}

enum cli_status link_parse_set(struct words *words, struct link_request *request)
{
	enum cli_status status = CLI_OK;

	request->choice.kind = program_kind_of(BPF_PROG_TYPE_XDP);
	while (status == CLI_OK && words_left(words))
		status = take_word(words, words_take(words), request);
	if (status != CLI_OK || words->wants_help)
		return status;
	if (!request->xdp && request->other)
		return words_not_ours(words, request->other);
	if (!request->device)
		return words_wrong(words, "dev DEV is missing");
	if (!request->xdp)
		return words_wrong(words, "xdp is missing: xdp obj FILE, xdp pinned PATH or xdp "
					  "off; for all else use the stock 'ip link set'");
	return request->off ? CLI_OK : program_words_check(words, &request->choice);
}
