/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a caller sees of a map, and changes before load.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "open.h"
#include "pin_path.h"
#include "slots.h"
#include "synthesise.h"

const char *elfmap_map__name(const struct elfmap_map *map)
{
	return map->name;
}

const char *elfmap_map__section(const struct elfmap_map *map)
{
	return map_section(map);
}

size_t elfmap_map__offset(const struct elfmap_map *map)
{
	return map->offset;
}

const char *elfmap_map__layout(const struct elfmap_map *map)
{
	return map->layout;
}

const char *elfmap_map__evidence(const struct elfmap_map *map)
{
	return map->evidence;
}

struct elfmap_object *elfmap_map__object(const struct elfmap_map *map)
{
	return map->object;
}

const struct elfmap_map_def *elfmap_map__def(const struct elfmap_map *map)
{
	return &map->def;
}

const struct elfmap_map *elfmap_map__inner(const struct elfmap_map *map)
{
	return map->inner;
}

const char *elfmap_map__pin_path(const struct elfmap_map *map)
{
	return map->pin_path;
}

int elfmap_map__set_pin_path(struct elfmap_map *map, const char *path)
{
	int err = map->object->is_pinned ? -EBUSY : pin_path_set(&map->pin_path, path);

	if (!err)
		map->pin_is_open = false;
	return err;
}

__u32 elfmap_map__btf_id(const struct elfmap_map *map)
{
	if (map->btf_id)
		return map->btf_id;
	return synthesise_object(map->object) ? 0 : map->image_btf_id;
}

__u32 elfmap_map__btf_key_type_id(const struct elfmap_map *map)
{
	return map->key_type_id;
}

__u32 elfmap_map__btf_value_type_id(const struct elfmap_map *map)
{
	return map->value_type_id;
}

int elfmap_map__fd(const struct elfmap_map *map)
{
	int fd = map->object->is_pinned ? map->own_fd :
		 map->object->loaded	? open_map_fd(map->bpf_map) :
					  -1;

	return fd < 0 ? -ENOENT : fd;
}

struct bpf_map *elfmap_map__bpf_map(const struct elfmap_map *map)
{
	if (!map->bpf_map)
		errno = map->object->is_pinned ? ENOTSUP : ENOENT;
	return map->bpf_map;
}

size_t elfmap_map__nr_slots(const struct elfmap_map *map)
{
	return map->nr_slots;
}

int elfmap_map__slot(const struct elfmap_map *map, size_t i, __u32 *key, const char **target)
{
	const struct map_slot *slot;

	if (i >= map->nr_slots)
		return -ERANGE;
	slot = &map->slots[i];
	if (key)
		*key = slot->key;
	if (target)
		*target = slot_target(slot);
	return 0;
}
