/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The rtnetlink messages of network interfaces (include/uapi/linux/if_link.h in the kernel), as far
 * as XDP goes.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "attach_xdp.h"
#include "netlink.h"
#include "netlink_read.h"

static const __u32 mode_flags[] = {
	[ATTACH_XDP_GENERIC] = XDP_FLAGS_SKB_MODE,
	[ATTACH_XDP_DRIVER] = XDP_FLAGS_DRV_MODE,
	[ATTACH_XDP_OFFLOAD] = XDP_FLAGS_HW_MODE,
	[ATTACH_XDP_ANY] = 0,
};

static int begin(struct netlink_request *request, __u16 type, const struct ifinfomsg *link)
{
	struct ifinfomsg *header;

	netlink_begin(request, type, 0);
	header = netlink_put_header(request, sizeof(*header));
	if (!header)
		return -EMSGSIZE;
	*header = *link;
	return 0;
}

int attach_xdp(struct netlink *nl, const struct attach_xdp *xdp)
{
	__u32 flags = mode_flags[xdp->mode] | (xdp->replaces ? 0 : XDP_FLAGS_UPDATE_IF_NOEXIST);
	const struct ifinfomsg link = {
		.ifi_index = xdp->ifindex,
		.ifi_flags = xdp->flags,
		.ifi_change = xdp->change,
	};
	struct netlink_request request;
	struct nlattr *nest;
	int err;

	/* unlike RTM_NEWLINK, which ip sends, this one never makes a link */
	err = begin(&request, RTM_SETLINK, &link);
	if (err)
		return err;
	if (xdp->mtu)
		netlink_put_u32(&request, IFLA_MTU, xdp->mtu);
	nest = netlink_begin_nest(&request, IFLA_XDP);
	netlink_put_u32(&request, IFLA_XDP_FD, (__u32)xdp->fd);
	if (flags)
		netlink_put_u32(&request, IFLA_XDP_FLAGS, flags);
	netlink_end_nest(&request, nest);
	return netlink_talk(nl, &request);
}

/* --- reading ------------------------------------------------------------------------------ */

struct listing {
	attach_xdp_link_fn fn;
	void *ctx;
};

static int read_xdp(const struct nlattr *nest, struct attach_xdp_link *link)
{
	const struct nlattr *table[IFLA_XDP_MAX + 1] = { NULL };

	if (netlink_read_nest(nest, table, IFLA_XDP_MAX))
		return -EBADMSG;
	link->attached = netlink_read_u8(table[IFLA_XDP_ATTACHED]);
	link->id = netlink_read_u32(table[IFLA_XDP_PROG_ID]);
	link->ids[ATTACH_XDP_GENERIC] = netlink_read_u32(table[IFLA_XDP_SKB_PROG_ID]);
	link->ids[ATTACH_XDP_DRIVER] = netlink_read_u32(table[IFLA_XDP_DRV_PROG_ID]);
	link->ids[ATTACH_XDP_OFFLOAD] = netlink_read_u32(table[IFLA_XDP_HW_PROG_ID]);
	return 0;
}

static int read_link(const struct nlmsghdr *message, void *ctx)
{
	const struct nlattr *table[IFLA_MAX + 1] = { NULL };
	const struct listing *listing = ctx;
	const struct ifinfomsg *header;
	struct attach_xdp_link link;

	if (message->nlmsg_type != RTM_NEWLINK)
		return 0;
	header = netlink_read_header(message, sizeof(*header), table, IFLA_MAX);
	if (!header || !table[IFLA_IFNAME])
		return -EBADMSG;
	link = (struct attach_xdp_link){
		.ifindex = header->ifi_index,
		.up = header->ifi_flags & IFF_UP,
		.has_lower = table[IFLA_LINK],
		.lower = netlink_read_u32(table[IFLA_LINK]),
		.lower_elsewhere = table[IFLA_LINK_NETNSID],
	};
	netlink_read_string(table[IFLA_IFNAME], link.name, sizeof(link.name));
	if (table[IFLA_XDP] && read_xdp(table[IFLA_XDP], &link))
		return -EBADMSG;
	return listing->fn(&link, listing->ctx);
}

int attach_xdp_list_links(struct netlink *nl, int ifindex, attach_xdp_link_fn fn, void *ctx)
{
	const struct ifinfomsg link = { .ifi_index = ifindex };
	struct listing listing = { fn, ctx };
	struct netlink_request request;
	int err;

	err = begin(&request, RTM_GETLINK, &link);
	if (err)
		return err;
	if (ifindex)
		return netlink_get(nl, &request, read_link, &listing);
	return netlink_dump(nl, &request, read_link, &listing);
}
