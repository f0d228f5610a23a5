/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * eBPF for Windows' first layout, 24 bytes that begin with their size. An array of maps has the
 * number 7 there; read as a bpf_map_def of 24 bytes, every map is a socket storage.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

enum windows_map_type {
	WINDOWS_MAP_TYPE_HASH = 1,
	WINDOWS_MAP_TYPE_ARRAY = 2,
	WINDOWS_MAP_TYPE_ARRAY_OF_MAPS = 7,
};

struct _ebpf_map_definition_in_file {
	__u32 size;
	__u32 type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 inner_map_idx;
};

#define DEFINITION struct _ebpf_map_definition_in_file SEC("maps")
#define SIZE .size = sizeof(struct _ebpf_map_definition_in_file)

DEFINITION dropped = {
	SIZE,
	.type = WINDOWS_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 64,
};

DEFINITION ports = {
	SIZE,
	.type = WINDOWS_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 16,
};

DEFINITION by_interface = {
	SIZE,
	.type = WINDOWS_MAP_TYPE_ARRAY_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 4,
	.inner_map_idx = 1,
};

SEC("xdp") int drop(void *ctx)
{
	__u32 key = 0;
	void *inner = bpf_map_lookup_elem(&by_interface, &key);

	(void)ctx;
	add(&dropped, 0, 1);
	add(&ports, 1, 1);
	if (inner)
		add(inner, 0, 1);
	return XDP_DROP;
}

LICENSE("Dual BSD/GPL");
