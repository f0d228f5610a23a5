/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The first struct bpf_elf_map, iproute2's of April 2015: 20 bytes, whose fifth word is the id, as
 * there were no flags yet. An array has no flags 1 or 2, a prog array none that make 42: whoever
 * reads this as bpf_map_def cannot load it.
 * There were no pins either: the prog array is empty when its loader has gone.
 *
 *   classifier -> 42/0 -> 42/1
 *
 * Variants: plain btf be
 */
#include "legacy.h"

#define ID_COUNTS 1
#define ID_LIMITS 2

enum {
	COUNT_ENTRY,
	COUNT_FIRST,
	COUNT_SECOND,
	COUNTS
};

struct bpf_elf_map {
	__u32 type;
	__u32 size_key;
	__u32 size_value;
	__u32 max_elem;
	__u32 id;
};

struct bpf_elf_map SEC("maps") counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = COUNTS,
	.id = ID_COUNTS,
};

struct bpf_elf_map SEC("maps") limits = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 1,
	.id = ID_LIMITS,
};

struct bpf_elf_map SEC("maps") jumps = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 2,
	.id = 42,
};

SEC("42/0") int first(struct __sk_buff *skb)
{
	add(&counts, COUNT_FIRST, 1);
	bpf_tail_call(skb, &jumps, 1);
	return TC_ACT_UNSPEC;
}

SEC("42/1") int second(struct __sk_buff *skb)
{
	(void)skb;
	add(&counts, COUNT_SECOND, 1);
	return TC_ACT_OK;
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	__u32 key = 0, *limit = bpf_map_lookup_elem(&limits, &key);

	add(&counts, COUNT_ENTRY, 1);
	if (limit && *limit && skb->len > *limit)
		return TC_ACT_SHOT;
	bpf_tail_call(skb, &jumps, 0);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
