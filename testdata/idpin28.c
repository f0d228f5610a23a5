/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * p4c-xdp's and ovs-ebpf's way: members of iproute2's 28 bytes under the names, and the struct's
 * name, of libbpf. An XDP program, and a classifier that shares the pinned map with it.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

struct bpf_map_def {
	__u32 type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	__u32 id;
	__u32 pinning;
};

struct bpf_map_def SEC("maps") shared = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
	.pinning = PIN_GLOBAL_NS,
};

struct bpf_map_def SEC("maps") ports = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 16,
	.map_flags = BPF_F_NO_PREALLOC,
};

SEC("prog") int filter(struct xdp_md *ctx)
{
	add(&shared, 0, 1);
	add(&ports, ctx->ingress_ifindex, 1);
	return XDP_PASS;
}

SEC("classifier") int deparse(struct __sk_buff *skb)
{
	(void)skb;
	add(&shared, 1, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
