/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The actions in the kernel's messages. Each kind has its parameters and times in attributes of its
 * own choice (tc_act/ in the kernel's include/uapi/linux).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>
#include <linux/tc_act/tc_gact.h>
#include <linux/tc_act/tc_mirred.h>

#include "attach_action.h"
#include "cleanup.h"
#include "netlink_read.h"

/* What all structs of parameters begin with. */
struct parameters {
	tc_gen;
};

static struct attach_action_bits read_bits(const struct nlattr *attribute)
{
	struct nla_bitfield32 bits;

	netlink_read_struct(attribute, &bits, sizeof(bits));
	return (struct attach_action_bits){ .value = bits.value & bits.selector,
					    .known = bits.selector };
}

static void read_bpf(const struct nlattr *const *options, struct attach_action *action)
{
	struct attach_action_bpf *bpf = &action->bpf;
	const struct nlattr *tag = options[TCA_ACT_BPF_TAG];

	bpf->id = netlink_read_u32(options[TCA_ACT_BPF_ID]);
	netlink_read_string(options[TCA_ACT_BPF_NAME], bpf->name, sizeof(bpf->name));
	if (tag && mnl_attr_get_payload_len(tag) == sizeof(bpf->tag)) {
		memcpy(bpf->tag, mnl_attr_get_payload(tag), sizeof(bpf->tag));
		bpf->has_tag = true;
	}
}

static void read_gact(const struct nlattr *const *options, struct attach_action *action)
{
	struct tc_gact_p random;

	netlink_read_struct(options[TCA_GACT_PROB], &random, sizeof(random));
	action->random.type = random.ptype;
	action->random.value = random.pval;
	action->random.control = random.paction;
}

static void read_mirred(const struct nlattr *const *options, struct attach_action *action)
{
	struct tc_mirred mirred;

	netlink_read_struct(options[TCA_MIRRED_PARMS], &mirred, sizeof(mirred));
	action->mirred.direction = mirred.eaction;
	action->mirred.ifindex = mirred.ifindex;
}

/* Of the known kinds, where the times and the parameters are, and what reads the rest. */
static const struct kind {
	const char *name;
	__u16 times;
	__u16 parameters;
	void (*read)(const struct nlattr *const *options, struct attach_action *action);
} kinds[] = {
	{ "bpf", TCA_ACT_BPF_TM, TCA_ACT_BPF_PARMS, read_bpf },
	{ "gact", TCA_GACT_TM, TCA_GACT_PARMS, read_gact },
	{ "mirred", TCA_MIRRED_TM, TCA_MIRRED_PARMS, read_mirred },
};

#define OPTIONS_MAX TCA_ACT_BPF_MAX /* no known kind has more */

static const struct kind *find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}

static void read_parameters(const struct nlattr *attribute, struct attach_action *action)
{
	struct parameters parameters;

	if (!attribute)
		return;
	netlink_read_struct(attribute, &parameters, sizeof(parameters));
	action->has_parameters = true;
	action->index = parameters.index;
	action->control = parameters.action;
	action->references = parameters.refcnt;
	action->bindings = parameters.bindcnt;
}

static void read_times(const struct nlattr *attribute, struct attach_action *action)
{
	struct tcf_t times;

	netlink_read_struct(attribute, &times, sizeof(times));
	action->times.installed = times.install;
	action->times.last_used = times.lastuse;
	action->times.first_used = times.firstuse;
	action->times.expires = times.expires;
}

static int read_options(const struct nlattr *nest, struct attach_action *action)
{
	const struct nlattr *options[OPTIONS_MAX + 1] = { NULL };
	const struct kind *kind = find_kind(action->kind);

	if (!kind || !nest)
		return 0;
	if (netlink_read_nest(nest, options, OPTIONS_MAX))
		return -EBADMSG;
	read_parameters(options[kind->parameters], action);
	read_times(options[kind->times], action);
	kind->read(options, action);
	return 0;
}

static void read_cookie(const struct nlattr *attribute, struct attach_action *action)
{
	size_t size = attribute ? mnl_attr_get_payload_len(attribute) : 0;

	if (!size || size > sizeof(action->cookie))
		return;
	memcpy(action->cookie, mnl_attr_get_payload(attribute), size);
	action->cookie_size = size;
}

static int read_action(const struct nlattr *nest, struct attach_action *action)
{
	const struct nlattr *table[TCA_ACT_MAX + 1] = { NULL };

	if (netlink_read_nest(nest, table, TCA_ACT_MAX) || !table[TCA_ACT_KIND])
		return -EBADMSG;
	*action = (struct attach_action){
		.order = mnl_attr_get_type(nest),
		.index = netlink_read_u32(table[TCA_ACT_INDEX]),
		.flags = read_bits(table[TCA_ACT_FLAGS]),
		.has_hw_stats = table[TCA_ACT_HW_STATS],
		.hw_stats = read_bits(table[TCA_ACT_HW_STATS]).value,
		.has_hardware_count = table[TCA_ACT_IN_HW_COUNT],
		.hardware_count = netlink_read_u32(table[TCA_ACT_IN_HW_COUNT]),
		.has_used_hw_stats = table[TCA_ACT_USED_HW_STATS],
		.used_hw_stats = read_bits(table[TCA_ACT_USED_HW_STATS]).value,
		.bpf = { .fd = -1 },
	};
	netlink_read_string(table[TCA_ACT_KIND], action->kind, sizeof(action->kind));
	read_cookie(table[TCA_ACT_COOKIE], action);
	attach_stats_read(table[TCA_ACT_STATS], &action->stats);
	return read_options(table[TCA_ACT_OPTIONS], action);
}

static int count_action(const struct nlattr *attribute, void *ctx)
{
	size_t *count = ctx;

	(void)attribute;
	++*count;
	return MNL_CB_OK;
}

struct reading {
	struct attach_action_list list;
	int err;
};

static int add_action(const struct nlattr *attribute, void *ctx)
{
	struct reading *reading = ctx;

	reading->err = read_action(attribute, &reading->list.actions[reading->list.count]);
	if (reading->err)
		return MNL_CB_ERROR;
	reading->list.count++;
	return MNL_CB_OK;
}

int attach_action_read(const struct nlattr *nest, struct attach_action_list *list)
{
	struct reading reading = { 0 };
	size_t count = 0;

	if (mnl_attr_parse_nested(nest, count_action, &count) < 0)
		return -EBADMSG;
	reading.list.actions = calloc(count ? count : 1, sizeof(*reading.list.actions));
	if (!reading.list.actions)
		return -ENOMEM;
	mnl_attr_parse_nested(nest, add_action, &reading);
	if (reading.err) {
		free(reading.list.actions);
		return reading.err;
	}
	*list = reading.list;
	return 0;
}

int attach_action_read_answer(const struct nlmsghdr *message, struct attach_action_list *list)
{
	CLEANUP(cleanup_attach_actions) struct attach_action_list read = { 0 };
	const struct nlattr *table[TCA_ROOT_MAX + 1] = { NULL };
	int err = 0;

	if (!netlink_read_header(message, sizeof(struct tcamsg), table, TCA_ROOT_MAX))
		return -EBADMSG;
	if (table[TCA_ACT_TAB])
		err = attach_action_read(table[TCA_ACT_TAB], &read);
	if (err)
		return err;
	read.total = netlink_read_u32(table[TCA_ROOT_COUNT]);
	*list = read;
	read.actions = NULL;
	return 0;
}

void cleanup_attach_actions(struct attach_action_list *list)
{
	free(list->actions);
	list->actions = NULL;
	list->count = 0;
}
