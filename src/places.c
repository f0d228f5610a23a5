/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
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

struct elfmap_program *places_program(const struct elfmap_object *object, size_t section,
				      uint64_t offset)
{
	size_t low = 0, high = object->nr_programs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elfmap_program *program = &object->programs[middle];

		if (is_before(program->section, program->offset, section, offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low < object->nr_programs && object->programs[low].section == section &&
			       object->programs[low].offset == offset ?
		       &object->programs[low] :
		       NULL;
}

struct elfmap_map *places_map_of_name(const struct elfmap_object *object, const char *name)
{
	size_t low = 0, high = object->by_name ? object->nr_maps : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(object->by_name[middle]->name, name);

		if (!order)
			return object->by_name[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
