/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_map_def of 16 bytes, the first there was: no flags. With the `version` section that
 * objects of that time had.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 4
#include "legacy.h"

struct bpf_map_def SEC("maps") by_mark = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 100,
};

struct bpf_map_def SEC("maps") totals = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&totals, 0, 1);
	add(&totals, 1, skb->len);
	add(&by_mark, skb->mark, 1);
	return TC_ACT_UNSPEC;
}

__u32 for_kernel SEC("version") = 0x040400;
LICENSE("Dual BSD/GPL");
