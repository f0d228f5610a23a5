/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "explain.h"
#include "fill.h"
#include "log.h"
#include "open.h"

/* A descriptor of what the slot holds now; -ENOENT, it is empty; else the kernel does not tell. */
static int current_value(int map_fd, uint32_t type, uint32_t key)
{
	uint32_t id;
	int fd;

	if (bpf_map_lookup_elem(map_fd, &key, &id))
		return -errno;
	fd = type == BPF_MAP_TYPE_PROG_ARRAY ? bpf_prog_get_fd_by_id(id) : bpf_map_get_fd_by_id(id);
	/* what is gone by now was stored a moment ago: that is not to be empty later */
	return fd < 0 ? -EAGAIN : fd;
}

/*
 * Only who may ask for all programs (CAP_SYS_ADMIN) is given a descriptor of what is in a slot.
 * Others cannot put it back: better the new one stays there than nothing.
 */
int fill_remember(struct journal *journal, int map_fd, uint32_t type, uint32_t key)
{
	CLEANUP(cleanup_fd) int old = current_value(map_fd, type, key);

	if (old < 0 && old != -ENOENT)
		return 0;
	return journal_add_slot(journal, map_fd, key, old);
}

int fill_check(const char *object, const char *name, const struct bpf_map *map)
{
	uint32_t type = bpf_map__type(map);

	if ((type == BPF_MAP_TYPE_PROG_ARRAY || is_outer_type(type)) &&
	    bpf_map__key_size(map) == sizeof(uint32_t) &&
	    bpf_map__value_size(map) == sizeof(uint32_t))
		return 0;
	log_error("%s: map \"%s\": its initial slots cannot be stored in the map that is used for "
		  "it: type %u, keys of %u bytes, values of %u: expected a prog array or a map of "
		  "maps, with 4 bytes each",
		  object, name, type, bpf_map__key_size(map), bpf_map__value_size(map));
	return -EINVAL;
}

static int target_fd(const struct map_slot *slot)
{
	if (slot->map)
		return open_map_fd(slot->map->bpf_map);
	return slot->program->bpf_program ? bpf_program__fd(slot->program->bpf_program) : -ENOENT;
}

static int fill_slot(struct elfmap_object *object, const struct elfmap_map *map,
		     const struct map_slot *slot)
{
	int fd = target_fd(slot);
	int err;

	if (fd < 0)
		return 0; /* what is not to be created or loaded */
	err = fill_check(object->view.name, map->name, map->bpf_map);
	if (!err && map->reused)
		err = fill_remember(&object->journal, bpf_map__fd(map->bpf_map), map->def.type,
				    slot->key);
	if (!err && bpf_map_update_elem(bpf_map__fd(map->bpf_map), &slot->key, &fd, BPF_ANY))
		err = explain_slot(map, slot, -errno);
	return err;
}

/* iproute2 leaves outer maps alone when every one of them was reused from a pin. */
static bool has_new_outer(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if ((!object->maps[i].native || object->maps[i].converted) &&
		    is_outer_type(object->maps[i].def.type) && !object->maps[i].reused &&
		    open_map_fd(object->maps[i].bpf_map) >= 0)
			return true;
	return false;
}

int fill_slots(struct elfmap_object *object)
{
	bool fill_outers = has_new_outer(object);
	int err = 0;

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (open_map_fd(map->bpf_map) < 0 || (is_outer_type(map->def.type) && !fill_outers))
			continue;
		for (size_t j = 0; !err && j < map->nr_slots; j++)
			err = fill_slot(object, map, &map->slots[j]);
		if (err)
			return err;
	}
	return 0;
}
