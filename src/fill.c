/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "explain.h"
#include "fill.h"

/* A descriptor of what the slot holds now, -1 where it is empty. */
static int current_value(const struct elfmap_map *map, uint32_t key)
{
	uint32_t id;

	if (bpf_map_lookup_elem(bpf_map__fd(map->bpf_map), &key, &id))
		return -1;
	return map->def.type == BPF_MAP_TYPE_PROG_ARRAY ? bpf_prog_get_fd_by_id(id) :
							  bpf_map_get_fd_by_id(id);
}

static int target_fd(const struct map_slot *slot)
{
	if (slot->map)
		return bpf_map__fd(slot->map->bpf_map);
	return slot->program->bpf_program ? bpf_program__fd(slot->program->bpf_program) : -ENOENT;
}

static int fill_slot(struct elfmap_object *object, const struct elfmap_map *map,
		     const struct map_slot *slot)
{
	int fd = target_fd(slot);
	int err = 0;

	if (fd < 0)
		return 0; /* a program that is not to be loaded */
	if (map->reused) {
		CLEANUP(cleanup_fd) int old = current_value(map, slot->key);

		err = journal_add_slot(&object->journal, bpf_map__fd(map->bpf_map), slot->key, old);
	}
	if (!err && bpf_map_update_elem(bpf_map__fd(map->bpf_map), &slot->key, &fd, BPF_ANY))
		err = explain_slot(map, slot, -errno);
	return err;
}

/* iproute2 leaves outer maps alone when every one of them was reused from a pin. */
static bool has_new_outer(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if ((!object->maps[i].native || object->maps[i].converted) &&
		    is_outer_type(object->maps[i].def.type) && !object->maps[i].reused)
			return true;
	return false;
}

int fill_slots(struct elfmap_object *object)
{
	bool fill_outers = has_new_outer(object);
	int err = 0;

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (is_outer_type(map->def.type) && !fill_outers)
			continue;
		for (size_t j = 0; !err && j < map->nr_slots; j++)
			err = fill_slot(object, map, &map->slots[j]);
		if (err)
			return err;
	}
	return 0;
}
