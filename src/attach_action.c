/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The rtnetlink messages of actions (pkt_cls.h and tc_act/ in the kernel's include/uapi/linux,
 * rtnetlink.h), written and read. What goes with which verb is tc's choice.
 */
#include <errno.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>

#include "attach_action.h"
#include "cleanup.h"
#include "netlink.h"

/* What the parameters of bpf, and of gact, are. */
struct parameters {
	tc_gen;
};

/* --- writing ------------------------------------------------------------------------------ */

static void put_bits(struct netlink_request *request, __u16 type, __u32 value, __u32 known)
{
	const struct nla_bitfield32 bits = { .value = value, .selector = known };

	netlink_put_bytes(request, type, &bits, sizeof(bits));
}

static void put_parameters(struct netlink_request *request, __u16 type,
			   const struct attach_action *action)
{
	const struct parameters parameters = { .index = action->index, .action = action->control };

	netlink_put_bytes(request, type, &parameters, sizeof(parameters));
}

static void put_bpf(struct netlink_request *request, const struct attach_action *action)
{
	if (action->bpf.fd >= 0) {
		netlink_put_u32(request, TCA_ACT_BPF_FD, (__u32)action->bpf.fd);
		netlink_put_string(request, TCA_ACT_BPF_NAME, action->bpf.name);
	}
	put_parameters(request, TCA_ACT_BPF_PARMS, action);
}

static void put_gact(struct netlink_request *request, const struct attach_action *action)
{
	put_parameters(request, TCA_GACT_PARMS, action);
}

static void put_mirred(struct netlink_request *request, const struct attach_action *action)
{
	const struct tc_mirred parameters = {
		.index = action->index,
		.action = action->control,
		.eaction = action->mirred.direction,
		.ifindex = action->mirred.ifindex,
	};

	netlink_put_bytes(request, TCA_MIRRED_PARMS, &parameters, sizeof(parameters));
}

/* What the options of each kind are. */
static const struct kind {
	const char *name;
	void (*put)(struct netlink_request *request, const struct attach_action *action);
} kinds[] = {
	{ "bpf", put_bpf },
	{ "gact", put_gact },
	{ "mirred", put_mirred },
};

static void put_options(struct netlink_request *request, const struct attach_action *action)
{
	struct nlattr *options = netlink_begin_nest(request, TCA_ACT_OPTIONS);
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(action->kind, kinds[i].name))
			kinds[i].put(request, action);
	}
	netlink_end_nest(request, options);
}

static void put_action(struct netlink_request *request, __u16 order,
		       const struct attach_action *action)
{
	struct nlattr *nest = netlink_begin_nest(request, order);

	netlink_put_string(request, TCA_ACT_KIND, action->kind);
	put_options(request, action);
	if (action->cookie_size)
		netlink_put_bytes(request, TCA_ACT_COOKIE, action->cookie, action->cookie_size);
	if (action->has_hw_stats)
		put_bits(request, TCA_ACT_HW_STATS, action->hw_stats, action->hw_stats);
	if (action->flags.known)
		put_bits(request, TCA_ACT_FLAGS, action->flags.value, action->flags.known);
	netlink_end_nest(request, nest);
}

void attach_action_put(struct netlink_request *request, __u16 type,
		       const struct attach_action *actions, size_t count)
{
	struct nlattr *nest = netlink_begin_nest(request, type);
	size_t i;

	for (i = 0; i < count; i++)
		put_action(request, (__u16)(i + 1), &actions[i]);
	netlink_end_nest(request, nest);
}

static int begin(struct netlink_request *request, __u16 type, __u16 flags)
{
	netlink_begin(request, type, flags);
	return netlink_put_header(request, sizeof(struct tcamsg)) ? 0 : -EMSGSIZE;
}

int attach_action_change(struct netlink *nl, enum attach_action_verb verb,
			 const struct attach_action *actions, size_t count)
{
	static const __u16 flags[] = {
		[ATTACH_ACTION_ADD] = NLM_F_CREATE | NLM_F_EXCL,
		[ATTACH_ACTION_REPLACE] = NLM_F_CREATE | NLM_F_REPLACE,
	};
	struct netlink_request request;
	int err = begin(&request, RTM_NEWACTION, flags[verb]);

	if (err)
		return err;
	attach_action_put(&request, TCA_ACT_TAB, actions, count);
	return netlink_talk(nl, &request);
}

