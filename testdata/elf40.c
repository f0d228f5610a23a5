/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_elf_map of 40 bytes, with the NUMA node that the proposal of 2019 for libbpf had
 * behind iproute2's members: a map with a node, a map of maps with one inner map, and a pin.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

#define ID_KIND 6

struct bpf_elf_map {
	__u32 type;
	__u32 size_key;
	__u32 size_value;
	__u32 max_elem;
	__u32 flags;
	__u32 id;
	__u32 pinning;
	__u32 inner_id;
	__u32 inner_idx;
	__u32 numa_node;
};

struct bpf_elf_map SEC("maps") near = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 256,
	.flags = BPF_F_NUMA_NODE,
	.numa_node = 0, /* the one that every machine has */
};

struct bpf_elf_map SEC("maps") by_kind = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 3,
	.inner_id = ID_KIND,
};

struct bpf_elf_map SEC("maps") kind = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.id = ID_KIND,
	.inner_idx = 1,
};

struct bpf_elf_map SEC("maps") shared = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.pinning = PIN_GLOBAL_NS,
};

SEC("ingress") int classify(struct __sk_buff *skb)
{
	__u32 key = 1;
	void *inner = bpf_map_lookup_elem(&by_kind, &key);

	if (inner)
		add(inner, 0, 1);
	add(&near, skb->mark, 1);
	add(&shared, 0, skb->len);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
