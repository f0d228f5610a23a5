/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The struct bpf_elf_map of twelve days in November 2015, iproute2's: as elf24.c, but its last
 * member is a byte with three bytes of padding behind it. Little-endian objects have the bytes of
 * the later form; big-endian ones have not.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

struct bpf_elf_map {
	__u32 type;
	__u32 size_key;
	__u32 size_value;
	__u32 max_elem;
	__u32 id;
	__u8 pinning;
};

struct bpf_elf_map SEC("maps") counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.pinning = PIN_GLOBAL_NS,
};

struct bpf_elf_map SEC("maps") marks = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 64,
	.pinning = PIN_OBJECT_NS,
};

struct bpf_elf_map SEC("maps") jumps = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 4,
	.id = 7,
	.pinning = PIN_GLOBAL_NS,
};

SEC("7/3") int marked(struct __sk_buff *skb)
{
	add(&marks, skb->mark, 1);
	return TC_ACT_OK;
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	add(&counts, 0, 1);
	if (skb->mark)
		bpf_tail_call(skb, &jumps, 3);
	add(&counts, 1, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
