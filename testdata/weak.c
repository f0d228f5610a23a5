/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Weak maps, as definitions in headers make them, beside one that is not.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

#define WEAK __attribute__((weak))

WEAK struct bpf_map_def SEC("maps") lengths = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

struct bpf_map_def SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 16,
};

WEAK struct bpf_map_def SEC("maps") flows = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 256,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&lengths, 0, skb->len);
	add(&marks, skb->mark, 1);
	add(&flows, skb->hash, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
