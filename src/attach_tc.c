/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The rtnetlink messages of qdiscs and filters (include/uapi/linux/rtnetlink.h, pkt_cls.h and
 * pkt_sched.h in the kernel), written and read. What goes with which verb is tc's choice:
 * scripts expect the same refusals.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "attach_tc.h"
#include "cleanup.h"
#include "netlink.h"
#include "netlink_read.h"

struct message_kind {
	__u16 type;
	__u16 flags;
};

static const struct message_kind qdisc_messages[] = {
	[ATTACH_TC_ADD] = { RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL },
	[ATTACH_TC_CHANGE] = { RTM_NEWQDISC, 0 },
	[ATTACH_TC_REPLACE] = { RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE },
	[ATTACH_TC_DELETE] = { RTM_DELQDISC, 0 },
};

static const struct message_kind filter_messages[] = {
	[ATTACH_TC_ADD] = { RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL },
	[ATTACH_TC_CHANGE] = { RTM_NEWTFILTER, 0 },
	[ATTACH_TC_REPLACE] = { RTM_NEWTFILTER, NLM_F_CREATE },
	[ATTACH_TC_DELETE] = { RTM_DELTFILTER, 0 },
};

int attach_tc_qdisc(struct netlink *nl, enum attach_tc_verb verb,
		    const struct attach_tc_qdisc *qdisc)
{
	const struct message_kind *message = &qdisc_messages[verb];
	struct netlink_request request;
	struct tcmsg *header;

	netlink_begin(&request, message->type, message->flags);
	header = netlink_put_header(&request, sizeof(*header));
	if (!header)
		return -EMSGSIZE;
	header->tcm_ifindex = qdisc->ifindex;
	header->tcm_handle = qdisc->handle;
	header->tcm_parent = qdisc->parent;
	if (qdisc->kind[0])
		netlink_put_string(&request, TCA_KIND, qdisc->kind);
	if (qdisc->ingress_block)
		netlink_put_u32(&request, TCA_INGRESS_BLOCK, qdisc->ingress_block);
	if (qdisc->egress_block)
		netlink_put_u32(&request, TCA_EGRESS_BLOCK, qdisc->egress_block);
	return netlink_talk(nl, &request);
}

static int put_filter_header(struct netlink_request *request, const struct attach_tc_filter *filter)
{
	struct tcmsg *header = netlink_put_header(request, sizeof(*header));

	if (!header)
		return -EMSGSIZE;
	header->tcm_handle = filter->handle;
	if (filter->block) {
		header->tcm_ifindex = (int)TCM_IFINDEX_MAGIC_BLOCK;
		header->tcm_block_index = filter->block;
	} else {
		header->tcm_ifindex = filter->ifindex;
		header->tcm_parent = filter->parent;
	}
	header->tcm_info = TC_H_MAKE((__u32)filter->priority << 16, htons(filter->protocol));
	if (filter->has_chain)
		netlink_put_u32(request, TCA_CHAIN, filter->chain);
	return 0;
}

