/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>

#include "cleanup.h"
#include "cli.h"
#include "elfmap.h"
#include "iproute2.h"
#include "tail_calls.h"

/* The prog array after map, the first for NULL, that the load fills and nothing pins. */
static struct elfmap_map *next_lost(const struct elfmap_object *obj, struct elfmap_map *map)
{
	while ((map = elfmap_object__next_map(obj, map))) {
		if (elfmap_map__def(map)->type == BPF_MAP_TYPE_PROG_ARRAY &&
		    elfmap_map__nr_slots(map) && !elfmap_map__pin_path(map))
			return map;
	}
	return NULL;
}

static int pin_in_namespace(const struct elfmap_object *obj, struct elfmap_map *map)
{
	CLEANUP(cleanup_free) char *bpffs = iproute2_bpffs();
	struct iproute2_places places = { bpffs, elfmap_object__sha1(obj) };
	char path[PATH_MAX] = "";
	int err;

	if (!bpffs)
		return -ENOMEM;
	err = iproute2_pin_path(elfmap_map__name(map), IPROUTE2_PIN_OBJECT_NS, path, sizeof(path),
				&places);
	return err ? err : elfmap_map__set_pin_path(map, path);
}

int tail_calls_keep(const struct cli *cli, const struct elfmap_object *obj)
{
	struct elfmap_map *map = NULL;
	int err = 0;

	while (cli->keep_tail_calls && !err && (map = next_lost(obj, map)))
		err = pin_in_namespace(obj, map);
	return err;
}

void tail_calls_warn(struct cli *cli, const struct elfmap_object *obj)
{
	struct elfmap_map *map = NULL;

	while ((map = next_lost(obj, map))) {
		message_warning(cli,
				"%s: prog array %s is not pinned: the kernel empties it when "
				"elfmap ends, and its tail calls go nowhere",
				elfmap_object__name(obj), elfmap_map__name(map));
		message_detail(cli, "--keep-tail-calls pins it in the object's namespace");
	}
}
