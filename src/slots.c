/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "log.h"
#include "slots.h"

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

static int settle_map(struct elfmap_map *map)
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
	/* keys of arrays were checked one by one; those of a hash may be any, but not that many */
	if (map->nr_slots <= map->def.max_entries)
		return 0;
	log_error("%s: section %s: map \"%s\": %zu initial slots: it has %u entries",
		  map->object->view.name, map_section(map), map->name, map->nr_slots,
		  map->def.max_entries);
	return -EINVAL;
}

int slots_settle(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		int err = settle_map(&object->maps[i]);

		if (err)
			return err;
	}
	return 0;
}
