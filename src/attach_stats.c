/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <libmnl/libmnl.h>
#include <linux/gen_stats.h>

#include "attach_stats.h"
#include "netlink_read.h"

static void read_packets(const struct nlattr *const *table, struct attach_stats *stats)
{
	struct gnet_stats_basic basic;
	__u64 packets;

	netlink_read_struct(table[TCA_STATS_BASIC], &basic, sizeof(basic));
	/* there if the 32 bits of the other do not hold it */
	netlink_read_struct(table[TCA_STATS_PKT64], &packets, sizeof(packets));
	stats->has_packets = true;
	stats->bytes = basic.bytes;
	stats->packets = packets ? packets : basic.packets;
}

static void read_queue(const struct nlattr *attribute, struct attach_stats *stats)
{
	struct gnet_stats_queue queue;

	netlink_read_struct(attribute, &queue, sizeof(queue));
	stats->has_queue = true;
	stats->drops = queue.drops;
	stats->overlimits = queue.overlimits;
	stats->requeues = queue.requeues;
	stats->backlog = queue.backlog;
	stats->queued = queue.qlen;
}

void attach_stats_read(const struct nlattr *nest, struct attach_stats *stats)
{
	const struct nlattr *table[TCA_STATS_MAX + 1] = { NULL };

	*stats = (struct attach_stats){ 0 };
	if (!nest || netlink_read_nest(nest, table, TCA_STATS_MAX))
		return;
	if (table[TCA_STATS_BASIC])
		read_packets(table, stats);
	if (table[TCA_STATS_QUEUE])
		read_queue(table[TCA_STATS_QUEUE], stats);
}
