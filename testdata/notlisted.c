/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A layout that nobody listed, 44 bytes: members in an order of its own, under known names, between
 * others that mean something to its author alone. Only the names tell what is what.
 *
 * Variants: btf be (without the names nobody can read it)
 */
#include "legacy.h"

struct shaper_map {
	char tag[8];
	__u32 owner;
	__u32 max_entries;
	__u32 map_flags;
	__u32 value_size;
	__u32 key_size;
	__u32 type;
	__u32 weight;
	__u32 pinning;
	__u32 deprecated;
};

struct shaper_map SEC("maps") classes = {
	.tag = "class",
	.owner = 101,
	.max_entries = 40,
	.map_flags = BPF_F_NO_PREALLOC,
	.value_size = sizeof(__u64),
	.key_size = sizeof(__u32),
	.type = BPF_MAP_TYPE_HASH,
	.weight = 3,
	.pinning = PIN_NONE,
};

struct shaper_map SEC("maps") rates = {
	.tag = "rate",
	.owner = 102,
	.max_entries = 5,
	.value_size = sizeof(__u64),
	.key_size = sizeof(__u32),
	.type = BPF_MAP_TYPE_ARRAY,
	.pinning = PIN_GLOBAL_NS,
};

SEC("egress") int shape(struct __sk_buff *skb)
{
	add(&classes, skb->priority, skb->len);
	add(&rates, skb->queue_mapping, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
