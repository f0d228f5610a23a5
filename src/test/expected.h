/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the maps of testdata/ are, as their sources say it: the truth that decoding and translation
 * are held against. An object goes by its name without ".o"; what most variants of it share is said
 * once, and each may be asked for: "nested", "nested.btf", "nested.be", "nested.be.btf".
 */
#ifndef ELFMAP_TEST_EXPECTED_H
#define ELFMAP_TEST_EXPECTED_H

#include "elfmap.h"

struct expected_map {
	const char *object; /* as it was asked for */
	const char *layout;
	const char *name;
	size_t offset; /* in its section, bytes */
	size_t size;   /* of the definition, bytes; 0 for BTF-defined ones */
	struct elfmap_map_def def;
	const char *inner; /* NULL where it has none */
	bool own_section;  /* its section is "maps/" and its name, and holds nothing else */
};

/* What these return is never freed. */

/* How many maps an object has, native ones included. */
size_t expected_count(const char *object);
/* The i-th of them; those of one section stand in the order of their offsets. */
const struct expected_map *expected_at(const char *object, size_t i);
/* The map of that name, which the object must have. */
const struct expected_map *expected_map(const char *object, const char *name);

/* Whether the map is BTF-defined in the source. */
bool expected_native(const struct expected_map *map);
/* The section that the map stands in; holds until the next call. */
const char *expected_section(const struct expected_map *map);
/* How the source calls the struct of the map's definition, and BTF where there is some. */
const char *expected_struct_name(const struct expected_map *map);

/* --- the table, for expected.c alone ------------------------------------------------------- */

#define EXPECTED_NATIVE "BTF-defined"

/* By sources; the last has no name. Without the words that the layout has (def.has). */
extern const struct expected_map expected_maps[];

#endif
