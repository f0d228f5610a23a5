/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <linux/bpf.h>

#include "plausible.h"

/* Above the kernel's map types, and below most sizes and numbers of entries. */
#define TYPE_PLAUSIBLE 64u
/* Above what anybody gives a hash as a key; the kernel takes no key of 64 KiB. */
#define KEY_PLAUSIBLE (1u << 12)

static bool is_indexed(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       type == BPF_MAP_TYPE_PROG_ARRAY || type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
	       type == BPF_MAP_TYPE_CGROUP_ARRAY || type == BPF_MAP_TYPE_ARRAY_OF_MAPS;
}

static bool is_hash(uint32_t type)
{
	return type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_HASH || type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LPM_TRIE || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

bool plausible_definition(const uint32_t words[PLAUSIBLE_WORDS])
{
	uint32_t type = words[0], key_size = words[1], value_size = words[2],
		 max_entries = words[3];

	if (type == BPF_MAP_TYPE_UNSPEC || type >= TYPE_PLAUSIBLE)
		return false;
	if (is_indexed(type) && key_size != sizeof(uint32_t))
		return false;
	if (is_hash(type) && (!key_size || key_size > KEY_PLAUSIBLE))
		return false;
	/* 0 entries mean as many as there are CPUs there, and nothing elsewhere */
	return max_entries || (type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && value_size == 4);
}

bool plausible_size(size_t size)
{
	/* the layouts that have no symbol's word for their size: words, from 16 bytes to 40 */
	return size >= 16 && size <= 40 && size % sizeof(uint32_t) == 0;
}
