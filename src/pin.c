/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "compatible.h"
#include "directory.h"
#include "log.h"
#include "pin.h"
#include "rights.h"

/* --- reuse -------------------------------------------------------------------------------------- */

static bool is_same_map(int a, int b)
{
	struct bpf_map_info left = { 0 }, right = { 0 };
	uint32_t left_size = sizeof(left), right_size = sizeof(right);

	return !bpf_obj_get_info_by_fd(a, &left, &left_size) &&
	       !bpf_obj_get_info_by_fd(b, &right, &right_size) && left.id == right.id;
}

/* What the caller gave counts, whatever it is like; it may be in its place already. */
static int reuse_own(struct elfmap_map *map)
{
	int err = bpf_map__reuse_fd(map->bpf_map, map->own_fd);

	if (err) {
		log_error("%s: map \"%s\": the map that is to be used instead cannot be: %s",
			  map->object->view.name, map->name, strerror(-err));
		return err;
	}
	map->reused = true;
	if (map->pin_path) {
		CLEANUP(cleanup_fd) int pinned = bpf_obj_get(map->pin_path);

		map->is_pinned = pinned >= 0 && is_same_map(pinned, map->own_fd);
	}
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
	err = compatible_map(map, fd);
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
		if (object->maps[i].pin_path)
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

/* One pin that is to appear: staged under a temporary name beside its place, then renamed. */
struct placing {
	const char *kind;
	const char *name;
	const char *path;
	char *temporary;
	int fd;
	bool may_lose; /* a race for the place: say nothing, the caller tries again */
};

struct placings {
	struct placing *list;
	size_t count;
};

static void placings_release(struct placings *placings)
{
	for (size_t i = 0; i < placings->count; i++)
		free(placings->list[i].temporary);
	free(placings->list);
}

/*
 * A name beside path that nobody has; no dot in it: bpffs refuses those. Numbers of processes come
 * again, in containers soon, and a process that was killed leaves its name behind.
 */
static char *temporary_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash + 1 - path) : 0;
	unsigned long long number;
	char *temporary;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number) ||
	    asprintf(&temporary, "%.*selfmap_%016llx", length, path, number) < 0)
		return NULL;
	return temporary;
}

static int cannot_pin(const struct elfmap_object *object, const struct placing *placing, int err)
{
	char remark[RIGHTS_TEXT_MAX];

	log_error("%s: %s \"%s\": cannot pin it as %s: %s%s", object->view.name, placing->kind,
		  placing->name, placing->path, strerror(-err), rights_remark(err, remark));
	return err;
}

static int stage(struct elfmap_object *object, struct placings *placings, struct placing placing)
{
	struct placing *place = &placings->list[placings->count];
	int err;

	*place = placing;
	place->temporary = temporary_name(placing.path);
	placings->count++;
	if (!place->temporary)
		return -ENOMEM;
	if (bpf_obj_pin(place->fd, place->temporary))
		return cannot_pin(object, place, -errno);
	err = journal_add_file(&object->journal, place->temporary);
	if (err)
		unlink(place->temporary);
	return err;
}

static int stage_program(struct elfmap_object *object, const struct elfmap_program *program,
			 struct placings *placings)
{
	CLEANUP(cleanup_fd) int pinned = bpf_obj_get(program->pin_path);

	if (pinned >= 0)
		return compatible_program(program, pinned);
	return stage(object, placings,
		     (struct placing){
			     .kind = "program",
			     .name = program->name,
			     .path = program->pin_path,
			     .fd = elfmap_program__fd(program),
		     });
}

static int stage_all(struct elfmap_object *object, bool may_lose, struct placings *placings)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (map->pin_path && !map->is_pinned && !map->skipped)
			err = stage(object, placings,
				    (struct placing){
					    .kind = "map",
					    .name = map->name,
					    .path = map->pin_path,
					    .fd = bpf_map__fd(map->bpf_map),
					    .may_lose = may_lose,
				    });
	}
	for (size_t i = 0; !err && i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];

		if (program->pin_path && elfmap_program__fd(program) >= 0)
			err = stage_program(object, program, placings);
	}
	return err;
}

static int move(struct elfmap_object *object, const struct placing *placing)
{
	int err;

	if (syscall(SYS_renameat2, AT_FDCWD, placing->temporary, AT_FDCWD, placing->path,
		    RENAME_NOREPLACE)) {
		err = -errno;
		return err == -EEXIST && placing->may_lose ? -EAGAIN :
							     cannot_pin(object, placing, err);
	}
	err = journal_add_file(&object->journal, placing->path);
	if (err) {
		unlink(placing->path);
		return err;
	}
	log_info("%s: %s \"%s\": pinned as %s", object->view.name, placing->kind, placing->name,
		 placing->path);
	return 0;
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

/* Most of what can go wrong goes wrong while staging, before any pin is where others look. */
int pin_place(struct elfmap_object *object, bool may_lose)
{
	CLEANUP(placings_release) struct placings placings = { NULL, 0 };
	int err;

	placings.list = calloc(object->nr_maps + object->nr_programs + 1, sizeof(*placings.list));
	if (!placings.list)
		return -ENOMEM;
	err = stage_all(object, may_lose, &placings);
	for (size_t i = 0; !err && i < placings.count; i++)
		err = move(object, &placings.list[i]);
	return err;
}
