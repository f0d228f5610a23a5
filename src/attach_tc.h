/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Attaching to traffic control: qdiscs and filters as requests to the kernel, and as the kernel
 * lists them. Filters of kind bpf in full; of other kinds only what every filter has. Words of the
 * command line and printing are not here.
 */
#ifndef ELFMAP_ATTACH_TC_H
#define ELFMAP_ATTACH_TC_H

#include <stdbool.h>
#include <linux/types.h>

#include "attach_action.h"
#include "attach_stats.h"

struct netlink;

#define ATTACH_TC_KIND_SIZE 16	/* IFNAMSIZ, the kernel's bound */
#define ATTACH_TC_NAME_SIZE 256 /* CLS_BPF_NAME_LEN */

enum attach_tc_verb {
	ATTACH_TC_ADD,	   /* must not be there yet */
	ATTACH_TC_CHANGE,  /* must be there */
	ATTACH_TC_REPLACE, /* either */
	ATTACH_TC_DELETE,
};

struct attach_tc_qdisc {
	int ifindex;
	__u32 handle;
	__u32 parent;
	char kind[ATTACH_TC_KIND_SIZE];
	/* the shared blocks of filters that clsact and ingress have; 0: one of their own */
	__u32 ingress_block;
	__u32 egress_block;
	/* of a listed one only */
	__u32 references;
	bool offloaded;
	struct attach_stats stats;
};

/* What a filter of kind bpf has beyond the rest. */
struct attach_tc_bpf {
	int fd; /* of the program; for requests */
	bool direct_action;
	__u32 flags_gen; /* TCA_CLS_FLAGS_*, or-ed */
	__u32 classid;	 /* 0 is none */
	char name[ATTACH_TC_NAME_SIZE];
	const struct attach_action *actions; /* of a listed one: there during the callback */
	size_t nr_actions;
	/* of a listed one only; id 0 where the kernel gave none */
	__u32 id;
	bool has_tag;
	__u8 tag[8];
};

struct attach_tc_filter {
	int ifindex;
	__u32 block; /* a shared block, instead of ifindex and parent; 0 is none */
	__u32 parent;
	__u32 handle;
	__u16 protocol; /* ETH_P_*, in the host's byte order; 0 is none */
	__u16 priority; /* 0 is none: the kernel chooses */
	bool has_chain;
	__u32 chain;
	char kind[ATTACH_TC_KIND_SIZE]; /* empty: any */
	bool has_bpf;			/* in requests: send .bpf; in listings: .bpf is filled in */
	struct attach_tc_bpf bpf;
	struct attach_stats stats; /* of a listed one only */
};

typedef int (*attach_tc_qdisc_fn)(const struct attach_tc_qdisc *qdisc, void *ctx);
typedef int (*attach_tc_filter_fn)(const struct attach_tc_filter *filter, void *ctx);

/* One request each; 0 or a negative errno, with the kernel's words in nl->text. */
int attach_tc_qdisc(struct netlink *nl, enum attach_tc_verb verb,
		    const struct attach_tc_qdisc *qdisc);
int attach_tc_filter(struct netlink *nl, enum attach_tc_verb verb,
		     const struct attach_tc_filter *filter);

/*
 * List qdiscs, of all interfaces if ifindex is 0, or the filters that agree with the ifindex and
 * parent, or block, and where given protocol, priority and chain of like. The callbacks return 0 to go on or
 * a negative errno to stop with. -EINTR as netlink_dump().
 */
int attach_tc_list_qdiscs(struct netlink *nl, int ifindex, attach_tc_qdisc_fn fn, void *ctx);
int attach_tc_list_filters(struct netlink *nl, const struct attach_tc_filter *like,
			   attach_tc_filter_fn fn, void *ctx);

/* Ask for the one filter with the handle, priority, protocol and kind of like. */
int attach_tc_get_filter(struct netlink *nl, const struct attach_tc_filter *like,
			 attach_tc_filter_fn fn, void *ctx);

#endif
