// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/lwtunnel.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/kernel.h"
#include "test/route.h"
#include "test/rtnetlink.h"
#include "test/tests.h"

struct address {
	int family;
	unsigned char bytes[16];
	size_t size;
};

static struct address address_of(const char *text)
{
	struct address address = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	address.size = address.family == AF_INET6 ? 16 : 4;
	ck_assert_int_eq(inet_pton(address.family, text, address.bytes), 1);
	return address;
}

static void ask(struct nlmsghdr *request, const char *what)
{
	int err = rtnetlink_ask(request, NULL, NULL);

	ck_assert_msg(err == 0, "adding %s: %s", what, strerror(-err));
}

/* --- the namespace ------------------------------------------------------------------------ */

void switch_ipv6_on(const char *device)
{
	int fd CLEANUP(cleanup_fd) = -1;
	char path[80];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		test_skip_kernel("no IPv6: %s: %s", path, strerror(errno));
}

void add_address(const char *device, const char *text)
{
	struct address address = address_of(text);
	char buf[RTNETLINK_SIZE] = { 0 };
	struct nlmsghdr *request = rtnetlink_begin(buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *message = mnl_nlmsg_put_extra_header(request, sizeof(*message));

	message->ifa_family = (unsigned char)address.family;
	message->ifa_prefixlen = address.family == AF_INET ? 24 : 64;
	message->ifa_flags = IFA_F_NODAD;
	message->ifa_index = if_nametoindex(device);
	mnl_attr_put(request, IFA_LOCAL, address.size, address.bytes);
	ask(request, text);
}

void add_neighbour(const char *device, const char *text)
{
	static const unsigned char hardware[] = { 2, 0, 0, 0, 0, 1 };
	struct address address = address_of(text);
	char buf[RTNETLINK_SIZE] = { 0 };
	struct nlmsghdr *request = rtnetlink_begin(buf, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL);
	struct ndmsg *message = mnl_nlmsg_put_extra_header(request, sizeof(*message));

	message->ndm_family = (unsigned char)address.family;
	message->ndm_ifindex = (int)if_nametoindex(device);
	message->ndm_state = NUD_PERMANENT;
	mnl_attr_put(request, NDA_DST, address.size, address.bytes);
	mnl_attr_put(request, NDA_LLADDR, sizeof(hardware), hardware);
	ask(request, text);
}

void send_datagram(const char *text)
{
	struct address address = address_of(text);
	int fd CLEANUP(cleanup_fd) = socket(address.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	bool is_ipv4 = address.family == AF_INET;
	ssize_t sent;

	memcpy(&to.sin_addr, address.bytes, sizeof(to.sin_addr));
	memcpy(&to6.sin6_addr, address.bytes, sizeof(to6.sin6_addr));
	ck_assert_int_ge(fd, 0);
	sent = sendto(fd, "", 1, 0,
		      is_ipv4 ? (const struct sockaddr *)&to : (const struct sockaddr *)&to6,
		      is_ipv4 ? sizeof(to) : sizeof(to6));
	ck_assert_msg(sent == 1, "sending to %s: %s", text, strerror(errno));
}

/* --- routes ------------------------------------------------------------------------------- */

struct reading {
	int family;
	const char *destination;
	struct route *items;
	size_t size;
	size_t count;
	struct route route; /* that is read */
};

static int read_metric(const struct nlattr *attr, void *data)
{
	struct route *route = data;

	switch (mnl_attr_get_type(attr)) {
	case RTAX_LOCK:
		route->locked = mnl_attr_get_u32(attr);
		break;
	case RTAX_MTU:
		route->mtu = mnl_attr_get_u32(attr);
		break;
	case RTAX_ADVMSS:
		route->advmss = mnl_attr_get_u32(attr);
		break;
	case RTAX_HOPLIMIT:
		route->hoplimit = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

static int read_program(const struct nlattr *attr, void *data)
{
	char *name = data;

	if (mnl_attr_get_type(attr) != LWT_BPF_PROG_NAME)
		return MNL_CB_OK;
	ck_assert_uint_lt(strlen(mnl_attr_get_str(attr)), 256);
	strcpy(name, mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int read_hook(const struct nlattr *attr, void *data)
{
	static const enum route_hook hooks[] = {
		[LWT_BPF_IN] = ROUTE_IN,
		[LWT_BPF_OUT] = ROUTE_OUT,
		[LWT_BPF_XMIT] = ROUTE_XMIT,
	};
	struct route *route = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type != LWT_BPF_IN && type != LWT_BPF_OUT && type != LWT_BPF_XMIT)
		return MNL_CB_OK;
	return mnl_attr_parse_nested(attr, read_program, route->programs[hooks[type]]);
}

static void put_text(int family, const struct nlattr *attr, char text[64])
{
	ck_assert_ptr_nonnull(inet_ntop(family, mnl_attr_get_payload(attr), text, 64));
}

static void put_via(const struct nlattr *attr, char text[64])
{
	const struct rtvia *via = mnl_attr_get_payload(attr);

	ck_assert_ptr_nonnull(inet_ntop(via->rtvia_family, via->rtvia_addr, text, 64));
}

static int read_attribute(const struct nlattr *attr, void *data)
{
	struct reading *reading = data;
	struct route *route = &reading->route;

	switch (mnl_attr_get_type(attr)) {
	case RTA_DST:
		put_text(reading->family, attr, route->destination);
		break;
	case RTA_GATEWAY:
		put_text(reading->family, attr, route->gateway);
		break;
	case RTA_VIA:
		put_via(attr, route->gateway);
		break;
	case RTA_PREFSRC:
		put_text(reading->family, attr, route->source);
		break;
	case RTA_OIF:
		ck_assert_ptr_nonnull(if_indextoname(mnl_attr_get_u32(attr), route->device));
		break;
	case RTA_TABLE:
		route->table = mnl_attr_get_u32(attr);
		break;
	case RTA_PRIORITY:
		route->priority = mnl_attr_get_u32(attr);
		break;
	case RTA_PREF:
		route->preference = mnl_attr_get_u8(attr);
		break;
	case RTA_METRICS:
		return mnl_attr_parse_nested(attr, read_metric, route);
	case RTA_ENCAP_TYPE:
		route->encap = mnl_attr_get_u16(attr);
		break;
	case RTA_ENCAP:
		return mnl_attr_parse_nested(attr, read_hook, route);
	}
	return MNL_CB_OK;
}

static int read_route(const struct nlmsghdr *answer, void *data)
{
	const struct rtmsg *message = mnl_nlmsg_get_payload(answer);
	struct reading *reading = data;
	struct route *route = &reading->route;
	int err;

	*route = (struct route){
		.type = message->rtm_type,
		.scope = message->rtm_scope,
		.protocol = message->rtm_protocol,
		.tos = message->rtm_tos,
		.onlink = message->rtm_flags & RTNH_F_ONLINK,
	};
	strcpy(route->destination, reading->family == AF_INET ? "0.0.0.0" : "::");
	err = mnl_attr_parse(answer, sizeof(*message), read_attribute, reading);
	if (err < 0)
		return err;
	sprintf(route->destination + strlen(route->destination), "/%u", message->rtm_dst_len);
	if (strcmp(route->destination, reading->destination) != 0)
		return MNL_CB_OK;
	if (reading->count < reading->size)
		reading->items[reading->count] = *route;
	reading->count++;
	return MNL_CB_OK;
}

size_t routes_to(int family, const char *destination, struct route *routes, size_t size)
{
	struct reading reading = { family, destination, routes, size, 0, { .table = 0 } };
	char buf[RTNETLINK_SIZE] = { 0 };
	struct nlmsghdr *request = rtnetlink_begin(buf, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *message = mnl_nlmsg_put_extra_header(request, sizeof(*message));
	int err;

	message->rtm_family = (unsigned char)family;
	err = rtnetlink_ask(request, read_route, &reading);
	ck_assert_msg(err == 0, "listing routes: %s", strerror(-err));
	return reading.count;
}

struct route route_to(int family, const char *destination)
{
	struct route route;
	size_t count = routes_to(family, destination, &route, 1);

	ck_assert_msg(count == 1, "%zu routes to %s", count, destination);
	return route;
}

/* --- their programs ----------------------------------------------------------------------- */

static bool is_of_route(const struct program_info *info, __u32 map)
{
	if (info->type != BPF_PROG_TYPE_LWT_IN && info->type != BPF_PROG_TYPE_LWT_OUT &&
	    info->type != BPF_PROG_TYPE_LWT_XMIT)
		return false;
	for (size_t i = 0; i < info->nr_maps; i++) {
		if (info->maps[i] == map)
			return true;
	}
	return false;
}

size_t route_programs(__u32 map, __u32 *ids, size_t size)
{
	struct program_info info;
	size_t count = 0;
	__u32 id = 0;

	while (bpf_prog_get_next_id(id, &id) == 0) {
		int fd CLEANUP(cleanup_fd) = bpf_prog_get_fd_by_id(id);

		/* others come and go */
		if (fd < 0)
			continue;
		info = program_info(fd);
		if (!is_of_route(&info, map))
			continue;
		if (count < size)
			ids[count] = id;
		count++;
	}
	return count;
}
