/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Static maps: their symbols are local, and programs refer to them by section and offset. One
 * global map stands between them.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

static struct bpf_elf_map SEC("maps") first = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
};

struct bpf_elf_map SEC("maps") between = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
};

static struct bpf_elf_map SEC("maps") last = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 3,
	.pinning = PIN_GLOBAL_NS,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&first, 0, 1);
	add(&between, 1, 1);
	add(&last, skb->mark, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
