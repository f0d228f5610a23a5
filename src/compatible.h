/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Whether what is pinned is what would have been pinned. Each difference is named.
 */
#ifndef ELFMAP_COMPATIBLE_H
#define ELFMAP_COMPATIBLE_H

#include "model.h"

/*
 * Type, sizes, max_entries and flags of what is at a path, and of libbpf's map. -EEXIST, with a
 * message, where they differ.
 */
int compatible_map(const char *object_name, const struct bpf_map *map, const char *path,
		   int pinned_fd);
/*
 * The kernel adds a flag to a devmap, which libbpf before 1.7 takes for a difference. Have libbpf reuse
 * a map's pin all the same, if it holds such a one; else nothing is changed.
 */
void compatible_expect_added_flag(struct bpf_map *map);
/* Type, tag and maps, libbpf's own for global data aside. -EEXIST likewise. */
int compatible_program(const struct elfmap_program *program, int pinned_fd);

#endif
