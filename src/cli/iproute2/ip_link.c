/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap ip link: the verb that sets the XDP program of a network interface. Its words are read in
 * ip_link_words.c, showing is in ip_link_show.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "ip.h"
#include "ip_link.h"
#include "iproute2_command.h"
#include "programs.h"
#include "rtnetlink.h"

static int keep_link(const struct attach_xdp_link *link, void *ctx)
{
	*(struct attach_xdp_link *)ctx = *link;
	return 0;
}

/* The word of the mode that an interface has a program in, other than in the device; or NULL. */
static const char *attached_word(struct netlink *nl, int ifindex)
{
	struct attach_xdp_link link = { 0 };

	if (attach_xdp_list_links(nl, ifindex, keep_link, &link))
		return NULL;
	if (link.ids[ATTACH_XDP_GENERIC])
		return "xdpgeneric";
	return link.ids[ATTACH_XDP_DRIVER] ? "xdpdrv" : NULL;
}

/* --- refusals ----------------------------------------------------------------------------- */

/* A bpf_link does not yield, force or not; of the two only the kernel's words tell. */
static void hint_at_force(struct words *words, const struct netlink *nl,
			  const struct link_request *request)
{
	if (words->cli->force || request->off || strstr(nl->text, "link"))
		message_detail(words->cli,
			       "it is held by a bpf_link, which goes with the process that holds "
			       "it, or with 'bpftool link detach'");
	else
		message_detail(words->cli,
			       "-force replaces it: elfmap ip -force link set dev %s %s ...",
			       request->device, request->xdp);
}

static void hint_at_other_mode(struct words *words, struct netlink *nl, int ifindex,
			       const struct link_request *request)
{
	const char *other = attached_word(nl, ifindex);

	if (other)
		message_detail(words->cli,
			       "first take away what is there: elfmap ip link set dev %s %s off",
			       request->device, other);
}

/* What a driver may say to a program that it cannot run, and the kernel where there is none. */
static bool is_drivers_refusal(int err)
{
	return err == -EOPNOTSUPP || err == -EINVAL || err == -ERANGE || err == -ENOSPC ||
	       err == -E2BIG;
}

static void hint_at_generic(struct words *words, const struct attach_xdp *xdp,
			    const struct link_request *request)
{
	if (xdp->mode == ATTACH_XDP_OFFLOAD)
		message_detail(words->cli,
			       "xdpoffload is for devices that run programs themselves; xdp runs "
			       "them on the host");
	else
		message_detail(words->cli,
			       "slower, but without the driver: elfmap ip link set dev %s "
			       "xdpgeneric ...",
			       request->device);
}

static void hint(struct words *words, struct netlink *nl, const struct attach_xdp *xdp,
		 const struct link_request *request, int err)
{
	if (err == -EBUSY)
		hint_at_force(words, nl, request);
	else if (err == -EEXIST)
		hint_at_other_mode(words, nl, xdp->ifindex, request);
	else if (is_drivers_refusal(err) && !request->off && xdp->mode != ATTACH_XDP_GENERIC)
		hint_at_generic(words, xdp, request);
}

/* --- setting ------------------------------------------------------------------------------ */

static enum cli_status attach(struct words *words, struct netlink *nl, const struct attach_xdp *xdp,
			      const struct link_request *request)
{
	char where[ATTACH_XDP_NAME_SIZE + 16];
	int err = attach_xdp(nl, xdp);
	enum cli_status status;

	snprintf(where, sizeof(where), "%s %s", request->device, request->xdp);
	status = rtnetlink_answer(words, nl, err, where);
	if (err)
		hint(words, nl, xdp, request, err);
	return status;
}

/* "xdp off" is about the mode that the device prefers: a program of the other one stays. */
static enum cli_status detach(struct words *words, struct netlink *nl, const struct attach_xdp *xdp,
			      const struct link_request *request)
{
	enum cli_status status = attach(words, nl, xdp, request);
	const char *other;

	if (status != CLI_OK || xdp->mode != ATTACH_XDP_ANY)
		return status;
	other = attached_word(nl, xdp->ifindex);
	if (other)
		message_warning(words->cli,
				"%s still has a program of the other mode; to take that away: "
				"elfmap ip link set dev %s %s off",
				request->device, request->device, other);
	return status;
}

static enum cli_status load_and_attach(struct words *words, struct netlink *nl,
				       struct attach_xdp *xdp, struct link_request *request)
{
	CLEANUP(cleanup_programs) struct programs programs = { 0 };
	const struct loaded_program *loaded;
	enum cli_status status;

	if (xdp->mode == ATTACH_XDP_OFFLOAD)
		request->choice.ifindex = (__u32)xdp->ifindex;
	status = programs_load(words->cli, &programs, &request->choice, &loaded);
	if (status != CLI_OK)
		return status;
	xdp->fd = loaded->fd;
	status = attach(words, nl, xdp, request);
	if (status == CLI_OK)
		programs_warn(words->cli, &programs);
	else
		programs_undo(&programs);
	return status;
}

static enum cli_status set(struct words *words, int change)
{
	CLEANUP(netlink_close) struct netlink nl = { 0 };
	struct link_request request = { 0 };
	enum cli_status status = link_parse_set(words, &request);
	struct attach_xdp xdp = {
		.mode = request.mode,
		.fd = -1,
		.replaces = words->cli->force,
		.change = request.change,
		.flags = request.flags,
		.mtu = request.mtu,
	};

	(void)change;
	if (status != CLI_OK)
		return status;
	if (words->wants_help)
		return iproute2_print_help(words);
	xdp.ifindex = rtnetlink_find_device(words->cli, request.device);
	if (!xdp.ifindex)
		return CLI_REFUSED;
	status = rtnetlink_open(words->cli, &nl);
	if (status != CLI_OK)
		return status;
	if (request.off)
		return detach(words, &nl, &xdp, &request);
	return load_and_attach(words, &nl, &xdp, &request);
}

/* --- verbs -------------------------------------------------------------------------------- */

/* in the order in which ip compares; to it, change is another word for set */
static const struct iproute2_verb verbs[] = {
	{ "add", "ip link add", NULL, 0 },
	{ "set", "ip link set", set, 0 },
	{ "change", "ip link set", set, 0 },
	{ "replace", "ip link replace", NULL, 0 },
	{ "delete", "ip link delete", NULL, 0 },
	{ "show", "ip link show", ip_link_show, 0 },
	{ "lst", "ip link show", ip_link_show, 0 },
	{ "list", "ip link show", ip_link_show, 0 },
	{ "xstats", "ip link xstats", NULL, 0 },
	{ "afstats", "ip link afstats", NULL, 0 },
	{ "property", "ip link property", NULL, 0 },
	{ "help", "ip link", iproute2_help_verb, 0 },
	{ NULL, NULL, NULL, 0 },
};

enum cli_status ip_link(struct words *words)
{
	return iproute2_run_verb(words, verbs);
}
