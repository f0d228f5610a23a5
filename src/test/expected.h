/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the maps of testdata/ are, as their sources say it: the truth that decoding and translation
 * are held against.
 */
#ifndef ELFMAP_TEST_EXPECTED_H
#define ELFMAP_TEST_EXPECTED_H

#include "elfmap.h"

struct expected_map {
	const char *object; /* the source, without ".c" */
	const char *layout;
	const char *name;
	size_t offset; /* in its section, bytes */
	size_t size;   /* of the definition, bytes; 0 for BTF-defined ones */
	struct elfmap_map_def def;
	const char *inner; /* NULL where it has none */
};

/* How many maps an object has, native ones included; its name is with or without ".btf". */
size_t expected_count(const char *object);
/* The i-th of them, without the words that its layout has (def.has). */
const struct expected_map *expected_at(const char *object, size_t i);
/* The map of that name, which the object must have. */
const struct expected_map *expected_map(const char *object, const char *name);
/* Whether the map is BTF-defined in the source. */
bool expected_native(const struct expected_map *map);

#endif
