/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "places.h"

static bool is_before(size_t section, uint64_t offset, size_t than_section, uint64_t than_offset)
{
	return section < than_section || (section == than_section && offset < than_offset);
}

/* The number of maps before a place. */
static size_t count_maps_before(const struct elfmap_object *object, size_t section, uint64_t offset)
{
	size_t low = 0, high = object->nr_maps;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elfmap_map *map = &object->maps[middle];

		if (is_before(map->section, map->offset, section, offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool places_has_maps(const struct elfmap_object *object, size_t section)
{
	size_t i = count_maps_before(object, section, 0);

	return i < object->nr_maps && object->maps[i].section == section;
}

struct elfmap_map *places_map(const struct elfmap_object *object, size_t section, uint64_t offset)
{
	size_t i = count_maps_before(object, section, offset);

	return i < object->nr_maps && object->maps[i].section == section &&
			       object->maps[i].offset == offset ?
		       &object->maps[i] :
		       NULL;
}

struct elfmap_map *places_map_before(const struct elfmap_object *object, size_t section,
				     uint64_t offset)
{
	size_t i;

	if (offset == UINT64_MAX)
		return NULL;
	i = count_maps_before(object, section, offset + 1);
	return i && object->maps[i - 1].section == section ? &object->maps[i - 1] : NULL;
}

struct place {
	size_t section;
	uint64_t offset;
};

static int compare_program(const void *key, const void *element)
{
	const struct elfmap_program *program = element;
	const struct place *place = key;

	if (is_before(place->section, place->offset, program->section, program->offset))
		return -1;
	return program->section != place->section || program->offset != place->offset;
}

struct elfmap_program *places_program(const struct elfmap_object *object, size_t section,
				      uint64_t offset)
{
	const struct place place = { section, offset };

	if (!object->nr_programs)
		return NULL;
	return bsearch(&place, object->programs, object->nr_programs, sizeof(*object->programs),
		       compare_program);
}

static int compare_name(const void *key, const void *element)
{
	return strcmp(key, (*(struct elfmap_map *const *)element)->name);
}

struct elfmap_map *places_map_of_name(const struct elfmap_object *object, const char *name)
{
	struct elfmap_map **found = NULL;

	if (object->by_name && object->nr_maps)
		found = bsearch(name, object->by_name, object->nr_maps, sizeof(*object->by_name),
				compare_name);
	return found ? *found : NULL;
}
