/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Whether what is pinned is what would have been pinned. Each difference is named.
 */
#ifndef ELFMAP_COMPATIBLE_H
#define ELFMAP_COMPATIBLE_H

#include "model.h"

/* Type, sizes, max_entries and flags. -EEXIST, with a message, where they differ. */
int compatible_map(const struct elfmap_map *map, int pinned_fd);
/* Type, tag and maps, libbpf's own for global data aside. -EEXIST likewise. */
int compatible_program(const struct elfmap_program *program, int pinned_fd);

#endif
