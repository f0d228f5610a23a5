/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_elf_map cut short behind inner_id, 32 bytes: iproute2's loader takes every length
 * between the first form's and the last one's, and reads what is missing as 0. So the map with the
 * id is stored at key 0 of the map of maps that names it.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

#define ID_LENGTHS 3

struct bpf_elf_map {
	__u32 type;
	__u32 size_key;
	__u32 size_value;
	__u32 max_elem;
	__u32 flags;
	__u32 id;
	__u32 pinning;
	__u32 inner_id;
};

struct bpf_elf_map SEC("maps") by_kind = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 2,
	.inner_id = ID_LENGTHS,
};

struct bpf_elf_map SEC("maps") lengths = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.id = ID_LENGTHS,
};

struct bpf_elf_map SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 32,
	.flags = BPF_F_NO_PREALLOC,
	.pinning = PIN_OBJECT_NS,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	__u32 kind = 0;
	void *inner = bpf_map_lookup_elem(&by_kind, &kind);

	if (inner)
		add(inner, 0, skb->len);
	add(&marks, skb->mark, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
