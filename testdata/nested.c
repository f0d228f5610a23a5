/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Nested maps, iproute2's way: an outer map names its inner maps' id in inner_id, and every map
 * with that id is stored at its own inner_idx, in each outer map that names it. The first of them
 * also is the template that the kernel checks others against. Outer maps stand first.
 *
 *   by_direction, mirror   in both: ingress_stats at 0, egress_stats at 1
 *   later                  empty: its inner map is only a template
 *   by_mark                mark_stats at key 7
 *
 * Variants: plain btf be
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

#define ID_DIRECTION 10
#define ID_TEMPLATE 20
#define ID_MARK 30

struct bpf_elf_map SEC("maps") by_direction = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 2,
	.inner_id = ID_DIRECTION,
};

struct bpf_elf_map SEC("maps") mirror = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 6,
	.pinning = PIN_GLOBAL_NS,
	.inner_id = ID_DIRECTION,
};

struct bpf_elf_map SEC("maps") later = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 3,
	.inner_id = ID_TEMPLATE,
};

struct bpf_elf_map SEC("maps") by_mark = {
	.type = BPF_MAP_TYPE_HASH_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 16,
	.flags = BPF_F_NO_PREALLOC,
	.inner_id = ID_MARK,
};

struct bpf_elf_map SEC("maps") ingress_stats = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.id = ID_DIRECTION,
	.inner_idx = 0,
};

struct bpf_elf_map SEC("maps") egress_stats = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.id = ID_DIRECTION,
	.inner_idx = 1,
};

struct bpf_elf_map SEC("maps") template = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 9,
	.id = ID_TEMPLATE,
	.inner_idx = -1,
};

struct bpf_elf_map SEC("maps") mark_stats = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 64,
	.id = ID_MARK,
	.inner_idx = 7,
};

/* Count a packet of len bytes in the inner map at key, if there is one. */
static inline __attribute__((always_inline)) void count(void *outer, __u32 key, __u32 len)
{
	void *inner = bpf_map_lookup_elem(outer, &key);

	if (!inner)
		return;
	add(inner, 0, 1);
	add(inner, 1, len);
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	count(&by_direction, 0, skb->len);
	count(&mirror, 1, skb->len);
	count(&later, 0, skb->len);
	count(&by_mark, skb->mark, skb->len);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
