/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Where maps are pinned. First match wins: the directory that the caller names (the flat layout),
 * what the object says (iproute2's layout, or libbpf's for BTF-defined maps), nowhere.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "iproute2.h"
#include "resolve.h"

static int flat_path(const char *dir, const char *map, char **path)
{
	if (asprintf(path, "%s/%s", dir, map) >= 0)
		return 0;
	*path = NULL;
	return -ENOMEM;
}

static int native_path(const struct elfmap_object *object, struct elfmap_map *map)
{
	const char *root = object->bpf_opts->pin_root_path;

	if (!root)
		root = "/sys/fs/bpf";
	return map->def.pinning == PIN_BY_NAME ? flat_path(root, map->name, &map->pin_path) : 0;
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

		if (object->opts.pin_dir)
			err = flat_path(object->opts.pin_dir, map->name, &map->pin_path);
		else if (map->native)
			err = native_path(object, map);
		else if (map->def.pinning)
			err = iproute2_pin_path(object->bpffs, object->view.sha1, map->def.pinning,
						map->name, &map->pin_path);
	}
	return err;
}
