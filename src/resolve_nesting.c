/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Maps of maps. iproute2's: an outer map names the id of its inner map, and every map with that id
 * and an inner_idx other than -1 is stored in it, so that several inner maps share an id. Samples':
 * an outer map names the position of its inner map in the section, and nothing is stored. goebpf's:
 * it names the inner map itself.
 */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "entries.h"
#include "ids.h"
#include "messages.h"
#include "places.h"
#include "resolve.h"
#include "slots.h"
#include "zeroed.h"

#define NO_INNER_IDX UINT32_MAX

static bool has(const struct elfmap_map *map, enum elfmap_map_def_word word)
{
	return map->def.has & word;
}

static bool is_outer(const struct elfmap_map *map)
{
	return !map->native && is_outer_type(map->def.type);
}

/* --- the inner map of an outer one ------------------------------------------------------------ */

static int check_inner(const struct elfmap_map *outer, const struct elfmap_map *inner)
{
	if (!is_outer_type(inner->def.type))
		return 0;
	map_error(outer,
		  "its inner map \"%s\" is a map of maps itself: expected one "
		  "level",
		  inner->name);
	return -EINVAL;
}

static int link_by_id(struct elfmap_map *outer, const struct id_index *ids)
{
	uint32_t id = outer->def.inner_id;
	size_t first = id ? id_index_first(ids, id) : ids->count;

	if (first < ids->count) {
		outer->inner = ids->maps[first];
		return check_inner(outer, outer->inner);
	}
	if (id)
		map_error(outer, "inner_id %u: no map in this object has that id", id);
	else
		map_error(outer,
			  " is a map of maps (type %u) with inner_id 0: expected the "
			  "id of its inner map",
			  outer->def.type);
	return -EINVAL;
}

/* The maps of a section, which stand one after the other in object->maps. */
struct place {
	struct elfmap_map *first;
	size_t count;
	bool is_uniform; /* all of one size */
};

/* The section of a map; *place is the one that was asked for before. */
static const struct place *find_place(struct elfmap_map *map, struct place *place)
{
	struct elfmap_map *end = map->object->maps + map->object->nr_maps, *next;

	if (place->first && place->first->section == map->section)
		return place;
	*place = (struct place){ .first = map, .is_uniform = true };
	while (place->first > map->object->maps && place->first[-1].section == map->section)
		place->first--;
	for (next = place->first; next < end && next->section == map->section; next++) {
		place->count++;
		place->is_uniform = place->is_uniform && next->size == place->first->size;
	}
	return place;
}

static int link_by_position(struct elfmap_map *outer, struct place *place)
{
	uint32_t position = outer->def.inner_map_idx;
	struct elfmap_map *first = find_place(outer, place)->first;

	/* where each map has a section there is nothing to count: its loader knows */
	if (entries_is_named(map_section(outer)))
		return 0;
	if (!place->is_uniform) {
		map_error(outer,
			  "inner_map_idx %u: the section was linked from several, and "
			  "positions were counted in one of them",
			  position);
		return -EINVAL;
	}
	if (position >= place->count) {
		map_error(outer, "inner_map_idx %u: the section has %zu maps", position,
			  place->count);
		return -EINVAL;
	}
	/* 0 may also be a word that was never set, where the loader brings the inner map */
	if (position == 0 && is_outer_type(first->def.type))
		return 0;
	outer->inner = first + position;
	return check_inner(outer, outer->inner);
}

/* Whether another map had that name, and was renamed. */
static bool has_namesakes(const struct elfmap_map *map)
{
	const struct elf_view *view = &map->object->view;

	for (size_t i = 0; map->object->has_renamed && i < map->object->nr_maps; i++) {
		const struct elfmap_map *other = &map->object->maps[i];

		if (other->is_renamed &&
		    !strcmp(read_symbol_name(view, &view->symbols[other->symbol]), map->name))
			return true;
	}
	return false;
}

static int link_by_name(struct elfmap_map *outer)
{
	outer->inner = places_map_of_name(outer->object, outer->def.inner_name);
	if (outer->inner && !has_namesakes(outer->inner))
		return check_inner(outer, outer->inner);
	if (outer->inner) {
		map_error(outer, "its inner map is called \"%s\" as another static map is",
			  outer->def.inner_name);
		return -EINVAL;
	}
	map_error(outer, "its inner map \"%s\" is no map of this object", outer->def.inner_name);
	return -EINVAL;
}

