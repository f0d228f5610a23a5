/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_map_def of 24 bytes: nested maps whose inner map is named by its position in the
 * section. Position 0 is as real as any other, and value_size 0 on an outer map means 4. The outer
 * maps start empty: the loader's user fills them.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 6
#include "legacy.h"

/* position 0 */
struct bpf_map_def SEC("maps") counter = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 4,
};

struct bpf_map_def SEC("maps") by_queue = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 8,
	.inner_map_idx = 0,
};

/* position 2 */
struct bpf_map_def SEC("maps") session = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 64,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") by_mark = {
	.type = BPF_MAP_TYPE_HASH_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = 0,
	.max_entries = 16,
	.inner_map_idx = 2,
};

SEC("ingress") int classify(struct __sk_buff *skb)
{
	__u32 queue = skb->queue_mapping, mark = skb->mark;
	void *inner;

	add(&counter, 0, 1);
	inner = bpf_map_lookup_elem(&by_queue, &queue);
	if (inner)
		add(inner, 0, 1);
	inner = bpf_map_lookup_elem(&by_mark, &mark);
	if (inner)
		add(inner, skb->hash, 1);
	add(&session, skb->hash, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
