/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_map_def: 16 bytes in the kernel's samples of 2014, 20 with map_flags (libbpf's, until
 * 0.8), 24 with inner_map_idx and 28 with numa_node (samples and selftests of 2017).
 */
#include "formats.h"
#include "layout.h"
#include "size28.h"

static const struct layout_word words[] = {
	{ "type", offsetof(struct elfmap_map_def, type), 0 },
	{ "key_size", offsetof(struct elfmap_map_def, key_size), 0 },
	{ "value_size", offsetof(struct elfmap_map_def, value_size), 0 },
	{ "max_entries", offsetof(struct elfmap_map_def, max_entries), 0 },
	{ "map_flags", offsetof(struct elfmap_map_def, map_flags), ELFMAP_DEF_MAP_FLAGS },
	{ "inner_map_idx", offsetof(struct elfmap_map_def, inner_map_idx),
	  ELFMAP_DEF_INNER_MAP_IDX },
	{ "numa_node", offsetof(struct elfmap_map_def, numa_node), ELFMAP_DEF_NUMA_NODE },
};

static struct layout of16 = { words, 4, NULL };
static struct layout of20 = { words, 5, NULL };
static struct layout of24 = { words, 6, NULL };
static struct layout of28 = { words, 7, size28_is_bpf_map_def };

const struct elfmap_format format_bpf_map_def16 = {
	"bpf_map_def16",
	layout_probe,
	layout_decode,
	&of16,
};
const struct elfmap_format format_bpf_map_def20 = {
	"bpf_map_def20",
	layout_probe,
	layout_decode,
	&of20,
};
const struct elfmap_format format_bpf_map_def24 = {
	"bpf_map_def24",
	layout_probe,
	layout_decode,
	&of24,
};
const struct elfmap_format format_bpf_map_def28 = {
	"bpf_map_def28",
	layout_probe,
	layout_decode,
	&of28,
};
