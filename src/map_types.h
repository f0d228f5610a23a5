/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What several rooms ask of a map's type, enum bpf_map_type.
 */
#ifndef ELFMAP_MAP_TYPES_H
#define ELFMAP_MAP_TYPES_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/bpf.h>

/* A map of maps. */
static inline bool is_outer_type(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* One that has a value for each CPU. */
static inline bool is_percpu_type(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

#endif
