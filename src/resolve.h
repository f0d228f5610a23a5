/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 3: definitions to model. Links definitions to each other and to programs: inner maps,
 * initial slots, tail calls, key and value types, pin paths, program types. What is wrong with an
 * object as a whole is found here.
 *
 * resolve.c is the order of the parts; each part has a file of its own.
 */
#ifndef ELFMAP_RESOLVE_H
#define ELFMAP_RESOLVE_H

#include "model.h"

int resolve_object(struct elfmap_object *object);

/* The parts. */
int resolve_names(struct elfmap_object *object);
int resolve_nesting(struct elfmap_object *object);
int resolve_tail_calls(struct elfmap_object *object);
int resolve_types(struct elfmap_object *object);
int resolve_pins(struct elfmap_object *object);

/* Maps by (id, order in the file): shared by nesting and tail calls. */
struct id_index {
	struct elfmap_map **maps;
	size_t count;
};

int id_index_build(struct elfmap_object *object, struct id_index *out);
void id_index_release(struct id_index *index);
/* The position of the first map with that id; index->count where there is none. */
size_t id_index_first(const struct id_index *index, uint32_t id);

/* Store a map or a program in a map's slot after load. */
int slot_add(struct elfmap_object *object, struct elfmap_map *map, struct map_slot slot);
/* The name of what a slot holds. */
const char *slot_target(const struct map_slot *slot);

#endif
