// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of kernel.h that asks rtnetlink what is attached to devices. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <bpf/libbpf.h>
#include <libmnl/libmnl.h>

#include "test/kernel.h"
#include "test/tests.h"

struct filters {
	struct filter *items;
	size_t size;
	size_t count;
};

struct wanted_qdisc {
	const char *kind;
	int device;
	bool found;
};

/* Dump all objects of a kind, with a struct tcmsg as the question. */
static void dump(uint16_t type, const struct tcmsg *question, mnl_cb_t fn, void *data)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	char buf[32768] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	ssize_t size;
	int err;

	ck_assert_ptr_nonnull(socket);
	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	memcpy(mnl_nlmsg_put_extra_header(request, sizeof(*question)), question, sizeof(*question));
	ck_assert_int_eq(mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID), 0);
	ck_assert_int_gt(mnl_socket_sendto(socket, request, request->nlmsg_len), 0);
	do {
		size = mnl_socket_recvfrom(socket, buf, sizeof(buf));
		ck_assert_msg(size > 0, "rtnetlink: %s", strerror(errno));
		err = mnl_cb_run(buf, (size_t)size, 0, 0, fn, data);
		ck_assert_msg(err >= 0, "rtnetlink: %s", strerror(errno));
	} while (err > MNL_CB_STOP);
	mnl_socket_close(socket);
}

static int device_index(const char *device)
{
	int index = (int)if_nametoindex(device);

	ck_assert_msg(index > 0, "no device %s", device);
	return index;
}

static int read_bpf_option(const struct nlattr *attr, void *data)
{
	struct filter *filter = data;

	switch (mnl_attr_get_type(attr)) {
	case TCA_BPF_ID:
		filter->program = mnl_attr_get_u32(attr);
		break;
	case TCA_BPF_CLASSID:
		filter->classid = mnl_attr_get_u32(attr);
		break;
	case TCA_BPF_FLAGS:
		filter->flags = mnl_attr_get_u32(attr);
		break;
	case TCA_BPF_FLAGS_GEN:
		filter->gen_flags = mnl_attr_get_u32(attr);
		break;
	case TCA_BPF_NAME:
		ck_assert_uint_lt(strlen(mnl_attr_get_str(attr)), sizeof(filter->name));
		strcpy(filter->name, mnl_attr_get_str(attr));
		break;
	}
	return MNL_CB_OK;
}

static int read_filter_attribute(const struct nlattr *attr, void *data)
{
	struct filter *filter = data;

	switch (mnl_attr_get_type(attr)) {
	case TCA_CHAIN:
		filter->chain = mnl_attr_get_u32(attr);
		break;
	case TCA_OPTIONS:
		return mnl_attr_parse_nested(attr, read_bpf_option, filter);
	}
	return MNL_CB_OK;
}

/* A filter without a handle stands for its whole preference; one without a program is not ours. */
static int read_filter(const struct nlmsghdr *answer, void *data)
{
	const struct tcmsg *message = mnl_nlmsg_get_payload(answer);
	struct filters *filters = data;
	struct filter filter = {
		.handle = message->tcm_handle,
		.preference = (__u16)(TC_H_MAJ(message->tcm_info) >> 16),
		.protocol = ntohs((__u16)TC_H_MIN(message->tcm_info)),
	};
	int err = mnl_attr_parse(answer, sizeof(*message), read_filter_attribute, &filter);

	if (err < 0 || !filter.handle || !filter.program)
		return err;
	if (filters->count < filters->size)
		filters->items[filters->count] = filter;
	filters->count++;
	return MNL_CB_OK;
}

size_t attached_filters(const char *device, __u32 hook, struct filter *items, size_t size)
{
	struct tcmsg question = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = device_index(device),
		.tcm_parent = TC_H_MAKE(TC_H_CLSACT, hook),
	};
	struct filters filters = { .items = items, .size = size };

	dump(RTM_GETTFILTER, &question, read_filter, &filters);
	return filters.count;
}

__u32 attached_program(const char *device, __u32 hook)
{
	struct filter filter = { 0 };

	ck_assert_uint_le(attached_filters(device, hook, &filter, 1), 1);
	return filter.program;
}

struct xdp_attachment attached_xdp(const char *device)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int err = bpf_xdp_query(device_index(device), 0, &query);

	ck_assert_msg(err == 0, "asking for the XDP program of %s: %s", device, strerror(-err));
	return (struct xdp_attachment){
		.mode = query.attach_mode,
		.program = query.prog_id,
		.generic = query.skb_prog_id,
		.native = query.drv_prog_id,
	};
}

__u32 attached_xdp_program(const char *device)
{
	return attached_xdp(device).program;
}

static int read_kind(const struct nlattr *attr, void *data)
{
	const char **kind = data;

	if (mnl_attr_get_type(attr) == TCA_KIND)
		*kind = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

static int compare_qdisc(const struct nlmsghdr *answer, void *data)
{
	const struct tcmsg *message = mnl_nlmsg_get_payload(answer);
	struct wanted_qdisc *wanted = data;
	const char *kind = "";
	int err = mnl_attr_parse(answer, sizeof(*message), read_kind, &kind);

	if (message->tcm_ifindex == wanted->device && strcmp(kind, wanted->kind) == 0)
		wanted->found = true;
	return err;
}

bool has_qdisc(const char *device, const char *kind)
{
	struct tcmsg question = { .tcm_family = AF_UNSPEC };
	struct wanted_qdisc wanted = { .kind = kind, .device = device_index(device) };

	dump(RTM_GETQDISC, &question, compare_qdisc, &wanted);
	return wanted.found;
}
