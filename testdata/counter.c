/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The simplest useful object: one map, pinned where every object finds it, counts packets.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_elf_map SEC("maps") packets = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.pinning = PIN_GLOBAL_NS,
};

/* what `tc filter add ... bpf obj counter.o` takes if it is not told a section */
SEC("classifier") int classify(struct __sk_buff *skb)
{
	(void)skb;
	add(&packets, 0, 1);
	return TC_ACT_UNSPEC;
}

/* for `direct-action sec ingress` */
SEC("ingress") int direct(struct __sk_buff *skb)
{
	(void)skb;
	add(&packets, 0, 1);
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
