/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The map or program at a place of the file, by binary search: both stand by section and offset. And
 * the map of a name.
 */
#ifndef ELFMAP_PLACES_H
#define ELFMAP_PLACES_H

#include "model.h"

/* The map of that name, NULL where there is none; once resolve has the maps by name. */
struct elfmap_map *places_map_of_name(const struct elfmap_object *object, const char *name);
/* Whether a section has maps. */
bool places_has_maps(const struct elfmap_object *object, size_t section);
/* The map that begins there, NULL where none does. */
struct elfmap_map *places_map(const struct elfmap_object *object, size_t section, uint64_t offset);
/* The last map of the section that begins there or before. */
struct elfmap_map *places_map_before(const struct elfmap_object *object, size_t section,
				     uint64_t offset);
/* The program that begins there, NULL where none does. */
struct elfmap_program *places_program(const struct elfmap_object *object, size_t section,
				      uint64_t offset);

#endif
