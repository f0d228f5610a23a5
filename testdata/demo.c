/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What legacy objects for tc looked like, in one page: pinned maps, a tail call and a nested map.
 *
 *   ingress  \  count the packet under its protocol and its direction,
 *   egress   /  then jump to
 *   0x2a/0      which counts the packet's bytes
 *
 * All maps are pinned below <bpffs>/tc/globals, so both directions count in the same ones, and
 * `bpftool map dump pinned` shows what they hold.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

#define INGRESS 0
#define EGRESS 1

/* packets by ethertype: 0x0800 is IPv4, 0x86dd IPv6, 0x0806 ARP */
struct bpf_elf_map SEC("maps") protocols = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 64,
	.pinning = PIN_GLOBAL_NS,
};

/* bytes, of all packets */
struct bpf_elf_map SEC("maps") bytes = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.pinning = PIN_GLOBAL_NS,
};

/* tail calls: the program of section 0x2a/0 goes into slot 0 */
struct bpf_elf_map SEC("maps") jumps = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 1,
	.id = 0x2a,
	.pinning = PIN_GLOBAL_NS,
};

/* a map of maps: each map below with this inner_id as its id goes into the slot of its inner_idx */
struct bpf_elf_map SEC("maps") directions = {
	.type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 2,
	.pinning = PIN_GLOBAL_NS,
	.inner_id = 1,
};

struct bpf_elf_map SEC("maps") packets_in = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.id = 1,
	.pinning = PIN_GLOBAL_NS,
	.inner_idx = INGRESS,
};

struct bpf_elf_map SEC("maps") packets_out = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.id = 1,
	.pinning = PIN_GLOBAL_NS,
	.inner_idx = EGRESS,
};

static inline __attribute__((always_inline)) int count(struct __sk_buff *skb, __u32 direction)
{
	__u32 protocol = __builtin_bswap16(skb->protocol);
	__u64 *seen = bpf_map_lookup_elem(&protocols, &protocol), one = 1;
	void *inner = bpf_map_lookup_elem(&directions, &direction);

	if (seen)
		__sync_fetch_and_add(seen, 1);
	else
		bpf_map_update_elem(&protocols, &protocol, &one, BPF_ANY);
	if (inner)
		add(inner, 0, 1);

	bpf_tail_call(skb, &jumps, 0); /* does not return, unless the slot is empty */
	return TC_ACT_OK;
}

SEC("ingress") int count_ingress(struct __sk_buff *skb)
{
	return count(skb, INGRESS);
}

SEC("egress") int count_egress(struct __sk_buff *skb)
{
	return count(skb, EGRESS);
}

SEC("0x2a/0") int count_bytes(struct __sk_buff *skb)
{
	add(&bytes, 0, skb->len);
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
