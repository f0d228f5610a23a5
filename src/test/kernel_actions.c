// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>

#include <libmnl/libmnl.h>

#include "test/kernel_actions.h"
#include "test/tests.h"

struct request {
	union {
		struct nlmsghdr header;
		char bytes[1024];
	};
};

static void begin(struct request *request, __u16 type, __u16 flags)
{
	memset(request, 0, sizeof(*request));
	mnl_nlmsg_put_header(request->bytes);
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | flags;
	mnl_nlmsg_put_extra_header(&request->header, sizeof(struct tcamsg));
}

/* Put one action; options are a struct of parameters, which is attribute 2 of all kinds used. */
static void put_action(struct request *request, const char *kind, const void *options, size_t size)
{
	struct nlattr *list = mnl_attr_nest_start(&request->header, TCA_ACT_TAB);
	struct nlattr *action = mnl_attr_nest_start(&request->header, 1), *nest;

	mnl_attr_put_strz(&request->header, TCA_ACT_KIND, kind);
	if (options) {
		nest = mnl_attr_nest_start(&request->header, TCA_ACT_OPTIONS);
		mnl_attr_put(&request->header, TCA_MIRRED_PARMS, size, options);
		mnl_attr_nest_end(&request->header, nest);
	}
	mnl_attr_nest_end(&request->header, action);
	mnl_attr_nest_end(&request->header, list);
}

/* Send, and hand what is answered to fn. Returns 0 or the kernel's negative errno. */
static int talk(struct request *request, mnl_cb_t fn, void *ctx)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	char buffer[32768];
	ssize_t size;
	int err;

	ck_assert_ptr_nonnull(socket);
	ck_assert_int_eq(mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID), 0);
	ck_assert_int_gt(mnl_socket_sendto(socket, request->bytes, request->header.nlmsg_len), 0);
	do {
		size = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		ck_assert_msg(size > 0, "rtnetlink: %s", strerror(errno));
		err = mnl_cb_run(buffer, (size_t)size, 0, 0, fn, ctx);
		if (err < 0)
			err = -errno;
	} while (err > MNL_CB_STOP);
	mnl_socket_close(socket);
	return err;
}

bool kernel_has_actions(const char *kind)
{
	struct request request;

	/* an action without options is wrong, but its kind is looked for first */
	begin(&request, RTM_NEWACTION, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
	put_action(&request, kind, NULL, 0);
	return talk(&request, NULL, NULL) != -ENOENT;
}

void require_actions(const char *kind)
{
	if (!kernel_has_actions(kind))
		test_skip("this kernel has no act_%s", kind);
}

void require_no_actions(const char *kind)
{
	if (kernel_has_actions(kind))
		test_skip("this kernel has act_%s", kind);
}

void add_mirror(__u32 index, const char *device)
{
	const struct tc_mirred mirror = {
		.index = index,
		.action = TC_ACT_PIPE,
		.eaction = TCA_EGRESS_MIRROR,
		.ifindex = if_nametoindex(device),
	};
	struct request request;

	begin(&request, RTM_NEWACTION, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
	put_action(&request, "mirred", &mirror, sizeof(mirror));
	ck_assert_int_eq(talk(&request, NULL, NULL), 0);
}

/* --- listing ------------------------------------------------------------------------------ */

struct search {
	__u32 index;
	size_t count;
	size_t bound;
	bool found;
};

static int read_parameters(const struct nlattr *attribute, void *ctx)
{
	struct search *search = ctx;
	struct tc_gact parameters;

	/* all kinds used begin their parameters as gact does */
	if (mnl_attr_get_type(attribute) != TCA_GACT_PARMS)
		return MNL_CB_OK;
	ck_assert_uint_ge(mnl_attr_get_payload_len(attribute), sizeof(parameters));
	memcpy(&parameters, mnl_attr_get_payload(attribute), sizeof(parameters));
	search->count++;
	if (parameters.bindcnt > 0)
		search->bound++;
	if (parameters.index == search->index)
		search->found = true;
	return MNL_CB_OK;
}

static int read_options(const struct nlattr *attribute, void *ctx)
{
	if (mnl_attr_get_type(attribute) != TCA_ACT_OPTIONS)
		return MNL_CB_OK;
	return mnl_attr_parse_nested(attribute, read_parameters, ctx);
}

static int read_action(const struct nlattr *attribute, void *ctx)
{
	return mnl_attr_parse_nested(attribute, read_options, ctx);
}

static int read_list(const struct nlattr *attribute, void *ctx)
{
	if (mnl_attr_get_type(attribute) != TCA_ACT_TAB)
		return MNL_CB_OK;
	return mnl_attr_parse_nested(attribute, read_action, ctx);
}

static int read_message(const struct nlmsghdr *message, void *ctx)
{
	return mnl_attr_parse(message, sizeof(struct tcamsg), read_list, ctx);
}

static struct search search_actions(const char *kind, __u32 index)
{
	struct search search = { .index = index };
	struct request request;

	begin(&request, RTM_GETACTION, NLM_F_DUMP);
	put_action(&request, kind, NULL, 0);
	ck_assert_int_ge(talk(&request, read_message, &search), 0);
	return search;
}

size_t count_actions(const char *kind)
{
	return search_actions(kind, 0).count;
}

size_t count_bound_actions(const char *kind)
{
	return search_actions(kind, 0).bound;
}

bool has_action(const char *kind, __u32 index)
{
	return search_actions(kind, index).found;
}
