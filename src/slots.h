/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The initial slots of outer maps and prog arrays: added in any order, then settled.
 */
#ifndef ELFMAP_SLOTS_H
#define ELFMAP_SLOTS_H

#include "model.h"

/* Store a map or a program in a map's slot after load. */
int slot_add(struct elfmap_object *object, struct elfmap_map *map, struct map_slot slot);
/*
 * Order the slots of all maps by key, one for each: the last that claims it gets it. With a message:
 * -EEXIST where a converted object claims one twice by itself, -EINVAL where there are more than the
 * map has entries.
 */
int slots_settle(struct elfmap_object *object);
/* Take the i-th slot of a map away. */
void slot_remove(struct elfmap_map *map, size_t i);
/* Take those away that stay empty: of maps that are not created, and with what is not loaded. */
void slots_remove_empty(struct elfmap_object *object);
/* The name of what a slot holds. */
const char *slot_target(const struct map_slot *slot);

#endif
