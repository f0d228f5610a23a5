/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_elf_map, iproute2's (tc and ip): 28 bytes since April 2016, 36 with inner_id and
 * inner_idx since July 2017.
 */
#include "formats.h"
#include "layout.h"
#include "size28.h"

static const struct layout_word words[] = {
	{ "type", offsetof(struct elfmap_map_def, type), 0 },
	{ "size_key", offsetof(struct elfmap_map_def, key_size), 0 },
	{ "size_value", offsetof(struct elfmap_map_def, value_size), 0 },
	{ "max_elem", offsetof(struct elfmap_map_def, max_entries), 0 },
	{ "flags", offsetof(struct elfmap_map_def, map_flags), ELFMAP_DEF_MAP_FLAGS },
	{ "id", offsetof(struct elfmap_map_def, id), ELFMAP_DEF_ID },
	{ "pinning", offsetof(struct elfmap_map_def, pinning), ELFMAP_DEF_PINNING },
	{ "inner_id", offsetof(struct elfmap_map_def, inner_id), ELFMAP_DEF_INNER_ID },
	{ "inner_idx", offsetof(struct elfmap_map_def, inner_idx), ELFMAP_DEF_INNER_IDX },
};

static struct layout of28 = { words, 7, size28_is_bpf_elf_map };
static struct layout of36 = { words, 9, NULL };

const struct elfmap_format format_bpf_elf_map28 = {
	"bpf_elf_map28",
	layout_probe,
	layout_decode,
	&of28,
};
const struct elfmap_format format_bpf_elf_map36 = {
	"bpf_elf_map36",
	layout_probe,
	layout_decode,
	&of36,
};
