/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_map_def of 28 bytes, the samples' last: a NUMA node, used where map_flags asks for
 * it, and nested maps whose outer map stands before its inner map.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 7
#include "legacy.h"

/* position 0 */
struct bpf_map_def SEC("maps") by_queue = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = 0,
	.max_entries = 8,
	.inner_map_idx = 1,
};

/* position 1 */
struct bpf_map_def SEC("maps") counter = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 1,
};

struct bpf_map_def SEC("maps") near = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 256,
	.map_flags = BPF_F_NUMA_NODE,
	.numa_node = 0,
};

struct bpf_map_def SEC("maps") by_mark = {
	.type = BPF_MAP_TYPE_HASH_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 16,
	.inner_map_idx = 1,
};

SEC("egress") int classify(struct __sk_buff *skb)
{
	__u32 queue = skb->queue_mapping, mark = skb->mark;
	void *inner;

	add(&counter, 0, 1);
	inner = bpf_map_lookup_elem(&by_queue, &queue);
	if (inner)
		add(inner, 0, 1);
	inner = bpf_map_lookup_elem(&by_mark, &mark);
	if (inner)
		add(inner, 0, 1);
	add(&near, skb->hash, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