static void put_bpf(struct netlink_request *request, const struct attach_tc_bpf *bpf)
{
	struct nlattr *options = netlink_begin_nest(request, TCA_OPTIONS);

	if (bpf->classid)
		netlink_put_u32(request, TCA_BPF_CLASSID, bpf->classid);
	netlink_put_u32(request, TCA_BPF_FD, (__u32)bpf->fd);
	netlink_put_string(request, TCA_BPF_NAME, bpf->name);
	if (bpf->flags_gen)
		netlink_put_u32(request, TCA_BPF_FLAGS_GEN, bpf->flags_gen);
	if (bpf->direct_action)
		netlink_put_u32(request, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	if (bpf->nr_actions)
		attach_action_put(request, TCA_BPF_ACT, bpf->actions, bpf->nr_actions);
	netlink_end_nest(request, options);
}

int attach_tc_filter(struct netlink *nl, enum attach_tc_verb verb,
		     const struct attach_tc_filter *filter)
{
	const struct message_kind *message = &filter_messages[verb];
	struct netlink_request request;
	int err;

	netlink_begin(&request, message->type, message->flags);
	err = put_filter_header(&request, filter);
	if (err)
		return err;
	if (filter->kind[0])
		netlink_put_string(&request, TCA_KIND, filter->kind);
	if (filter->has_bpf)
		put_bpf(&request, &filter->bpf);
	return netlink_talk(nl, &request);
}

/* --- reading ------------------------------------------------------------------------------ */

/* The fixed header and the attributes of a qdisc's or a filter's message; NULL if malformed. */
static const struct tcmsg *read_header(const struct nlmsghdr *message, const struct nlattr **table)
{
	const struct tcmsg *header = netlink_read_header(message, sizeof(*header), table, TCA_MAX);

	return table[TCA_KIND] ? header : NULL;
}

struct qdisc_listing {
	int ifindex;
	attach_tc_qdisc_fn fn;
	void *ctx;
};

static int read_qdisc(const struct nlmsghdr *message, void *ctx)
{
	const struct qdisc_listing *listing = ctx;
	const struct nlattr *table[TCA_MAX + 1] = { NULL };
	const struct tcmsg *header;
	struct attach_tc_qdisc qdisc;

	if (message->nlmsg_type != RTM_NEWQDISC)
		return 0;
	header = read_header(message, table);
	if (!header)
		return -EBADMSG;
	/* the kernel lists the qdiscs of all interfaces */
	if (listing->ifindex && listing->ifindex != header->tcm_ifindex)
		return 0;
	qdisc = (struct attach_tc_qdisc){
		.ifindex = header->tcm_ifindex,
		.handle = header->tcm_handle,
		.parent = header->tcm_parent,
		.references = header->tcm_info,
	};
	netlink_read_string(table[TCA_KIND], qdisc.kind, sizeof(qdisc.kind));
	qdisc.ingress_block = netlink_read_u32(table[TCA_INGRESS_BLOCK]);
	qdisc.egress_block = netlink_read_u32(table[TCA_EGRESS_BLOCK]);
	qdisc.offloaded = netlink_read_u8(table[TCA_HW_OFFLOAD]);
	attach_stats_read(table[TCA_STATS2], &qdisc.stats);
	return listing->fn(&qdisc, listing->ctx);
}

int attach_tc_list_qdiscs(struct netlink *nl, int ifindex, attach_tc_qdisc_fn fn, void *ctx)
{
	struct qdisc_listing listing = { ifindex, fn, ctx };
	struct netlink_request request;
	struct tcmsg *header;

	netlink_begin(&request, RTM_GETQDISC, 0);
	header = netlink_put_header(&request, sizeof(*header));
	if (!header)
		return -EMSGSIZE;
	header->tcm_ifindex = ifindex;
	return netlink_dump(nl, &request, read_qdisc, &listing);
}

static int read_bpf(const struct nlattr *options, struct attach_tc_bpf *bpf,
		    struct attach_action_list *actions)
{
	const struct nlattr *table[TCA_BPF_MAX + 1] = { NULL };
	int err;

	if (netlink_read_nest(options, table, TCA_BPF_MAX))
		return -EBADMSG;
	*bpf = (struct attach_tc_bpf){
		.fd = -1,
		.direct_action = netlink_read_u32(table[TCA_BPF_FLAGS]) & TCA_BPF_FLAG_ACT_DIRECT,
		.flags_gen = netlink_read_u32(table[TCA_BPF_FLAGS_GEN]),
		.classid = netlink_read_u32(table[TCA_BPF_CLASSID]),
		.id = netlink_read_u32(table[TCA_BPF_ID]),
	};
	netlink_read_string(table[TCA_BPF_NAME], bpf->name, sizeof(bpf->name));
	if (table[TCA_BPF_TAG] &&
	    mnl_attr_get_payload_len(table[TCA_BPF_TAG]) == sizeof(bpf->tag)) {
		memcpy(bpf->tag, mnl_attr_get_payload(table[TCA_BPF_TAG]), sizeof(bpf->tag));
		bpf->has_tag = true;
	}
	if (!table[TCA_BPF_ACT])
		return 0;
	err = attach_action_read(table[TCA_BPF_ACT], actions);
	bpf->actions = actions->actions;
	bpf->nr_actions = actions->count;
	return err;
}

struct filter_listing {
	attach_tc_filter_fn fn;
	void *ctx;
};

static int read_filter(const struct nlmsghdr *message, void *ctx)
{
	CLEANUP(cleanup_attach_actions) struct attach_action_list actions = { 0 };
	const struct filter_listing *listing = ctx;
	const struct nlattr *table[TCA_MAX + 1] = { NULL };
	const struct tcmsg *header;
	struct attach_tc_filter filter;
	int err;

	if (message->nlmsg_type != RTM_NEWTFILTER)
		return 0;
	header = read_header(message, table);
	if (!header)
		return -EBADMSG;
	filter = (struct attach_tc_filter){
		.handle = header->tcm_handle,
		.protocol = ntohs((__u16)TC_H_MIN(header->tcm_info)),
		.priority = (__u16)(TC_H_MAJ(header->tcm_info) >> 16),
		.has_chain = table[TCA_CHAIN],
		.chain = netlink_read_u32(table[TCA_CHAIN]),
	};
	if (header->tcm_ifindex == (int)TCM_IFINDEX_MAGIC_BLOCK) {
		filter.block = header->tcm_block_index;
	} else {
		filter.ifindex = header->tcm_ifindex;
		filter.parent = header->tcm_parent;
	}
	netlink_read_string(table[TCA_KIND], filter.kind, sizeof(filter.kind));
	attach_stats_read(table[TCA_STATS2], &filter.stats);
	if (!strcmp(filter.kind, "bpf") && table[TCA_OPTIONS]) {
		err = read_bpf(table[TCA_OPTIONS], &filter.bpf, &actions);
		if (err)
			return err;
		filter.has_bpf = true;
	}
	return listing->fn(&filter, listing->ctx);
}

int attach_tc_list_filters(struct netlink *nl, const struct attach_tc_filter *like,
			   attach_tc_filter_fn fn, void *ctx)
{
	struct filter_listing listing = { fn, ctx };
	struct netlink_request request;
	int err;

	netlink_begin(&request, RTM_GETTFILTER, 0);
	err = put_filter_header(&request, like);
	if (err)
		return err;
	return netlink_dump(nl, &request, read_filter, &listing);
}

int attach_tc_get_filter(struct netlink *nl, const struct attach_tc_filter *like,
			 attach_tc_filter_fn fn, void *ctx)
{
	struct filter_listing listing = { fn, ctx };
	struct netlink_request request;
	int err;

	/* kernels before 4.14 answer only those that want the echo of a change */
	netlink_begin(&request, RTM_GETTFILTER, NLM_F_ECHO);
	err = put_filter_header(&request, like);
	if (err)
		return err;
	netlink_put_string(&request, TCA_KIND, like->kind);
	return netlink_get(nl, &request, read_filter, &listing);
}
