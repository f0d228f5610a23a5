/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_elf_map of 28 bytes, before nested maps: each kind of pin, and a tail call.
 *
 * Variants: plain btf be
 */
#define ELF_MAP_WORDS 7
#include "legacy.h"

struct bpf_elf_map SEC("maps") seen = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 64,
	.flags = BPF_F_NO_PREALLOC,
	.pinning = PIN_NONE,
};

struct bpf_elf_map SEC("maps") drops = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.pinning = PIN_OBJECT_NS,
};

struct bpf_elf_map SEC("maps") policy = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 3,
	.pinning = PIN_GLOBAL_NS,
};

struct bpf_elf_map SEC("maps") next = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 5,
	.id = 7,
	.pinning = PIN_OBJECT_NS,
};

SEC("7/4") int drop(struct __sk_buff *skb)
{
	(void)skb;
	add(&drops, 0, 1);
	return TC_ACT_SHOT;
}

SEC("ingress") int classify(struct __sk_buff *skb)
{
	add(&seen, skb->hash, 1);
	add(&policy, 0, 1);
	if (skb->mark)
		bpf_tail_call(skb, &next, 4);
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
