/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The plain struct bpf_map_def in sections "maps/NAME", one map each. Stock loaders open such an
 * object without a word, and without its maps.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

struct bpf_map_def SEC("maps/packets") packets = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

struct bpf_map_def SEC("maps/marks") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 32,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps/events") events = {
	.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 0, /* one for each possible CPU */
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	__u32 length = skb->len;

	add(&packets, 0, 1);
	add(&marks, skb->mark, 1);
	bpf_perf_event_output(skb, &events, BPF_F_CURRENT_CPU, &length, sizeof(length));
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
