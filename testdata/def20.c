/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_map_def of 20 bytes, libbpf's own until 0.8: map_flags in use, and a perf event array
 * whose size is left to the loader. A classifier and an action.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

struct bpf_map_def SEC("maps") flows = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 128,
	.map_flags = BPF_F_NO_COMMON_LRU,
};

struct bpf_map_def SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 32,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") events = {
	.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 0, /* one for each possible CPU */
};

struct bpf_map_def SEC("maps") totals = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	__u64 one = 1;
	__u32 mark = skb->mark;

	add(&totals, 0, 1);
	add(&flows, skb->hash, 1);
	bpf_map_update_elem(&marks, &mark, &one, BPF_ANY);
	return TC_ACT_UNSPEC;
}

SEC("action") int report(struct __sk_buff *skb)
{
	__u32 length = skb->len;

	add(&totals, 1, 1);
	bpf_perf_event_output(skb, &events, BPF_F_CURRENT_CPU, &length, sizeof(length));
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
