/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Definitions of two sizes in one section, as static linking leaves them: three of libbpf's 20
 * bytes, then two of iproute2's 36. Their sum does not divide by their number.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_map_def SEC("maps") packets = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 1,
};

struct bpf_map_def SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 32,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") flows = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 256,
};

struct bpf_elf_map SEC("maps") shared = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 4,
	.pinning = PIN_GLOBAL_NS,
};

struct bpf_elf_map SEC("maps") jumps = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 2,
	.id = 12,
	.pinning = PIN_GLOBAL_NS, /* the kernel empties prog arrays that nobody holds */
};

SEC("12/1") int last(struct __sk_buff *skb)
{
	(void)skb;
	add(&shared, 3, 1);
	return TC_ACT_OK;
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&packets, 0, 1);
	add(&marks, skb->mark, 1);
	add(&flows, skb->hash, 1);
	add(&shared, 0, skb->len);
	bpf_tail_call(skb, &jumps, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
