/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "compatible.h"
#include "directory.h"
#include "held.h"
#include "log.h"
#include "open.h"
#include "pin.h"
#include "placing.h"
#include "rights.h"

/* --- reuse -------------------------------------------------------------------------------------- */

/* What the caller gave counts, whatever it is like; it may be in its place already. */
static int reuse_own(struct elfmap_map *map)
{
	int err = bpf_map__reuse_fd(map->bpf_map, map->own_fd);
	char text[HELD_TEXT_MAX];
	uint32_t id;

	if (err) {
		log_error("%s: map \"%s\": the map that is to be used instead cannot be: %s",
			  map->object->view.name, map->name, strerror(-err));
		return err;
	}
	map->reused = true;
	map->is_pinned = map->pin_path && !held_id(map->own_fd, &id) &&
			 !held_compare(map->pin_path, HELD_MAP, id, text);
	return 0;
}

static int reuse_pinned(struct elfmap_map *map)
{
	CLEANUP(cleanup_fd) int fd = bpf_obj_get(map->pin_path);
	char remark[RIGHTS_TEXT_MAX];
	int err;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0) {
		err = -errno;
		log_error("%s: map \"%s\": cannot open its pin %s: %s%s", map->object->view.name,
			  map->name, map->pin_path, strerror(-err), rights_remark(err, remark));
		return err;
	}
	err = compatible_map(map->object->view.name, map->bpf_map, map->pin_path, fd);
	if (!err)
		err = bpf_map__reuse_fd(map->bpf_map, fd);
	if (err)
		return err;
	map->reused = true;
	map->is_pinned = true;
	log_info("%s: map \"%s\": reused from %s", map->object->view.name, map->name,
		 map->pin_path);
	return 0;
}

static int reuse_map(struct elfmap_map *map)
{
	if (map->skipped)
		return 0;
	if (map->own_fd >= 0)
		return reuse_own(map);
	return map->pin_path ? reuse_pinned(map) : 0;
}

int pin_reuse_maps(struct elfmap_object *object)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin_path && !object->maps[i].skipped)
			err = directory_check_names(object->view.name, object->maps[i].pin_path);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (object->programs[i].pin_path)
			err = directory_check_names(object->view.name,
						    object->programs[i].pin_path);
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = reuse_map(&object->maps[i]);
	return err;
}

/* --- placing ------------------------------------------------------------------------------------ */

static int add_program(const struct elfmap_program *program, struct placings *placings)
{
	CLEANUP(cleanup_fd) int pinned = bpf_obj_get(program->pin_path);

	if (pinned >= 0)
		return compatible_program(program, pinned);
	return placings_add(placings, (struct placing){
					      .kind = "program",
					      .name = program->name,
					      .path = program->pin_path,
					      .fd = elfmap_program__fd(program),
				      });
}

static int add_all(const struct elfmap_object *object, bool may_lose, struct placings *placings)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];
		int fd = open_map_fd(map->bpf_map);

		if (map->pin_path && !map->is_pinned && fd >= 0)
			err = placings_add(placings, (struct placing){
							     .kind = "map",
							     .name = map->name,
							     .path = map->pin_path,
							     .fd = fd,
							     .may_lose = may_lose,
						     });
	}
	for (size_t i = 0; !err && i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];

		if (program->pin_path && elfmap_program__fd(program) >= 0)
			err = add_program(program, placings);
	}
	return err;
}

int pin_make_directories(struct elfmap_object *object)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin_path && !object->maps[i].is_pinned &&
		    !object->maps[i].skipped)
			err = directory_make_parents(object, object->maps[i].pin_path);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (object->programs[i].pin_path)
			err = directory_make_parents(object, object->programs[i].pin_path);
	return err;
}

int pin_place(struct elfmap_object *object, bool may_lose)
{
	CLEANUP(placings_release) struct placings placings = { NULL, 0 };
	int err = add_all(object, may_lose, &placings);

	return err ? err : placings_place(object, &placings);
}
