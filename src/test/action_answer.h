/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Messages about actions of traffic control as the kernel answers with them, made up piece by piece:
 * an answer holds actions, an action values and options, options values.
 */
#ifndef ELFMAP_TEST_ACTION_ANSWER_H
#define ELFMAP_TEST_ACTION_ANSWER_H

#include <stddef.h>
#include <linux/gen_stats.h>
#include <linux/netlink.h>

struct answer {
	union {
		struct nlmsghdr header;
		char bytes[8192];
	};
	/* those that have no end yet */
	struct nlattr *list;
	struct nlattr *action;
	struct nlattr *options;
};

/* There is one, which the next call begins anew. A total of 0 is left out. */
struct answer *begin_answer(__u32 total);
void begin_action(struct answer *answer, __u16 order, const char *kind);
void begin_options(struct answer *answer);
void end_options(struct answer *answer);
void end_action(struct answer *answer);
void end_answer(struct answer *answer);

void put_value(struct answer *answer, __u16 type, const void *value, size_t size);
void put_bits(struct answer *answer, __u16 type, __u32 value, __u32 selector);
/* What all kinds' parameters begin with; with two references and one binding. */
void put_parameters(struct answer *answer, __u16 type, __u32 index, int control);
/* In seconds; 0 is never. */
void put_times(struct answer *answer, __u16 type, unsigned int installed, unsigned int used,
	       unsigned int first);
void put_stats(struct answer *answer, __u64 bytes, __u32 packets,
	       const struct gnet_stats_queue *queue);

#endif
