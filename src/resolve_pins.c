/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Where maps are pinned. First match wins: the directory that the caller names (the flat layout),
 * the caller's callback, what the object says, in one of the ways of old loaders (enum elfmap_pin), nowhere.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "iproute2.h"
#include "messages.h"
#include "pin_path.h"
#include "resolve.h"

/* Most objects pin nothing, and need no look at what is mounted. */
const char *resolve_bpffs(struct elfmap_object *object)
{
	if (!object->bpffs)
		object->bpffs = iproute2_bpffs();
	return object->bpffs;
}

static int path_by_number(const char *name, __u32 pinning, char *path, size_t size, void *ctx)
{
	const struct elfmap_map *map = ctx;
	struct iproute2_places places = { NULL, NULL };

	if (pinning == IPROUTE2_PIN_NONE)
		return 0;
	places.bpffs = resolve_bpffs(map->object);
	if (!places.bpffs)
		return -ENOMEM;
	if (pinning == IPROUTE2_PIN_OBJECT_NS)
		places.sha1 = map->sha1 ? map->sha1 : read_sha1(&map->object->view);
	return iproute2_pin_path(name, pinning, path, size, &places);
}

static int path_by_name(const char *name, __u32 pinning, char *path, size_t size, void *ctx)
{
	const struct elfmap_map *map = ctx;
	const char *root = map->object->bpf_opts->pin_root_path;

	if (pinning != PIN_BY_NAME)
		return 0;
	return pin_path_format(path, size, "%s/%s", root ? root : "/sys/fs/bpf", name);
}

static int path_by_path(const char *name, __u32 pinning, char *path, size_t size, void *ctx)
{
	const struct elfmap_map *map = ctx;
	const char *told = map->def.pin_path, *bpffs;

	(void)name;
	(void)pinning;
	if (!told || !*told)
		return 0;
	if (pin_path_climbs(told) || told[strlen(told) - 1] == '/') {
		map_error(map,
			  "pin path \"%.200s\": expected the path of a file, without "
			  "\"..\"",
			  told);
		return -EINVAL;
	}
	if (*told == '/')
		return pin_path_format(path, size, "%s", told);
	bpffs = resolve_bpffs(map->object);
	return bpffs ? pin_path_format(path, size, "%s/%s", bpffs, told) : -ENOMEM;
}

static int path_by_loader(const char *name, __u32 pinning, char *path, size_t size, void *ctx)
{
	(void)name;
	(void)pinning;
	(void)path;
	(void)size;
	(void)ctx;
	return ELFMAP_PIN_PATH_DEFAULT;
}

/* --- whose rule ------------------------------------------------------------------------------- */

/* What the object says, by enum elfmap_pin. */
static int object_path(struct elfmap_map *map, char *path, size_t size)
{
	static const elfmap_pin_path_fn by[] = {
		[ELFMAP_PIN_BY_NUMBER] = path_by_number,
		[ELFMAP_PIN_BY_NAME] = path_by_name,
		[ELFMAP_PIN_BY_PATH] = path_by_path,
		[ELFMAP_PIN_BY_LOADER] = path_by_loader,
	};

	if (map->def.pin < sizeof(by) / sizeof(by[0]))
		return by[map->def.pin](map->name, map->def.pinning, path, size, map);
	map_error(map, "its format says %u for what its pinning means", map->def.pin);
	return -EINVAL;
}

static int caller_path(const struct elfmap_map *map, char *path, size_t size)
{
	const struct elfmap_open_opts *opts = &map->object->opts;
	int err;

	if (opts->pin_dir)
		return pin_path_format(path, size, "%s/%s", opts->pin_dir, map->name);
	if (!opts->pin_path_cb)
		return ELFMAP_PIN_PATH_DEFAULT;
	memset(path, 0, size);
	err = opts->pin_path_cb(map->name, map->def.pinning, path, size, opts->ctx);
	/* only what ends in the buffer is a path */
	if (!err && !memchr(path, '\0', size))
		err = -ENAMETOOLONG;
	if (err < 0 && err != -ENAMETOOLONG)
		map_error(map, "the loader's callback for pins refuses it");
	return err;
}

static int resolve_pin(struct elfmap_map *map)
{
	char path[PATH_MAX];
	int err;

	*path = '\0';
	err = caller_path(map, path, sizeof(path));
	if (err == ELFMAP_PIN_PATH_DEFAULT) {
		*path = '\0';
		err = object_path(map, path, sizeof(path));
	}
	if (err == -ENAMETOOLONG)
		map_error(map, "its pin's path is longer than %d bytes", PATH_MAX - 1);
	if (err < 0)
		return err;
	map->pin_is_open = err == ELFMAP_PIN_PATH_DEFAULT;
	return pin_path_set(&map->pin_path, *path ? path : NULL);
}

int resolve_pins(struct elfmap_object *object)
{
	int err = 0;

	object->has_pin_dir = object->opts.pin_dir;
	if (object->opts.bpffs) {
		object->bpffs = strdup(object->opts.bpffs);
		if (!object->bpffs)
			return -ENOMEM;
	}
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = resolve_pin(&object->maps[i]);
	return err;
}
