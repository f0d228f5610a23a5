/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The layout of bpf_elf_map under names of a project's own, as Calico has it: with BTF its members
 * must be known by name, without it by place.
 */
#include "legacy.h"

struct bpf_map_def_extended {
	__u32 type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	__u32 map_id;
	__u32 pinning_strategy;
	__u32 unused1;
	__u32 unused2;
};

struct bpf_map_def_extended SEC("maps") extended_counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
	.pinning_strategy = PIN_GLOBAL_NS,
};

struct bpf_map_def_extended SEC("maps") extended_jumps = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 3,
	.map_id = 1,
	.pinning_strategy = PIN_OBJECT_NS,
};

SEC("1/2_ipv4") int tail(struct __sk_buff *skb __attribute__((unused)))
{
	add(&extended_counts, 1, 1);
	return TC_ACT_UNSPEC;
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&extended_counts, 0, 1);
	bpf_tail_call(skb, &extended_jumps, 2);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
