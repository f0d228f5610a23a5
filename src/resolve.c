/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "resolve.h"

static int compare_ids(const void *a, const void *b)
{
	const struct elfmap_map *left = *(struct elfmap_map *const *)a;
	const struct elfmap_map *right = *(struct elfmap_map *const *)b;

	if (left->def.id != right->def.id)
		return left->def.id < right->def.id ? -1 : 1;
	return left < right ? -1 : left > right;
}

int id_index_build(struct elfmap_object *object, struct id_index *out)
{
	struct elfmap_map **maps = calloc(object->nr_maps ? object->nr_maps : 1, sizeof(*maps));
	size_t count = 0;

	if (!maps)
		return -ENOMEM;
	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native)
			maps[count++] = &object->maps[i];
	qsort(maps, count, sizeof(*maps), compare_ids);
	*out = (struct id_index){ maps, count };
	return 0;
}

void id_index_release(struct id_index *index)
{
	free(index->maps);
	*index = (struct id_index){ NULL, 0 };
}

size_t id_index_first(const struct id_index *index, uint32_t id)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->maps[middle]->def.id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->count && index->maps[low]->def.id == id ? low : index->count;
}

const char *slot_target(const struct map_slot *slot)
{
	return slot->map ? slot->map->name : slot->program->name;
}

/* Grows by doubling; the order is settled once, when all are there. */
int slot_add(struct elfmap_object *object, struct elfmap_map *map, struct map_slot slot)
{
	bool full = (map->nr_slots & (map->nr_slots - 1)) == 0;

	if (object->nr_slots >= SLOTS_MAX) {
		log_error("%s: section %s: map \"%s\": more than %u initial slots in the object",
			  object->view.name, map_section(map), map->name, SLOTS_MAX);
		return -E2BIG;
	}
	if (full) {
		size_t capacity = map->nr_slots ? 2 * map->nr_slots : 1;
		struct map_slot *slots = reallocarray(map->slots, capacity, sizeof(*slots));

		if (!slots)
			return -ENOMEM;
		map->slots = slots;
	}
	map->slots[map->nr_slots++] = slot;
	object->nr_slots++;
	return 0;
}

static int compare_slots(const void *a, const void *b)
{
	const struct map_slot *left = a, *right = b;

	return left->key < right->key ? -1 : left->key > right->key;
}

static int settle_slots(struct elfmap_map *map)
{
	if (map->nr_slots)
		qsort(map->slots, map->nr_slots, sizeof(*map->slots), compare_slots);
	for (size_t i = 1; i < map->nr_slots; i++) {
		if (map->slots[i - 1].key != map->slots[i].key)
			continue;
		log_error("%s: section %s: map \"%s\": slot %u is claimed by \"%s\" and by \"%s\"",
			  map->object->view.name, map_section(map), map->name, map->slots[i].key,
			  slot_target(&map->slots[i - 1]), slot_target(&map->slots[i]));
		return -EEXIST;
	}
	return 0;
}

static int resolve_slots(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		int err = settle_slots(&object->maps[i]);

		if (err)
			return err;
	}
	return 0;
}

int resolve_object(struct elfmap_object *object)
{
	int err = resolve_names(object);

	if (!err)
		err = resolve_nesting(object);
	if (!err)
		err = resolve_tail_calls(object);
	if (!err)
		err = resolve_slots(object);
	if (!err)
		err = resolve_types(object);
	if (!err)
		err = resolve_pins(object);
	return err;
}
