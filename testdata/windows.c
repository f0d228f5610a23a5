/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * eBPF for Windows' way: definitions of 36 bytes that begin with their size. Map types have other
 * numbers there, so this object is for no Linux: 4 is a hash for each CPU, 7 an array of maps.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

enum windows_map_type {
	WINDOWS_MAP_TYPE_ARRAY = 2,
	WINDOWS_MAP_TYPE_PERCPU_HASH = 4,
	WINDOWS_MAP_TYPE_ARRAY_OF_MAPS = 7,
};

struct _ebpf_map_definition_in_file {
	__u32 size;
	__u32 type;
	__u32 key_size;
	__u32 value_size;
	__u32 max_entries;
	__u32 inner_map_idx;
	__u32 pinning;
	__u32 id;
	__u32 inner_id;
};

#define DEFINITION struct _ebpf_map_definition_in_file SEC("maps")
#define SIZE .size = sizeof(struct _ebpf_map_definition_in_file)

DEFINITION processes = {
	SIZE,
	.type = WINDOWS_MAP_TYPE_PERCPU_HASH,
	.key_size = sizeof(__u64),
	.value_size = sizeof(__u32),
	.max_entries = 1024,
	.pinning = PIN_GLOBAL_NS,
};

DEFINITION limits = {
	SIZE,
	.type = WINDOWS_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 1,
	.id = 10,
};

DEFINITION by_port = {
	SIZE,
	.type = WINDOWS_MAP_TYPE_ARRAY_OF_MAPS,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 4,
	.inner_map_idx = 1,
	.inner_id = 10,
};

SEC("bind") int bind_monitor(void *ctx)
{
	__u64 process = 1;
	__u32 key = 0, *limit = bpf_map_lookup_elem(&limits, &key), *used;
	void *inner = bpf_map_lookup_elem(&by_port, &key);

	(void)ctx;
	used = bpf_map_lookup_elem(&processes, &process);
	return inner && limit && used && *used > *limit;
}

LICENSE("Dual BSD/GPL");
