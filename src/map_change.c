/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a caller changes of a map before it is loaded, from map_cb on. A change goes into the model;
 * synthesise makes BTF of it anew when that is asked for next.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "descriptor.h"
#include "messages.h"
#include "model.h"
#include "pin_path.h"

/* libbpf's object was made from the model as it was, and has setters of its own. */
static int check_time(const struct elfmap_map *map)
{
	return map->object->bpf_object || map->object->loaded ? -EBUSY : 0;
}

static int refuse(const struct elfmap_map *map, const char *what, uint32_t value,
		  const char *reason)
{
	map_error(map, "%s %u: %s", what, value, reason);
	return -EINVAL;
}

static int change(struct elfmap_map *map, size_t offset, uint32_t value)
{
	char *word = (char *)&map->def + offset;

	/* a BTF-defined map keeps what says the same in its struct: a size may stand there as a type */
	if (!memcmp(word, &value, sizeof(value)))
		return 0;
	memcpy(word, &value, sizeof(value));
	map->changed |= model_word_bit(offset);
	map->object->is_synthesised = false;
	return 0;
}

/* --- words --------------------------------------------------------------------------------------- */

/* Maps of these kinds hold different things in their slots. */
static uint32_t kind_of(uint32_t type)
{
	return is_outer_type(type)	       ? BPF_MAP_TYPE_ARRAY_OF_MAPS :
	       type == BPF_MAP_TYPE_PROG_ARRAY ? BPF_MAP_TYPE_PROG_ARRAY :
						 BPF_MAP_TYPE_UNSPEC;
}

/* As the description of inner maps, or in a slot beside the one that is. */
static bool is_inner(const struct elfmap_map *map)
{
	const struct elfmap_object *object = map->object;

	for (size_t i = 0; i < object->nr_maps; i++) {
		if (object->maps[i].inner == map)
			return true;
		for (size_t j = 0; j < object->maps[i].nr_slots; j++)
			if (object->maps[i].slots[j].map == map)
				return true;
	}
	return false;
}

int elfmap_map__set_type(struct elfmap_map *map, __u32 type)
{
	int err = check_time(map);

	if (err)
		return err;
	if (kind_of(type) != kind_of(map->def.type) && (map->nr_slots || map->inner))
		return refuse(map, "type", type, "it would not take what the map holds");
	if (is_outer_type(type) && is_inner(map))
		return refuse(map, "type", type, "the map is inside of a map of maps");
	return change(map, offsetof(struct elfmap_map_def, type), type);
}

/* A type that is not of the new size describes the key or value no more. */
static void drop_type(const struct elfmap_map *map, uint32_t *type_id, uint32_t size)
{
	if (*type_id && btf__resolve_size(map->object->btf, *type_id) != size)
		*type_id = 0;
}

int elfmap_map__set_key_size(struct elfmap_map *map, __u32 size)
{
	int err = check_time(map);

	if (err)
		return err;
	if (map->nr_slots && size != sizeof(uint32_t))
		return refuse(map, "key_size", size, "the keys of its initial slots have 4 bytes");
	drop_type(map, &map->key_type_id, size);
	return change(map, offsetof(struct elfmap_map_def, key_size), size);
}

int elfmap_map__set_value_size(struct elfmap_map *map, __u32 size)
{
	int err = check_time(map);

	if (err)
		return err;
	if ((map->nr_slots || map->inner) && size != sizeof(uint32_t) &&
	    size != map->def.value_size)
		return refuse(map, "value_size", size, "the values of its slots have 4 bytes");
	drop_type(map, &map->value_type_id, size);
	return change(map, offsetof(struct elfmap_map_def, value_size), size);
}

int elfmap_map__set_max_entries(struct elfmap_map *map, __u32 max_entries)
{
	const struct map_slot *last = map->nr_slots ? &map->slots[map->nr_slots - 1] : NULL;
	bool is_hash = map->def.type == BPF_MAP_TYPE_HASH_OF_MAPS;
	int err = check_time(map);

	if (err)
		return err;
	if (last && (is_hash ? map->nr_slots > max_entries : last->key >= max_entries))
		return refuse(map, "max_entries", max_entries,
			      "there is no room for its initial slots");
	return change(map, offsetof(struct elfmap_map_def, max_entries), max_entries);
}

int elfmap_map__set_map_flags(struct elfmap_map *map, __u32 flags)
{
	int err = check_time(map);

	if (err)
		return err;
	map->def.has |= ELFMAP_DEF_MAP_FLAGS;
	return change(map, offsetof(struct elfmap_map_def, map_flags), flags);
}

int elfmap_map__set_numa_node(struct elfmap_map *map, __u32 numa_node)
{
	int err = check_time(map);

	if (err)
		return err;
	map->def.has |= ELFMAP_DEF_NUMA_NODE;
	return change(map, offsetof(struct elfmap_map_def, numa_node), numa_node);
}

/* --- what it is made with, and whether ------------------------------------------------------------- */

int elfmap_map__set_inner(struct elfmap_map *map, const struct elfmap_map *inner)
{
	int err = check_time(map);

	if (err)
		return err;
	if (!is_outer_type(map->def.type))
		return refuse(map, "type", map->def.type, "it is no map of maps");
	if (map->native || map->nr_slots || inner->object != map->object ||
	    is_outer_type(inner->def.type)) {
		map_error(map,
			  "\"%s\" cannot be its inner map: expected one of the same "
			  "object that is no map of maps, and for a legacy map without "
			  "initial slots",
			  inner->name);
		return -EINVAL;
	}
	map->inner = inner;
	map->object->is_synthesised = false;
	return 0;
}

bool elfmap_map__autocreate(const struct elfmap_map *map)
{
	return !map->skipped;
}

int elfmap_map__set_autocreate(struct elfmap_map *map, bool autocreate)
{
	int err = check_time(map);

	if (!err)
		map->skipped = !autocreate;
	return err;
}

int elfmap_map__reuse_fd(struct elfmap_map *map, int fd)
{
	int own, err = check_time(map);

	if (err)
		return err;
	own = descriptor_duplicate(fd);
	if (own < 0)
		return own;
	if (!descriptor_is(own, "bpf-map")) {
		close(own);
		map_error(map, "the descriptor that is to be used instead is no map's");
		return -EINVAL;
	}
	if (map->own_fd >= 0)
		close(map->own_fd);
	map->own_fd = own;
	map->pin_is_open = false;
	return pin_path_set(&map->pin_path, NULL);
}
