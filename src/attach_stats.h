/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The counters of qdiscs, filters and actions, as the kernel lists them (gen_stats.h): packets and
 * the queue. What drivers count, and rates, which only who asked for an estimator gets, are left
 * out. Printing is not here.
 */
#ifndef ELFMAP_ATTACH_STATS_H
#define ELFMAP_ATTACH_STATS_H

#include <stdbool.h>
#include <linux/types.h>

struct nlattr;

struct attach_stats {
	bool has_packets;
	__u64 bytes;
	__u64 packets;
	bool has_queue;
	__u32 drops;
	__u32 overlimits;
	__u32 requeues;
	__u32 backlog;
	__u32 queued;
};

/* Read TCA_STATS2 or TCA_ACT_STATS; NULL, or a malformed one, has no counters: all is zero. */
void attach_stats_read(const struct nlattr *nest, struct attach_stats *stats);

#endif
