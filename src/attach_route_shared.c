/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/lwtunnel.h>

#include "attach_route.h"
#include "attach_route_shared.h"
#include "netlink.h"
#include "netlink_read.h"

/* --- reading ------------------------------------------------------------------------------ */

static void read_address(const struct nlattr *attribute, int family,
			 struct attach_route_address *address)
{
	if (!attribute)
		return;
	address->family = family;
	netlink_read_struct(attribute, address->bytes, attach_route_address_size(family));
}

static void read_gateway(const struct nlattr *const *table, struct attach_route *route)
{
	struct {
		__u16 family;
		__u8 bytes[sizeof(route->gateway.bytes)];
	} via;

	read_address(table[RTA_GATEWAY], route->family, &route->gateway);
	if (!table[RTA_VIA])
		return;
	netlink_read_struct(table[RTA_VIA], &via, sizeof(via));
	route->gateway.family = via.family;
	memcpy(route->gateway.bytes, via.bytes, sizeof(via.bytes));
}

static int read_metrics(const struct nlattr *nest, struct attach_route *route)
{
	const struct nlattr *table[RTAX_MAX + 1] = { NULL };
	size_t metric;

	if (!nest)
		return 0;
	if (netlink_read_nest(nest, table, RTAX_MAX))
		return -EBADMSG;
	for (metric = RTAX_LOCK + 1; metric <= RTAX_MAX; metric++)
		route->metrics[metric] = netlink_read_u32(table[metric]);
	route->locked = netlink_read_u32(table[RTAX_LOCK]);
	return 0;
}

static int read_program(const struct nlattr *nest, struct attach_route_program *program)
{
	const struct nlattr *table[LWT_BPF_PROG_MAX + 1] = { NULL };

	if (!nest)
		return 0;
	if (netlink_read_nest(nest, table, LWT_BPF_PROG_MAX))
		return -EBADMSG;
	netlink_read_string(table[LWT_BPF_PROG_NAME], program->name, sizeof(program->name));
	return 0;
}

static int read_tunnel(const struct nlattr *const *attributes, struct attach_route *route)
{
	const struct nlattr *table[LWT_BPF_MAX + 1] = { NULL };
	__u16 type;

	netlink_read_struct(attributes[RTA_ENCAP_TYPE], &type, sizeof(type));
	if (type != LWTUNNEL_ENCAP_BPF || !attributes[RTA_ENCAP])
		return 0;
	if (netlink_read_nest(attributes[RTA_ENCAP], table, LWT_BPF_MAX) ||
	    read_program(table[LWT_BPF_IN], &route->programs[ATTACH_ROUTE_IN]) ||
	    read_program(table[LWT_BPF_OUT], &route->programs[ATTACH_ROUTE_OUT]) ||
	    read_program(table[LWT_BPF_XMIT], &route->programs[ATTACH_ROUTE_XMIT]))
		return -EBADMSG;
	return 0;
}

static int read_route(const struct nlmsghdr *message, struct attach_route *route)
{
	const struct nlattr *table[RTA_MAX + 1] = { NULL };
	const struct rtmsg *header;

	header = netlink_read_header(message, sizeof(*header), table, RTA_MAX);
	if (!header)
		return -EBADMSG;
	*route = (struct attach_route){
		.family = header->rtm_family,
		.destination_length = header->rtm_dst_len,
		.ifindex = (int)netlink_read_u32(table[RTA_OIF]),
		.table = table[RTA_TABLE] ? netlink_read_u32(table[RTA_TABLE]) : header->rtm_table,
		.flags = header->rtm_flags,
		.type = header->rtm_type,
		.scope = header->rtm_scope,
		.protocol = header->rtm_protocol,
		.tos = header->rtm_tos,
		.priority = netlink_read_u32(table[RTA_PRIORITY]),
	};
	read_address(table[RTA_DST], route->family, &route->destination);
	read_address(table[RTA_PREFSRC], route->family, &route->source);
	read_gateway(table, route);
	return read_metrics(table[RTA_METRICS], route) ? -EBADMSG : read_tunnel(table, route);
}

/* --- comparing ---------------------------------------------------------------------------- */

/* What is not given has bytes of zero. */
static bool is_same_address(const struct attach_route_address *a,
			    const struct attach_route_address *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

static bool has_same_programs(const struct attach_route *a, const struct attach_route *b)
{
	size_t hook;

	for (hook = 0; hook < ATTACH_ROUTE_HOOKS; hook++) {
		if (strcmp(a->programs[hook].name, b->programs[hook].name) != 0)
			return false;
	}
	return true;
}

static bool shares(const struct attach_route *wanted, const struct attach_route *present)
{
	return wanted->table == present->table && wanted->type == present->type &&
	       wanted->scope == present->scope && wanted->protocol == present->protocol &&
	       wanted->priority == present->priority &&
	       !((wanted->flags ^ present->flags) & RTNH_F_ONLINK) &&
	       (!wanted->ifindex || wanted->ifindex == present->ifindex) &&
	       is_same_address(&wanted->gateway, &present->gateway) &&
	       is_same_address(&wanted->source, &present->source) &&
	       wanted->locked == present->locked &&
	       !memcmp(wanted->metrics, present->metrics, sizeof(wanted->metrics)) &&
	       has_same_programs(wanted, present);
}

/* Of routes that agree in these the kernel replaces the first. */
static bool has_same_place(const struct attach_route *a, const struct attach_route *b)
{
	return is_same_address(&a->destination, &b->destination) &&
	       a->destination_length == b->destination_length && a->tos == b->tos &&
	       a->table == b->table && a->priority == b->priority;
}

struct search {
	const struct attach_route *wanted;
	struct attach_route_sharers *sharers;
	bool passed_first; /* of those that have its place */
};

static int compare(const struct nlmsghdr *message, void *ctx)
{
	struct search *search = ctx;
	struct attach_route present;
	bool replaced;

	if (message->nlmsg_type != RTM_NEWROUTE)
		return 0;
	if (read_route(message, &present))
		return -EBADMSG;
	replaced = !search->passed_first && has_same_place(search->wanted, &present);
	search->passed_first = search->passed_first || replaced;
	if (!shares(search->wanted, &present))
		return 0;
	if (replaced)
		search->sharers->itself = true;
	else
		search->sharers->others = true;
	return 0;
}

int attach_route_find_sharers(struct netlink *nl, const struct attach_route *route,
			      struct attach_route_sharers *sharers)
{
	struct attach_route_sharers found = { false, false };
	struct search search = { route, &found, false };
	struct netlink_request request;
	struct rtmsg *header;
	int err = 0;

	if (route->family == AF_INET && attach_route_has_programs(route)) {
		netlink_begin(&request, RTM_GETROUTE, 0);
		header = netlink_put_header(&request, sizeof(*header));
		if (!header)
			return -EMSGSIZE;
		header->rtm_family = AF_INET;
		err = netlink_dump(nl, &request, compare, &search);
	}
	if (!err || err == -EINTR)
		*sharers = found;
	return err;
}
