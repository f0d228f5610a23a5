/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Where maps are pinned. First match wins: the directory that the caller names (the flat layout),
 * what the object says, in one of the ways of old loaders (enum elfmap_pin), nowhere.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "iproute2.h"
#include "log.h"
#include "pin_path.h"
#include "resolve.h"

static int join(const char *dir, const char *name, char **path)
{
	if (asprintf(path, "%s/%s", dir, name) >= 0)
		return 0;
	*path = NULL;
	return -ENOMEM;
}

static int path_by_number(struct elfmap_map *map)
{
	const struct elfmap_object *object = map->object;

	return iproute2_pin_path(object->bpffs, map->sha1 ? map->sha1 : object->view.sha1,
				 map->def.pinning, map->name, &map->pin_path);
}

static int path_by_name(struct elfmap_map *map)
{
	const char *root = map->object->bpf_opts->pin_root_path;

	if (map->def.pinning != PIN_BY_NAME)
		return 0;
	return join(root ? root : "/sys/fs/bpf", map->name, &map->pin_path);
}

static int path_by_path(struct elfmap_map *map)
{
	const char *path = map->def.pin_path;

	if (!path || !*path)
		return 0;
	if (pin_path_climbs(path) || path[strlen(path) - 1] == '/') {
		log_error("%s: section %s: map \"%s\": pin path \"%.200s\": expected the path of a "
			  "file, without \"..\"",
			  map->object->view.name, map_section(map), map->name, path);
		return -EINVAL;
	}
	if (*path != '/')
		return join(map->object->bpffs, path, &map->pin_path);
	map->pin_path = strdup(path);
	return map->pin_path ? 0 : -ENOMEM;
}

static int path_by_loader(struct elfmap_map *map)
{
	map->pin_is_open = true;
	return 0;
}

static int object_path(struct elfmap_map *map)
{
	static int (*const by[])(struct elfmap_map * map) = {
		[ELFMAP_PIN_BY_NUMBER] = path_by_number,
		[ELFMAP_PIN_BY_NAME] = path_by_name,
		[ELFMAP_PIN_BY_PATH] = path_by_path,
		[ELFMAP_PIN_BY_LOADER] = path_by_loader,
	};

	if (map->def.pin < sizeof(by) / sizeof(by[0]))
		return by[map->def.pin](map);
	log_error("%s: section %s: map \"%s\": its format says %u for what its pinning means",
		  map->object->view.name, map_section(map), map->name, map->def.pin);
	return -EINVAL;
}

int resolve_pins(struct elfmap_object *object)
{
	int err = 0;

	object->has_pin_dir = object->opts.pin_dir;
	object->bpffs = object->opts.bpffs ? strdup(object->opts.bpffs) : iproute2_bpffs();
	if (!object->bpffs)
		return -ENOMEM;
	for (size_t i = 0; !err && i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];

		err = object->opts.pin_dir ? join(object->opts.pin_dir, map->name, &map->pin_path) :
					     object_path(map);
	}
	return err;
}
