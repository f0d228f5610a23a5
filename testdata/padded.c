/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A struct bpf_map_def of 48 bytes of which 20 are used: libbpf takes a longer struct than it knows
 * if the rest is zero.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
	unsigned int reserved[7];
};

struct bpf_map_def SEC("maps") lengths = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 4,
};

struct bpf_map_def SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 128,
	.map_flags = BPF_F_NO_PREALLOC,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&lengths, 0, skb->len);
	add(&marks, skb->mark, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
