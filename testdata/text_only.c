/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A program without SEC(), in .text: the only function of its object is a program there.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_elf_map SEC("maps") text_counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.pinning = PIN_GLOBAL_NS,
};

int classify(struct __sk_buff *skb __attribute__((unused)))
{
	add(&text_counts, 0, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
