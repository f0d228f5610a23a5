/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a vendor's own loader takes: a map-definition struct of its own, with narrow members and its
 * own names, and section names of its own for programs. No built-in layout reads it: the loader says
 * how.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

/* 16 bytes, as many as a struct bpf_map_def of four words has */
struct vendor_map {
	__u8 kind;    /* enum bpf_map_type */
	__u8 sharing; /* 0 nobody, 1 this site, 2 everybody */
	__u16 key_bytes;
	__u32 value_bytes;
	__u32 slots;
	__u32 options; /* map flags */
};

struct vendor_map SEC("maps") packets = {
	.kind = BPF_MAP_TYPE_ARRAY,
	.sharing = 2,
	.key_bytes = sizeof(__u32),
	.value_bytes = sizeof(__u64),
	.slots = 3,
};

struct vendor_map SEC("maps") flows = {
	.kind = BPF_MAP_TYPE_HASH,
	.sharing = 1,
	.key_bytes = sizeof(__u32),
	.value_bytes = sizeof(__u64),
	.slots = 512,
	.options = BPF_F_NO_PREALLOC,
};

struct vendor_map SEC("maps") stages = {
	.kind = BPF_MAP_TYPE_PROG_ARRAY,
	.key_bytes = sizeof(__u32),
	.value_bytes = sizeof(__u32),
	.slots = 2,
};

SEC("stage_0") int count(struct xdp_md *packet)
{
	add(&packets, 1, 1);
	bpf_tail_call(packet, &stages, 1);
	return XDP_PASS;
}

SEC("stage_1") int drop(struct xdp_md *packet)
{
	add(&packets, 2, packet->data_end - packet->data);
	return XDP_DROP;
}

SEC("from_wire") int entry(struct xdp_md *packet)
{
	add(&packets, 0, 1);
	add(&flows, packet->ingress_ifindex, 1);
	bpf_tail_call(packet, &stages, 0);
	return XDP_PASS;
}

LICENSE("Dual BSD/GPL");
