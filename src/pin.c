/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "compatible.h"
#include "directory.h"
#include "log.h"
#include "pin.h"

/* --- reuse -------------------------------------------------------------------------------------- */

static int reuse_map(struct elfmap_map *map)
{
	CLEANUP(cleanup_fd) int fd = bpf_obj_get(map->pin_path);
	int err;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0) {
		err = -errno;
		log_error("%s: map \"%s\": cannot open its pin %s: %s", map->object->view.name,
			  map->name, map->pin_path, strerror(-err));
		return err;
	}
	err = compatible_map(map, fd);
	if (!err)
		err = bpf_map__reuse_fd(map->bpf_map, fd);
	if (err)
		return err;
	map->reused = true;
	log_info("%s: map \"%s\": reused from %s", map->object->view.name, map->name,
		 map->pin_path);
	return 0;
}

int pin_reuse_maps(struct elfmap_object *object)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin_path)
			err = directory_check_names(object, object->maps[i].pin_path);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (object->programs[i].pin_path)
			err = directory_check_names(object, object->programs[i].pin_path);
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin_path)
			err = reuse_map(&object->maps[i]);
	return err;
}

/* --- placing ------------------------------------------------------------------------------------ */

/* One pin that is to appear: staged under a temporary name beside its place, then renamed. */
struct placing {
	const char *kind;
	const char *name;
	const char *path;
	int fd;
	bool may_lose; /* a race for the place: say nothing, the caller tries again */
};

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* No dot in it: bpffs refuses those. */
static int temporary_name(const char *path, size_t number, char **temporary)
{
	int length = (int)(last_component(path) - path);

	if (asprintf(temporary, "%.*selfmap_%ld_%zu", length, path, (long)getpid(), number) >= 0)
		return 0;
	*temporary = NULL;
	return -ENOMEM;
}

static int cannot_pin(const struct elfmap_object *object, const struct placing *placing, int err)
{
	log_error("%s: %s \"%s\": cannot pin it as %s: %s", object->view.name, placing->kind,
		  placing->name, placing->path, strerror(-err));
	return err;
}

static int place(struct elfmap_object *object, const struct placing *placing, size_t number)
{
	CLEANUP(cleanup_free) char *temporary = NULL;
	int err;

	err = temporary_name(placing->path, number, &temporary);
	if (err)
		return err;
	if (bpf_obj_pin(placing->fd, temporary))
		return cannot_pin(object, placing, -errno);
	err = journal_add_file(&object->journal, temporary);
	if (err) {
		unlink(temporary);
		return err;
	}
	if (!syscall(SYS_renameat2, AT_FDCWD, temporary, AT_FDCWD, placing->path,
		     RENAME_NOREPLACE)) {
		log_info("%s: %s \"%s\": pinned as %s", object->view.name, placing->kind,
			 placing->name, placing->path);
		return journal_add_file(&object->journal, placing->path);
	}
	err = -errno;
	return err == -EEXIST && placing->may_lose ? -EAGAIN : cannot_pin(object, placing, err);
}

static int place_program(struct elfmap_object *object, const struct elfmap_program *program,
			 size_t number)
{
	struct placing placing = {
		.kind = "program",
		.name = program->name,
		.path = program->pin_path,
		.fd = elfmap_program__fd(program),
	};
	CLEANUP(cleanup_fd) int pinned = -1;

	if (placing.fd < 0)
		return 0;
	pinned = bpf_obj_get(program->pin_path);
	if (pinned >= 0)
		return compatible_program(program, pinned);
	return place(object, &placing, number);
}

static int place_map(struct elfmap_object *object, const struct elfmap_map *map, size_t number,
		     bool may_lose)
{
	struct placing placing = {
		.kind = "map",
		.name = map->name,
		.path = map->pin_path,
		.fd = bpf_map__fd(map->bpf_map),
		.may_lose = may_lose,
	};

	return place(object, &placing, number);
}

int pin_make_directories(struct elfmap_object *object)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin_path && !object->maps[i].reused)
			err = directory_make_parents(object, object->maps[i].pin_path);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (object->programs[i].pin_path)
			err = directory_make_parents(object, object->programs[i].pin_path);
	return err;
}

int pin_place(struct elfmap_object *object, bool may_lose)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].pin_path && !object->maps[i].reused)
			err = place_map(object, &object->maps[i], i, may_lose);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (object->programs[i].pin_path)
			err = place_program(object, &object->programs[i], object->nr_maps + i);
	return err;
}
