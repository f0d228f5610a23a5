/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * aya's way: the bytes of idpin28.c, but its only pinning, 1, means by name in a directory of the
 * loader's, and maps are named as Rust names what is static. Nothing in the object tells that from
 * iproute2's meaning of 1.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

#define PIN_BY_NAME 1

struct bpf_map_def {
	__u32 type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	__u32 id;
	__u32 pinning;
};

struct bpf_map_def SEC("maps") COUNTERS = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
	.pinning = PIN_BY_NAME,
};

struct bpf_map_def SEC("maps") BLOCKLIST = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 1024,
};

SEC("classifier") int count_filter(struct __sk_buff *skb)
{
	add(&COUNTERS, 0, skb->len);
	return TC_ACT_UNSPEC;
}

SEC("xdp") int firewall(struct xdp_md *ctx)
{
	__u32 from = ctx->ingress_ifindex;

	add(&COUNTERS, 1, 1);
	return bpf_map_lookup_elem(&BLOCKLIST, &from) ? XDP_DROP : XDP_PASS;
}

LICENSE("Dual BSD/GPL");
