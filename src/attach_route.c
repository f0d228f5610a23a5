/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The rtnetlink messages of routes (include/uapi/linux/rtnetlink.h and lwtunnel.h in the kernel).
 * What goes with which verb is ip's choice: scripts expect the same refusals.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/lwtunnel.h>

#include "attach_route.h"
#include "netlink.h"

static const struct message_kind {
	__u16 type;
	__u16 flags;
} messages[] = {
	[ATTACH_ROUTE_ADD] = { RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL },
	[ATTACH_ROUTE_CHANGE] = { RTM_NEWROUTE, NLM_F_REPLACE },
	[ATTACH_ROUTE_REPLACE] = { RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE },
	[ATTACH_ROUTE_PREPEND] = { RTM_NEWROUTE, NLM_F_CREATE },
	[ATTACH_ROUTE_APPEND] = { RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND },
	[ATTACH_ROUTE_DELETE] = { RTM_DELROUTE, 0 },
};

size_t attach_route_address_size(int family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

bool attach_route_has_programs(const struct attach_route *route)
{
	size_t hook;

	for (hook = 0; hook < ATTACH_ROUTE_HOOKS; hook++) {
		if (route->programs[hook].name[0])
			return true;
	}
	return false;
}

static int put_header(struct netlink_request *request, const struct attach_route *route)
{
	struct rtmsg *header = netlink_put_header(request, sizeof(*header));

	if (!header)
		return -EMSGSIZE;
	header->rtm_family = (unsigned char)route->family;
	header->rtm_dst_len = route->destination_length;
	header->rtm_tos = route->tos;
	header->rtm_protocol = route->protocol;
	header->rtm_scope = route->scope;
	header->rtm_type = route->type;
	header->rtm_flags = route->flags;
	if (route->table < 256)
		header->rtm_table = (unsigned char)route->table;
	else
		netlink_put_u32(request, RTA_TABLE, route->table);
	return 0;
}

static void put_address(struct netlink_request *request, __u16 type,
			const struct attach_route_address *address)
{
	size_t size = attach_route_address_size(address->family);

	if (size)
		netlink_put_bytes(request, type, address->bytes, size);
}

/* That of another family than the route's has another attribute. */
static void put_gateway(struct netlink_request *request, const struct attach_route *route)
{
	const struct attach_route_address *gateway = &route->gateway;
	size_t size = attach_route_address_size(gateway->family);
	char bytes[sizeof(struct rtvia) + sizeof(gateway->bytes)];
	const struct rtvia via = { .rtvia_family = (unsigned short)gateway->family };

	if (!size || gateway->family == route->family) {
		put_address(request, RTA_GATEWAY, gateway);
		return;
	}
	memcpy(bytes, &via, sizeof(via));
	memcpy(bytes + sizeof(via), gateway->bytes, size);
	netlink_put_bytes(request, RTA_VIA, bytes, sizeof(via) + size);
}

static void put_metrics(struct netlink_request *request, const struct attach_route *route)
{
	struct nlattr *nest;
	__u16 metric;

	if (!route->has_metrics)
		return;
	nest = netlink_begin_nest(request, RTA_METRICS);
	for (metric = 0; metric <= RTAX_MAX; metric++) {
		if (route->has_metrics & 1U << metric)
			netlink_put_u32(request, metric, route->metrics[metric]);
	}
	if (route->locked)
		netlink_put_u32(request, RTAX_LOCK, route->locked);
	netlink_end_nest(request, nest);
}

static void put_program(struct netlink_request *request, __u16 type,
			const struct attach_route_program *program)
{
	struct nlattr *nest;

	if (!program->name[0])
		return;
	nest = netlink_begin_nest(request, type);
	netlink_put_u32(request, LWT_BPF_PROG_FD, (__u32)program->fd);
	netlink_put_string(request, LWT_BPF_PROG_NAME, program->name);
	netlink_end_nest(request, nest);
}

static void put_tunnel(struct netlink_request *request, const struct attach_route *route)
{
	struct nlattr *nest;

	if (!attach_route_has_programs(route))
		return;
	netlink_put_u16(request, RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_BPF);
	nest = netlink_begin_nest(request, RTA_ENCAP);
	put_program(request, LWT_BPF_IN, &route->programs[ATTACH_ROUTE_IN]);
	put_program(request, LWT_BPF_OUT, &route->programs[ATTACH_ROUTE_OUT]);
	put_program(request, LWT_BPF_XMIT, &route->programs[ATTACH_ROUTE_XMIT]);
	if (route->headroom)
		netlink_put_u32(request, LWT_BPF_XMIT_HEADROOM, route->headroom);
	netlink_end_nest(request, nest);
}

int attach_route(struct netlink *nl, enum attach_route_verb verb, const struct attach_route *route)
{
	struct netlink_request request;
	int err;

	netlink_begin(&request, messages[verb].type, messages[verb].flags);
	err = put_header(&request, route);
	if (err)
		return err;
	put_address(&request, RTA_DST, &route->destination);
	put_address(&request, RTA_PREFSRC, &route->source);
	put_gateway(&request, route);
	if (route->ifindex)
		netlink_put_u32(&request, RTA_OIF, (__u32)route->ifindex);
	if (route->has_priority)
		netlink_put_u32(&request, RTA_PRIORITY, route->priority);
	if (route->has_preference)
		netlink_put_bytes(&request, RTA_PREF, &route->preference, 1);
	put_metrics(&request, route);
	put_tunnel(&request, route);
	return netlink_talk(nl, &request);
}
