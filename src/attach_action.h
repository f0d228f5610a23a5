/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The actions of traffic control: as requests of their own, as a part of a filter's, and as the
 * kernel lists them. Requests are for the kinds bpf and gact, and for mirred, which stands behind many
 * a BPF filter; of other kinds what all actions have is read. Words of the command line and printing
 * are not here.
 */
#ifndef ELFMAP_ATTACH_ACTION_H
#define ELFMAP_ATTACH_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "attach_stats.h"

struct netlink;
struct netlink_request;
struct nlattr;
struct nlmsghdr;

#define ATTACH_ACTIONS_MAX 32	     /* TCA_ACT_MAX_PRIO: of one request, and of a filter */
#define ATTACH_ACTION_KIND_SIZE 16   /* IFNAMSIZ, the kernel's bound */
#define ATTACH_ACTION_NAME_SIZE 256  /* ACT_BPF_NAME_LEN */
#define ATTACH_ACTION_COOKIE_SIZE 16 /* TC_COOKIE_MAX_SIZE */

/* Flags that were set, or are known to be unset. */
struct attach_action_bits {
	__u32 value;
	__u32 known;
};

/* In units of USER_HZ, as the kernel gives them; 0: never. */
struct attach_action_times {
	__u64 installed;
	__u64 last_used;
	__u64 first_used;
	__u64 expires;
};

/* What a kind bpf has beyond the rest. */
struct attach_action_bpf {
	int fd; /* of the program; for requests, where -1 is none: an action that is there */
	char name[ATTACH_ACTION_NAME_SIZE];
	/* of a listed one only; id 0 where the kernel gave none */
	__u32 id;
	bool has_tag;
	__u8 tag[8];
};

/* How gact draws lots. */
struct attach_action_random {
	__u16 type; /* PGACT_* */
	__u16 value;
	int control;
};

/* Where mirred sends packets; in requests all zero for an action that is there. */
struct attach_action_mirred {
	int direction; /* TCA_EGRESS_REDIR and so on */
	__u32 ifindex;
};

struct attach_action {
	char kind[ATTACH_ACTION_KIND_SIZE];
	__u32 index;	    /* 0: the kernel chooses, or did not tell */
	int control;	    /* TC_ACT_* */
	size_t cookie_size; /* 0: none */
	__u8 cookie[ATTACH_ACTION_COOKIE_SIZE];
	struct attach_action_bits flags; /* TCA_ACT_FLAGS_* */
	bool has_hw_stats;
	__u32 hw_stats; /* TCA_ACT_HW_STATS_* */
	struct attach_action_bpf bpf;
	struct attach_action_mirred mirred;
	/* of a listed one only */
	__u32 order;	     /* its place in the list it is from */
	bool has_parameters; /* its kind is known: the index, control and counts are its own */
	int references;
	int bindings;
	bool has_hardware_count;
	__u32 hardware_count;
	bool has_used_hw_stats;
	__u32 used_hw_stats;
	struct attach_action_times times;
	struct attach_stats stats;
	struct attach_action_random random;
};

/* As the kernel lists them; all zero is an empty one. */
struct attach_action_list {
	__u32 total; /* what the kernel says that there are; 0: nothing */
	size_t count;
	struct attach_action *actions; /* owned */
};

enum attach_action_verb {
	ATTACH_ACTION_ADD,
	ATTACH_ACTION_REPLACE, /* whether it is there or not */
};

/* Put actions into a request, in their order, as an attribute of that type. */
void attach_action_put(struct netlink_request *request, __u16 type,
		       const struct attach_action *actions, size_t count);
/* Read them from such an attribute, or from the kernel's answer to a request; -EBADMSG, -ENOMEM. */
int attach_action_read(const struct nlattr *nest, struct attach_action_list *list);
int attach_action_read_answer(const struct nlmsghdr *message, struct attach_action_list *list);
void cleanup_attach_actions(struct attach_action_list *list);

/* One request each; 0 or a negative errno, with the kernel's words in nl->text. */
int attach_action_change(struct netlink *nl, enum attach_action_verb verb,
			 const struct attach_action *actions, size_t count);
/* Of these, only kind and index matter. */
int attach_action_delete(struct netlink *nl, const struct attach_action *actions, size_t count);
int attach_action_flush(struct netlink *nl, const char *kind);

typedef int (*attach_action_fn)(const struct attach_action_list *list, void *ctx);

/* Ask for actions by kind and index. */
int attach_action_get(struct netlink *nl, const struct attach_action *actions, size_t count,
		      attach_action_fn fn, void *ctx);
/*
 * List the actions of a kind, where `since` is not 0 those that were used in so many milliseconds
 * until now. The kernel gives them in one list or in several. -EINTR as netlink_dump().
 */
int attach_action_list(struct netlink *nl, const char *kind, __u32 since, attach_action_fn fn,
		       void *ctx);

/* Whether the kernel, with the modules that it has loaded by now, has actions of a kind. */
bool attach_action_is_loaded(struct netlink *nl, const char *kind);
/* Whether it has none, and no module to load. False also for who may not make actions. */
bool attach_action_is_missing(struct netlink *nl, const char *kind);

#endif
