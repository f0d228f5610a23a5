/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "slots.h"
#include "sort.h"

const char *slot_target(const struct map_slot *slot)
{
	return slot->map ? slot->map->name : slot->program->name;
}

/* Grows by doubling; the order is settled once, when all are there. */
int slot_add(struct elfmap_object *object, struct elfmap_map *map, struct map_slot slot)
{
	bool full = (map->nr_slots & (map->nr_slots - 1)) == 0;

	if (object->nr_slots >= SLOTS_MAX) {
		map_error(map, "more than %u initial slots in the object", SLOTS_MAX);
		return -E2BIG;
	}
	if (full) {
		size_t capacity = map->nr_slots ? 2 * map->nr_slots : 1;
		struct map_slot *slots = reallocarray(map->slots, capacity, sizeof(*slots));

		if (!slots)
			return -ENOMEM;
		map->slots = slots;
	}
	slot.number = map->nr_slots;
	map->slots[map->nr_slots++] = slot;
	object->nr_slots++;
	return 0;
}

void slot_remove(struct elfmap_map *map, size_t i)
{
	struct map_slot *slot = &map->slots[i];

	if (slot->program)
		slot->program->tail_call_map = NULL;
	map->object->has_other_slots |= map->converted;
	map->nr_slots--;
	map->object->nr_slots--;
	memmove(slot, slot + 1, (map->nr_slots - i) * sizeof(*slot));
}

static bool stays_empty(const struct elfmap_map *map, const struct map_slot *slot)
{
	return map->skipped || (slot->map ? slot->map->skipped : !slot->program->autoload);
}

void slots_remove_empty(struct elfmap_object *object)
{
	for (size_t i = 0; object->nr_slots && i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];

		for (size_t j = map->nr_slots; j > 0; j--)
			if (stays_empty(map, &map->slots[j - 1]))
				slot_remove(map, j - 1);
	}
}

static int compare_slots(const void *a, const void *b)
{
	const struct map_slot *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	/* in the order of sections, whenever they were added */
	if (left->program && right->program && left->program != right->program)
		return left->program < right->program ? -1 : 1;
	return left->number < right->number ? -1 : left->number > right->number;
}

/*
 * iproute2 stores both, and the last one stays. In tags, which elfmap writes, it is an error, but not
 * where the caller moved one there.
 */
static int settle_claim(const struct elfmap_map *map, const struct map_slot *first,
			const struct map_slot *last)
{
	bool is_wrong = map->converted && !first->is_added && !last->is_added;
	enum elfmap_log_level level = is_wrong ? ELFMAP_LOG_ERROR : ELFMAP_LOG_WARNING;

	map_message(level, map, "slot %u is claimed by \"%s\" and by \"%s\"%s", last->key,
		    slot_target(first), slot_target(last),
		    is_wrong ? "" : ": the last one gets it");
	if (is_wrong)
		return -EEXIST;
	if (first->program)
		first->program->tail_call_map = NULL;
	return 0;
}

/* In the order of keys, one for each. */
static int settle_claims(struct elfmap_map *map)
{
	uint32_t kept = 0;
	int err = 0;

	for (size_t i = 0; !err && i < map->nr_slots; i++) {
		if (kept && map->slots[kept - 1].key == map->slots[i].key)
			err = settle_claim(map, &map->slots[--kept], &map->slots[i]);
		map->slots[kept++] = map->slots[i];
	}
	map->object->nr_slots -= map->nr_slots - kept;
	map->nr_slots = kept;
	return err;
}

static int settle_map(struct elfmap_map *map)
{
	int err;

	if (map->nr_slots)
		sort(map->slots, map->nr_slots, sizeof(*map->slots), compare_slots);
	err = settle_claims(map);
	if (err)
		return err;
	/* keys of arrays were checked one by one; those of a hash may be any, but not that many */
	if (map->nr_slots <= map->def.max_entries)
		return 0;
	map_error(map, "%u initial slots: it has %u entries", map->nr_slots, map->def.max_entries);
	return -EINVAL;
}

int slots_settle(struct elfmap_object *object)
{
	for (size_t i = 0; object->nr_slots && i < object->nr_maps; i++) {
		int err = settle_map(&object->maps[i]);

		if (err)
			return err;
	}
	return 0;
}
