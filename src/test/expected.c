// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/expected.h"
#include "test/tests.h"

#define FLAGS ELFMAP_DEF_MAP_FLAGS
#define NODE ELFMAP_DEF_NUMA_NODE
#define ID ELFMAP_DEF_ID
#define PINNING ELFMAP_DEF_PINNING
#define INNER_ID ELFMAP_DEF_INNER_ID
#define INNER_IDX ELFMAP_DEF_INNER_IDX
#define INNER_MAP_IDX ELFMAP_DEF_INNER_MAP_IDX
#define INNER_NAME ELFMAP_DEF_INNER_NAME

/* The words that a layout has, and its struct's name. */
static const struct layout {
	const char *name;
	const char *source; /* in which one, where sources differ */
	__u32 has;
	const char *struct_name;
} layouts[] = {
	{ "bpf_map_def16", NULL, 0, "bpf_map_def" },
	{ "bpf_map_def20", NULL, FLAGS, "bpf_map_def" },
	{ "bpf_map_def24", NULL, FLAGS | INNER_MAP_IDX, "bpf_map_def" },
	{ "bpf_map_def28", NULL, FLAGS | INNER_MAP_IDX | NODE, "bpf_map_def" },
	{ "bpf_map_def28_pinning", NULL, FLAGS | ID | PINNING, "bpf_map_def" },
	{ "bpf_map_def_padded", NULL, FLAGS, "bpf_map_def" },
	{ "bpf_elf_map20", NULL, ID, "bpf_elf_map" },
	{ "bpf_elf_map24", NULL, ID | PINNING, "bpf_elf_map" },
	{ "bpf_elf_map24_u8", NULL, ID | PINNING, "bpf_elf_map" },
	{ "bpf_elf_map28", NULL, FLAGS | ID | PINNING, "bpf_elf_map" },
	{ "bpf_elf_map32", NULL, FLAGS | ID | PINNING | INNER_ID, "bpf_elf_map" },
	{ "bpf_elf_map36", "extended", FLAGS | ID | PINNING | INNER_ID | INNER_IDX,
	  "bpf_map_def_extended" },
	{ "bpf_elf_map36", NULL, FLAGS | ID | PINNING | INNER_ID | INNER_IDX, "bpf_elf_map" },
	{ "bpf_elf_map40", NULL, FLAGS | ID | PINNING | INNER_ID | INNER_IDX | NODE,
	  "bpf_elf_map" },
	{ "gobpf280", NULL, FLAGS | PINNING, "bpf_map_def" },
	{ "datadog284", NULL, FLAGS | INNER_MAP_IDX | PINNING, "bpf_map_def" },
	{ "goebpf40", NULL, FLAGS | INNER_NAME, "bpf_map_def" },
	{ "android", NULL, FLAGS, "bpf_map_def" },
	{ "ebpf_for_windows", "windows24", INNER_MAP_IDX, "_ebpf_map_definition_in_file" },
	{ "ebpf_for_windows", NULL, INNER_MAP_IDX | PINNING | ID | INNER_ID,
	  "_ebpf_map_definition_in_file" },
	/* what BTF names, and no layout has with as many bytes and no more words */
	{ "btf", "extended", FLAGS | ID | PINNING, "bpf_map_def_extended" },
	{ "btf", "padded", FLAGS, "bpf_map_def" },
	{ "btf", "notlisted", FLAGS | PINNING, "shaper_map" },
};
#define NR_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

/* Layouts that only some variants of an object show: the same words under another name. */
static const struct other_layout {
	const char *source;
	const char *variant;
	const char *layout;
} other_layouts[] = {
	{ "extended", ".btf", "btf" },
	/* the struct's name tells */
	{ "idpin28", ".btf", "bpf_map_def28_pinning" },
	{ "aya28", ".btf", "bpf_map_def28_pinning" },
	/* little-endian, a byte with zeros behind it is a word */
	{ "elf24u8", ".be", "bpf_elf_map24_u8" },
	{ "elf24u8", ".btf", "bpf_elf_map24_u8" },
	/* members that no layout has */
	{ "padded", ".btf", "btf" },
};
#define NR_OTHER_LAYOUTS (sizeof(other_layouts) / sizeof(other_layouts[0]))

/* The maps of an object that has been asked for. */
struct known {
	struct known *next;
	char object[64];
	struct expected_map maps[96];
	size_t count;
};

static bool is_of(const char *object, const char *source)
{
	size_t length = strlen(source);

	return !strncmp(object, source, length) && (object[length] == '.' || !object[length]);
}

static const struct layout *layout_of(const struct expected_map *map)
{
	for (size_t i = 0; i < NR_LAYOUTS; i++) {
		const struct layout *layout = &layouts[i];

		if (!strcmp(layout->name, map->layout) &&
		    (!layout->source || is_of(map->object, layout->source)))
			return layout;
	}
	ck_abort_msg("no layout %s", map->layout);
}

static void complete(struct expected_map *map, const char *object)
{
	map->object = object;
	if (expected_native(map))
		return;
	for (size_t i = 0; i < NR_OTHER_LAYOUTS; i++) {
		if (is_of(object, other_layouts[i].source) &&
		    strstr(object, other_layouts[i].variant))
			map->layout = other_layouts[i].layout;
	}
	map->def.has = layout_of(map)->has;
}

static struct known *make_known(const char *object)
{
	struct known *known = calloc(1, sizeof(*known));

	ck_assert_ptr_nonnull(known);
	ck_assert_uint_lt(strlen(object), sizeof(known->object));
	strcpy(known->object, object);
	for (const struct expected_map *map = expected_maps; map->name; map++) {
		if (!is_of(object, map->object))
			continue;
		ck_assert_uint_lt(known->count, sizeof(known->maps) / sizeof(known->maps[0]));
		known->maps[known->count] = *map;
		complete(&known->maps[known->count++], known->object);
	}
	ck_assert_msg(known->count, "nothing is expected of %s", object);
	return known;
}

static const struct known *know(const char *object)
{
	static struct known *first;
	struct known *known = first;

	while (known && strcmp(known->object, object) != 0)
		known = known->next;
	if (!known) {
		known = make_known(object);
		known->next = first;
		first = known;
	}
	return known;
}

size_t expected_count(const char *object)
{
	return know(object)->count;
}

const struct expected_map *expected_at(const char *object, size_t i)
{
	const struct known *known = know(object);

	ck_assert_msg(i < known->count, "fewer maps are expected of %s", object);
	return &known->maps[i];
}

const struct expected_map *expected_map(const char *object, const char *name)
{
	const struct known *known = know(object);

	for (size_t i = 0; i < known->count; i++) {
		if (!strcmp(known->maps[i].name, name))
			return &known->maps[i];
	}
	ck_abort_msg("%s: no map %s is expected", object, name);
}

bool expected_native(const struct expected_map *map)
{
	return strcmp(map->layout, EXPECTED_NATIVE) == 0;
}

const char *expected_section(const struct expected_map *map)
{
	static char section[64];

	if (!map->own_section)
		return expected_native(map) ? ".maps" : "maps";
	snprintf(section, sizeof(section), "maps/%s", map->name);
	return section;
}

const char *expected_struct_name(const struct expected_map *map)
{
	ck_assert_msg(!expected_native(map), "%s: map %s is BTF-defined", map->object, map->name);
	return layout_of(map)->struct_name;
}
