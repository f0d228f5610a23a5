/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What code refers to: the relocations of instructions that mean maps. By the map's symbol, or, for
 * static maps, by the section's with an offset.
 */
#ifndef ELFMAP_REFERENCES_H
#define ELFMAP_REFERENCES_H

#include "model.h"

/* A relocation of code, with what it adds: in the instruction, or in an SHT_RELA entry. */
struct reference {
	const struct elfmap_map *map; /* NULL where it means no legacy map */
	bool is_by_section;
};

/*
 * Which legacy map a relocation in section index means. -EINVAL, with a message: it means a place
 * in a legacy section where no map begins, or it is outside of the code.
 */
int references_resolve(const struct elfmap_object *object, size_t index,
		       const struct relocation *relocation, struct reference *out);

/* Whether code of the program, subprograms of the object included, refers to the map. */
bool references_has(const struct elfmap_program *program, const struct elfmap_map *map);

/* Check all relocations of the object's code. */
int references_check(const struct elfmap_object *object);
/* How many of them mean a map by its section. */
size_t references_count_by_section(const struct elfmap_object *object);

#endif
