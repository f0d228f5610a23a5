/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap ip link show: network interfaces as ip lists them, but of their state only XDP's.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <linux/if_link.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "ip_link.h"
#include "iproute2_command.h"
#include "cli/json.h"
#include "output.h"
#include "program_info.h"
#include "rtnetlink.h"

struct request {
	const char *device;
	bool up;
};

struct listing {
	const struct cli *cli;
	const struct request *request;
	struct json_object *list; /* NULL: text */
};

/* --- words -------------------------------------------------------------------------------- */

static enum cli_status take_up(struct words *words, void *ctx)
{
	struct request *request = ctx;

	(void)words;
	request->up = true;
	return CLI_OK;
}

static enum cli_status take_device(struct words *words, void *ctx)
{
	struct request *request = ctx;

	return words_take_text(words, "dev", &request->device);
}

/* in the order in which ip compares (ip/ipaddress.c of iproute2) */
static const struct keyword keywords[] = {
	{ "to", true, NULL },
	{ "scope", true, NULL },
	{ "up", true, take_up },
	{ "label", true, NULL },
	{ "group", true, NULL },
	{ "master", true, NULL },
	{ "vrf", true, NULL },
	{ "nomaster", true, NULL },
	{ "type", true, NULL },
	{ "dev", true, take_device },
	{ "help", false, words_take_help },
	{ NULL, false, NULL },
};

static enum cli_status take_word(struct words *words, const char *word, struct request *request)
{
	const struct keyword *row = find_keyword(keywords, word);

	if (row)
		return words_apply(words, row, word, request);
	if (request->device)
		return words_wrong(words, "what is '%s'? the device is '%s' already", word,
				   request->device);
	request->device = word;
	return CLI_OK;
}

/* --- text --------------------------------------------------------------------------------- */

static const char *mode_text(__u8 attached, char *buffer, size_t size)
{
	static const char *const words[] = {
		[XDP_ATTACHED_DRV] = "xdp",
		[XDP_ATTACHED_SKB] = "xdpgeneric",
		[XDP_ATTACHED_HW] = "xdpoffload",
		[XDP_ATTACHED_MULTI] = "xdpmulti",
	};

	if (attached < sizeof(words) / sizeof(words[0]) && words[attached])
		return words[attached];
	snprintf(buffer, size, "xdp[%u]", attached);
	return buffer;
}

static const char *name_of(__u32 ifindex, char *buffer)
{
	if (!if_indextoname(ifindex, buffer))
		snprintf(buffer, IF_NAMESIZE, "if%u", ifindex);
	return buffer;
}

/* "veth0@veth1" */
static void put_name(struct output *out, const struct attach_xdp_link *link)
{
	char name[IF_NAMESIZE], lower[IF_NAMESIZE + 1] = "", text[2 * IF_NAMESIZE + 1];

	if (link->has_lower && !link->lower)
		strcpy(lower, "@NONE");
	else if (link->has_lower && link->lower_elsewhere)
		snprintf(lower, sizeof(lower), "@if%u", link->lower);
	else if (link->has_lower)
		snprintf(lower, sizeof(lower), "@%s", name_of(link->lower, name));
	snprintf(text, sizeof(text), "%s%s", link->name, lower);
	output_device(out, "ifname", "", text, ": ");
}

static void put_program_line(const struct listing *listing, struct output_line *line,
			     const char *suffix, __u32 id)
{
	struct output out = { .text = line->stream };

	if (!id)
		return;
	if (listing->cli->oneline) {
		fputs("\\", out.text);
	} else {
		output_line_end(line);
		out.text = output_line_begin(line);
	}
	fprintf(out.text, "    prog/xdp%s ", suffix);
	program_info_put(listing->cli, &out, id);
}

