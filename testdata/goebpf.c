/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * goebpf's way: 40 bytes that end in two pointers, to the inner map of a map of maps and to the
 * path of a pin, filled in by relocations. One path is an anonymous string, the second in its
 * section; the other has a name.
 *
 * Its loader completes what is left out: the sizes that a map type has, the flag that an LPM trie
 * needs.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

struct bpf_map_def {
	__u32 map_type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 map_flags;
	void *inner_map_def;
	const char *persistent_path;
};

struct prefix { /* of an LPM trie's key */
	__u32 length;
	__u32 address;
};

const char totals_path[] = "/sys/fs/bpf/goebpf_totals";

struct bpf_map_def SEC("maps") lengths = {
	.map_type = BPF_MAP_TYPE_ARRAY,
	.key_size = 0, /* 4 */
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

struct bpf_map_def SEC("maps") by_queue = {
	.map_type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
	.key_size = sizeof(__u32),
	.max_entries = 4,
	.inner_map_def = &lengths,
};

struct bpf_map_def SEC("maps") marks = {
	.map_type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 64,
	.persistent_path = "/sys/fs/bpf/goebpf_marks",
};

struct bpf_map_def SEC("maps") counter = {
	.map_type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 1,
	.persistent_path = "/sys/fs/bpf/goebpf_counter",
};

struct bpf_map_def SEC("maps") totals = {
	.map_type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 1,
	.persistent_path = totals_path,
};

struct bpf_map_def SEC("maps") programs = {
	.map_type = BPF_MAP_TYPE_PROG_ARRAY,
	.max_entries = 3,
};

struct bpf_map_def SEC("maps") routes = {
	.map_type = BPF_MAP_TYPE_LPM_TRIE,
	.key_size = sizeof(struct prefix),
	.value_size = sizeof(__u64),
	.max_entries = 128,
	.map_flags = 0, /* BPF_F_NO_PREALLOC */
};

SEC("xdp") int count(struct xdp_md *ctx)
{
	struct prefix prefix = { .length = 32, .address = ctx->ingress_ifindex };
	__u32 queue = ctx->rx_queue_index;
	void *inner = bpf_map_lookup_elem(&by_queue, &queue);

	if (inner)
		add(inner, 0, 1);
	add(&lengths, 1, ctx->data_end - ctx->data);
	add(&marks, queue, 1);
	add(&counter, 0, 1);
	add(&totals, 0, 1);
	if (bpf_map_lookup_elem(&routes, &prefix))
		bpf_tail_call(ctx, &programs, 2);
	return XDP_PASS;
}

LICENSE("Dual BSD/GPL");
