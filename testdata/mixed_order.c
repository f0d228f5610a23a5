/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Legacy and BTF-defined maps in one object, as in mixed.c, but `.maps` is the first section, the
 * definitions alternate, and the legacy ones are iproute2's: a nested map whose inner map and outer
 * map are both legacy, a prog array, and a BTF-defined map that is pinned by name.
 *
 * Variants: btf (BTF-defined maps are nothing without it)
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct {
	ATTRIBUTE(type, BPF_MAP_TYPE_ARRAY);
	ATTRIBUTE(max_entries, 2);
	TYPE(key, __u32);
	TYPE(value, __u64);
} new_counter SEC(".maps") = {}; /* without the initialiser it would come after the legacy maps */

struct bpf_elf_map SEC("maps") old_outer = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 2,
	.inner_id = 5,
};

struct {
	ATTRIBUTE(type, BPF_MAP_TYPE_HASH);
	ATTRIBUTE(map_flags, BPF_F_NO_PREALLOC);
	ATTRIBUTE(max_entries, 24);
	ATTRIBUTE(pinning, 1); /* libbpf's by name, not iproute2's object namespace */
	TYPE(key, __u32);
	TYPE(value, __u64);
} new_marks SEC(".maps");

struct bpf_elf_map SEC("maps") old_inner = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.id = 5,
	.inner_idx = 1,
};

struct bpf_elf_map SEC("maps") old_calls = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 3,
	.id = 0x11,
	.pinning = PIN_GLOBAL_NS,
};

SEC("ingress") int enter(struct __sk_buff *skb)
{
	__u32 key = 1;
	void *inner = bpf_map_lookup_elem(&old_outer, &key);

	if (inner)
		add(inner, 0, 1);
	add(&new_counter, 0, 1);
	add(&new_marks, skb->mark, 1);
	bpf_tail_call(skb, &old_calls, 2);
	return TC_ACT_UNSPEC;
}

SEC("0x11/2") int finish(struct __sk_buff *skb)
{
	(void)skb;
	add(&new_counter, 1, 1);
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