/* Blanks at the ends of lines are ip's: scripts that split at ": " count on the first line's. */
static void print_link(const struct listing *listing, const struct attach_xdp_link *link)
{
	struct output_line line;
	char buffer[16];
	struct output out = {
		.text = output_line_begin(&line),
		.colored = output_is_colored(listing->cli),
	};

	fprintf(out.text, "%d: ", link->ifindex);
	put_name(&out, link);
	if (link->attached) {
		fprintf(out.text, "%s ", mode_text(link->attached, buffer, sizeof(buffer)));
		put_program_line(listing, &line, "", link->id);
	}
	if (link->attached == XDP_ATTACHED_MULTI) {
		put_program_line(listing, &line, "generic", link->ids[ATTACH_XDP_GENERIC]);
		put_program_line(listing, &line, "drv", link->ids[ATTACH_XDP_DRIVER]);
		put_program_line(listing, &line, "offload", link->ids[ATTACH_XDP_OFFLOAD]);
	}
	output_line_end(&line);
}

/* --- JSON --------------------------------------------------------------------------------- */

static void add_attached(const struct listing *listing, struct json_object *list, __u8 mode,
			 __u32 id)
{
	struct output out = { .object = json_new_object() };

	json_add_number(out.object, "mode", mode);
	program_info_put(listing->cli, &out, id);
	json_append(list, out.object);
}

static void add_xdp(const struct listing *listing, struct json_object *object,
		    const struct attach_xdp_link *link)
{
	static const __u8 modes[] = {
		[ATTACH_XDP_GENERIC] = XDP_ATTACHED_SKB,
		[ATTACH_XDP_DRIVER] = XDP_ATTACHED_DRV,
		[ATTACH_XDP_OFFLOAD] = XDP_ATTACHED_HW,
	};
	struct output out = { .object = json_new_object() };
	struct json_object *attached = json_new_array();
	bool by_mode = false;
	size_t i;

	json_add(object, "xdp", out.object);
	json_add_number(out.object, "mode", link->attached);
	if (link->id)
		program_info_put(listing->cli, &out, link->id);
	json_add(out.object, "attached", attached);
	for (i = 0; i < ATTACH_XDP_MODES; i++) {
		if (!link->ids[i])
			continue;
		add_attached(listing, attached, modes[i], link->ids[i]);
		by_mode = true;
	}
	if (!by_mode && link->id)
		add_attached(listing, attached, link->attached, link->id);
}

static void add_link(const struct listing *listing, const struct attach_xdp_link *link)
{
	struct json_object *object = json_new_object();
	char name[IF_NAMESIZE];

	json_append(listing->list, object);
	json_add_number(object, "ifindex", link->ifindex);
	if (link->has_lower && link->lower && link->lower_elsewhere)
		json_add_number(object, "link_index", link->lower);
	else if (link->has_lower)
		json_add_string(object, "link", link->lower ? name_of(link->lower, name) : NULL);
	json_add_string(object, "ifname", link->name);
	if (link->attached)
		add_xdp(listing, object, link);
}

/* ------------------------------------------------------------------------------------------ */

static int show_link(const struct attach_xdp_link *link, void *ctx)
{
	const struct listing *listing = ctx;

	if (listing->request->up && !link->up)
		return 0;
	if (listing->list)
		add_link(listing, link);
	else
		print_link(listing, link);
	return 0;
}

static enum cli_status list_links(struct words *words, const struct request *request)
{
	CLEANUP(cleanup_json) struct json_object *list = words->cli->json ? json_new_array() : NULL;
	struct listing listing = { .cli = words->cli, .request = request, .list = list };
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	enum cli_status status;
	int ifindex = 0;

	if (request->device && !(ifindex = rtnetlink_find_device(words->cli, request->device)))
		return CLI_REFUSED;
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	status = rtnetlink_answer(words, &nl,
				  attach_xdp_list_links(&nl, ifindex, show_link, &listing),
				  request->device ? request->device : "all devices");
	if (list && status == CLI_OK)
		json_print(words->cli, list);
	return status;
}

enum cli_status ip_link_show(struct words *words, int change)
{
	struct request request = { 0 };
	enum cli_status status = CLI_OK;

	(void)change;
	while (status == CLI_OK && words_left(words))
		status = take_word(words, words_take(words), &request);
	if (status != CLI_OK)
		return status;
	return words->wants_help ? iproute2_print_help(words) : list_links(words, &request);
}