/* A request about actions that are there, by kind and index. */
static int name_actions(struct netlink_request *request, __u16 type,
			const struct attach_action *actions, size_t count)
{
	int err = begin(request, type, 0);
	struct nlattr *nest, *action;
	size_t i;

	if (err)
		return err;
	nest = netlink_begin_nest(request, TCA_ACT_TAB);
	for (i = 0; i < count; i++) {
		action = netlink_begin_nest(request, (__u16)(i + 1));
		netlink_put_string(request, TCA_ACT_KIND, actions[i].kind);
		if (actions[i].index)
			netlink_put_u32(request, TCA_ACT_INDEX, actions[i].index);
		netlink_end_nest(request, action);
	}
	netlink_end_nest(request, nest);
	return 0;
}

int attach_action_delete(struct netlink *nl, const struct attach_action *actions, size_t count)
{
	struct netlink_request request;
	int err = name_actions(&request, RTM_DELACTION, actions, count);

	return err ? err : netlink_talk(nl, &request);
}

/* A request about all actions of a kind. */
static int name_kind(struct netlink_request *request, __u16 type, __u16 flags, const char *kind)
{
	int err = begin(request, type, flags);
	struct nlattr *nest, *action;

	if (err)
		return err;
	nest = netlink_begin_nest(request, TCA_ACT_TAB);
	action = netlink_begin_nest(request, 1);
	netlink_put_string(request, TCA_ACT_KIND, kind);
	netlink_end_nest(request, action);
	netlink_end_nest(request, nest);
	/* as many in a message as it holds, and not 32 in all */
	put_bits(request, TCA_ROOT_FLAGS, TCA_ACT_FLAG_LARGE_DUMP_ON, TCA_ACT_FLAG_LARGE_DUMP_ON);
	return 0;
}

int attach_action_flush(struct netlink *nl, const char *kind)
{
	struct netlink_request request;
	int err = name_kind(&request, RTM_DELACTION, NLM_F_ROOT, kind);

	return err ? err : netlink_talk(nl, &request);
}

/* --- asking ------------------------------------------------------------------------------- */

struct listing {
	attach_action_fn fn;
	void *ctx;
};

static int read_list(const struct nlmsghdr *message, void *ctx)
{
	CLEANUP(cleanup_attach_actions) struct attach_action_list list = { 0 };
	const struct listing *listing = ctx;
	int err;

	if (message->nlmsg_type != RTM_GETACTION && message->nlmsg_type != RTM_NEWACTION)
		return 0;
	err = attach_action_read_answer(message, &list);
	return err ? err : listing->fn(&list, listing->ctx);
}

int attach_action_get(struct netlink *nl, const struct attach_action *actions, size_t count,
		      attach_action_fn fn, void *ctx)
{
	struct listing listing = { fn, ctx };
	struct netlink_request request;
	int err = name_actions(&request, RTM_GETACTION, actions, count);

	return err ? err : netlink_get(nl, &request, read_list, &listing);
}

int attach_action_list(struct netlink *nl, const char *kind, __u32 since, attach_action_fn fn,
		       void *ctx)
{
	struct listing listing = { fn, ctx };
	struct netlink_request request;
	int err = name_kind(&request, RTM_GETACTION, 0, kind);

	if (err)
		return err;
	if (since)
		netlink_put_u32(&request, TCA_ROOT_TIME_DELTA, since);
	return netlink_dump(nl, &request, read_list, &listing);
}

static int ignore_list(const struct attach_action_list *list, void *ctx)
{
	(void)list, (void)ctx;
	return 0;
}

bool attach_action_is_loaded(struct netlink *nl, const char *kind)
{
	struct attach_action action = { .index = (__u32)-1 };

	/* asked for one that is not there, it says -ENOENT if it knows the kind */
	strncpy(action.kind, kind, sizeof(action.kind) - 1);
	return attach_action_get(nl, &action, 1, ignore_list, NULL) != -EINVAL;
}

bool attach_action_is_missing(struct netlink *nl, const char *kind)
{
	struct attach_action action = { 0 };
	struct netlink_request request;

	/* no kind takes an action without options, but that is seen after its module is loaded */
	strncpy(action.kind, kind, sizeof(action.kind) - 1);
	if (name_actions(&request, RTM_NEWACTION, &action, 1))
		return false;
	return netlink_talk(nl, &request) == -ENOENT;
}
