/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_elf_map of 36 bytes, the final one: each kind of pin. With a section for each
 * direction: on both, the pinned maps are shared and the others are not.
 *
 * Variants: plain btf be
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_elf_map SEC("maps") scratch = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.pinning = PIN_NONE,
};

struct bpf_elf_map SEC("maps") stats = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.pinning = PIN_OBJECT_NS,
};

struct bpf_elf_map SEC("maps") peers = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.size_key = sizeof(__u64),
	.size_value = 16,
	.max_elem = 512,
	.pinning = PIN_GLOBAL_NS,
};

static inline __attribute__((always_inline)) int count(struct __sk_buff *skb, __u32 direction)
{
	__u64 peer = skb->hash;

	add(&scratch, direction, 1);
	add(&stats, direction, 1);
	return bpf_map_lookup_elem(&peers, &peer) ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("ingress") int enter(struct __sk_buff *skb)
{
	return count(skb, 0);
}

SEC("egress") int leave(struct __sk_buff *skb)
{
	return count(skb, 1);
}

LICENSE("Dual BSD/GPL");