static int link_inner(struct elfmap_map *outer, const struct id_index *ids, struct place *place)
{
	if (outer->def.inner_name)
		return link_by_name(outer);
	if (has(outer, ELFMAP_DEF_INNER_ID))
		return link_by_id(outer, ids);
	if (has(outer, ELFMAP_DEF_INNER_MAP_IDX))
		return link_by_position(outer, place);
	return 0; /* only the loader knows it */
}

/* --- what outer maps hold ----------------------------------------------------------------------- */

/* A struct without inner_idx is a shorter one, whose missing words are 0. */
static bool is_stored(const struct elfmap_map *inner)
{
	return inner->def.inner_id == 0 && inner->def.inner_idx != NO_INNER_IDX;
}

static int check_slot(const struct elfmap_map *outer, const struct elfmap_map *inner)
{
	if (outer->def.key_size != sizeof(uint32_t)) {
		map_error(outer,
			  "key size %u: expected 4, as \"%s\" is to be stored in it by "
			  "inner_idx",
			  outer->def.key_size, inner->name);
		return -EINVAL;
	}
	if (outer->def.type == BPF_MAP_TYPE_ARRAY_OF_MAPS &&
	    inner->def.inner_idx >= outer->def.max_entries) {
		map_error(inner, "inner_idx %u: its outer map \"%s\" has %u entries",
			  inner->def.inner_idx, outer->name, outer->def.max_entries);
		return -EINVAL;
	}
	return 0;
}

static int fill_outer(struct elfmap_object *object, struct elfmap_map *outer,
		      const struct id_index *ids)
{
	uint32_t id = outer->def.inner_id;

	for (size_t i = id_index_first(ids, id); i < ids->count && ids->maps[i]->def.id == id;
	     i++) {
		const struct elfmap_map *inner = ids->maps[i];
		int err;

		if (!is_stored(inner))
			continue;
		err = check_slot(outer, inner);
		if (!err)
			err = slot_add(object, outer,
				       (struct map_slot){ .key = inner->def.inner_idx,
							  .map = inner });
		if (err)
			return err;
	}
	return 0;
}

/* --- ids ---------------------------------------------------------------------------------------- */

/* Mark the first map of every id that an outer map names. */
static void mark_inner_ids(const struct elfmap_object *object, const struct id_index *ids,
			   bool *is_inner_id)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];
		size_t first;

		if (!is_outer(map) || !has(map, ELFMAP_DEF_INNER_ID))
			continue;
		first = id_index_first(ids, map->def.inner_id);
		if (first < ids->count)
			is_inner_id[first] = true;
	}
}

/* Inner maps of one outer share an id; elsewhere an id says which map is meant. */
static int check_ids(const struct elfmap_object *object, const struct id_index *ids)
{
	CLEANUP(cleanup_free) bool *is_inner_id = zeroed(ids->count + 1, sizeof(bool));
	size_t first = 0;

	if (!is_inner_id)
		return -ENOMEM;
	mark_inner_ids(object, ids, is_inner_id);
	for (size_t i = 1; i < ids->count; i++) {
		const struct elfmap_map *a = ids->maps[first], *b = ids->maps[i];

		if (a->def.id != b->def.id)
			first = i;
		if (!b->def.id || first == i || is_inner_id[first])
			continue;
		section_error(&object->view, b->section,
			      "maps \"%s\" and \"%s\" both have id %u: expected different ids, as "
			      "no outer map names it as inner_id",
			      a->name, b->name, b->def.id);
		return -EINVAL;
	}
	return 0;
}

static int resolve_outers(struct elfmap_object *object, const struct id_index *ids)
{
	struct place place = { 0 };

	for (size_t i = 0; i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];
		int err;

		if (!is_outer(map))
			continue;
		err = link_inner(map, ids, &place);
		if (!err && has(map, ELFMAP_DEF_INNER_ID))
			err = fill_outer(object, map, ids);
		if (err)
			return err;
	}
	return 0;
}

int resolve_nesting(struct elfmap_object *object)
{
	struct id_index ids;
	int err = 0;

	if (!object->has_ids)
		return 0;
	err = id_index_build(object, &ids);
	if (err)
		return err;
	err = check_ids(object, &ids);
	if (!err)
		err = resolve_outers(object, &ids);
	id_index_release(&ids);
	return err;
}
