/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Global variables beside legacy maps: .data, .bss and .rodata, each with a global variable, which
 * programs refer to by symbol, and a static one, which they refer to by section and offset.
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

struct bpf_map_def SEC("maps") packets = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 4,
};

struct bpf_map_def SEC("maps") marks = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 64,
};

__u64 total = 1000;
static volatile __u32 step = 3;

__u64 seen;
static volatile __u32 last_length;

const volatile __u32 packets_key = 2;
static const volatile __u32 limits[2] = { 0, 1500 };

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&packets, packets_key, 1);
	add(&marks, skb->mark, 1);
	total += step;
	seen++;
	last_length = skb->len;
	return skb->len > limits[1] ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
