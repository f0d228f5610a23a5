/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The rooms of objects.h, for each other. */
#ifndef ELFMAP_BENCH_OBJECTS_PARTS_H
#define ELFMAP_BENCH_OBJECTS_PARTS_H

#include "bench/objects.h"

#define BENCH_LICENSE "GPL"

#define BENCH_NAME_SIZE 16
#define BENCH_USES_MAX 8

#define BENCH_KEY_SIZE 4
#define BENCH_VALUE_SIZE 8

/* An object in the making. */
struct making {
	struct elf_made *elf;
	size_t nr_maps, nr_uses;
	bool is_native, has_btf;
	const char *maps_name; /* of the section */
	size_t map_size;       /* there */
	char (*names)[BENCH_NAME_SIZE];
	char labels[BENCH_USES_MAX][BENCH_NAME_SIZE];
	size_t code, maps, license;
	size_t *map_symbols;
	size_t code_symbol, license_symbol;
};

struct description {
	uint32_t type, max_entries;
};

struct description bench_describe(size_t i);
/* The map of a use. */
size_t bench_used_map(const struct making *making, size_t use);
/* Where that is relocated, in instructions. */
size_t bench_use_at(size_t use);
void bench_need(int is_good);

/* .BTF and .BTF.ext, once there are symbols. */
void bench_put_btf(const struct making *making);

#endif
