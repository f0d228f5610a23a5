/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * katran's way: maps of maps in definitions that have no word for an inner map, as its loader makes
 * one and sets it. Without such a loader this object opens, and does not load.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

struct bpf_map_def SEC("maps") caches = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 8,
};

struct bpf_map_def SEC("maps") by_source = {
	.type = BPF_MAP_TYPE_HASH_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 16,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") fallback = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 100,
};

SEC("xdp") int balance(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index, source = ctx->ingress_ifindex;
	void *cache = bpf_map_lookup_elem(&caches, &queue);

	if (!cache)
		cache = bpf_map_lookup_elem(&by_source, &source);
	if (cache)
		add(cache, source, 1);
	else
		add(&fallback, source, 1);
	return XDP_PASS;
}

LICENSE("Dual BSD/GPL");
