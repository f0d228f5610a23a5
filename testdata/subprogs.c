/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Subprograms in .text that use legacy maps: a global one, which the kernel verifies by itself if
 * it has BTF, and a static one, which calls refer to by section and offset.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_elf_map SEC("maps") calls = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 4,
	.pinning = PIN_GLOBAL_NS,
};

struct bpf_elf_map SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 32,
};

static __attribute__((noinline)) int is_marked(__u32 mark)
{
	add(&calls, 2, 1);
	return bpf_map_lookup_elem(&marks, &mark) != 0;
}

__attribute__((noinline)) int count(struct __sk_buff *skb, __u32 key)
{
	add(&calls, key, 1);
	return is_marked(skb->mark);
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&calls, 3, 1);
	if (count(skb, skb->len & 1) || is_marked(skb->hash))
		return TC_ACT_SHOT;
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
