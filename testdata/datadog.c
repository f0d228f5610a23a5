/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * gobpf's layout with the position of an inner map before the pin, as DataDog's manager and what
 * descends from it have it: 284 bytes, each definition in a section of its own.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

#define NAMESPACE_LENGTH 256

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
	unsigned int inner_map_idx;
	unsigned int pinning;
	char namespace[NAMESPACE_LENGTH];
};

struct bpf_map_def SEC("maps/connections") connections = {
	.type = BPF_MAP_TYPE_LRU_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 512,
	.map_flags = BPF_F_NO_COMMON_LRU,
};

struct bpf_map_def SEC("maps/telemetry") telemetry = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 3,
	.pinning = PIN_GLOBAL_NS,
	.namespace = "monitor",
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&connections, skb->hash, 1);
	add(&telemetry, 0, 1);
	return TC_ACT_UNSPEC;
}

SEC("kprobe/do_nanosleep") int count_sleep(void *registers)
{
	(void)registers;
	add(&telemetry, 2, 1);
	return 0;
}

LICENSE("Dual BSD/GPL");
