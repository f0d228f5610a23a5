/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * gobpf.c without the map that is pinned where the loader is told: a map without a pin, and one
 * below the namespace that its definition names.
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
	unsigned int pinning;
	char namespace[NAMESPACE_LENGTH];
};

struct bpf_map_def SEC("maps/sleepers") sleepers = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 1024,
};

struct bpf_map_def SEC("maps/totals") totals = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
	.pinning = PIN_GLOBAL_NS,
	.namespace = "tracer",
};

SEC("kprobe/do_nanosleep") int count_sleep(void *registers)
{
	__u64 one = 1;
	__u32 key = 0;

	(void)registers;
	bpf_map_update_elem(&sleepers, &key, &one, BPF_ANY);
	add(&totals, 0, 1);
	return 0;
}

SEC("socket/filter") int count_packet(struct __sk_buff *skb)
{
	add(&totals, 1, skb->len);
	return 0;
}

LICENSE("Dual BSD/GPL");

/* means the version of the kernel that runs */
__u32 running_version SEC("version") = 0xfffffffe;
