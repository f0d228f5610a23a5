/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * No license: its program calls no function that wants one.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

struct bpf_map_def SEC("maps") lengths = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&lengths, 0, 1);
	add(&lengths, 1, skb->len);
	return TC_ACT_UNSPEC;
}
