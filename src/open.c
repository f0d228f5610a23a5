/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "compatible.h"
#include "directory.h"
#include "held.h"
#include "log.h"
#include "messages.h"
#include "open.h"
#include "rel_maps.h"
#include "section_names.h"
#include "slots.h"
#include "synthesise.h"
#include "write.h"

static struct bpf_object *open_image(const struct elfmap_object *object, const void *image,
				     size_t size)
{
	struct bpf_object *opened = bpf_object__open_mem(image, size, object->bpf_opts);
	int err = errno;
	char reason[128];

	if (opened)
		return opened;
	/* libbpf has errors of its own */
	libbpf_strerror(err, reason, sizeof(reason));
	log_error("%s: libbpf cannot open the translated object: %s", object->view.name, reason);
	errno = err;
	return NULL;
}

/* --- tying maps and programs ------------------------------------------------------------------- */

static struct bpf_program *find_program(struct bpf_object *opened,
					const struct elfmap_program *program,
					const struct section_names *names)
{
	const char *section = section_names_of(names, program)->name;
	struct bpf_program *found;

	bpf_object__for_each_program(found, opened)
		if (!strcmp(bpf_program__name(found), program->name) &&
		    !strcmp(bpf_program__section_name(found), section))
			return found;
	return NULL;
}

/* What libbpf guessed from the section's name gives way to what the model says, both parts of it. */
static int set_program(struct bpf_program *to, const struct elfmap_program *program)
{
	enum bpf_attach_type attach_type = (enum bpf_attach_type)program->attach_type;
	enum bpf_prog_type type = (enum bpf_prog_type)program->type;
	enum bpf_prog_type guessed = bpf_program__type(to);
	int err = bpf_program__set_autoload(to, program->autoload);

	if (err || !type || !program->autoload)
		return err;
	if (guessed != type && section_names_is_bound((__u32)guessed)) {
		program_error(program,
			      "to libbpf the section's name means type %s: it cannot be "
			      "loaded as %s",
			      libbpf_bpf_prog_type_str(guessed), libbpf_bpf_prog_type_str(type));
		return -ENOTSUP;
	}
	err = bpf_program__set_type(to, type);
	/* that of struct_ops is the number of the member, which libbpf knows */
	if (err || type == BPF_PROG_TYPE_STRUCT_OPS)
		return err;
	return bpf_program__set_expected_attach_type(to, attach_type);
}

/* libbpf has them in the order in which they stand in the image, as object->order has the legacy ones. */
static int find_maps(struct elfmap_object *object, struct bpf_object *opened)
{
	struct bpf_map *next = bpf_object__next_map(opened, NULL);

	for (size_t i = 0; i < object->nr_maps; i++) {
		struct elfmap_map *map = object->order ? object->order[i] : &object->maps[i];

		map->bpf_map = next && !strcmp(bpf_map__name(next), map->name) ?
				       next :
				       bpf_object__find_map_by_name(opened, map->name);
		next = bpf_object__next_map(opened, map->bpf_map);
		if (map->bpf_map)
			continue;
		map_error(map, " is not in the translated object");
		return -ENOENT;
	}
	return 0;
}

static int find_programs(struct elfmap_object *object, struct bpf_object *opened,
			 const struct image_options *options)
{
	CLEANUP(section_names_release) struct section_names names = { 0 };
	int err = section_names_make(object, options, &names);

	for (size_t i = 0; !err && i < object->nr_programs; i++)
		object->programs[i].bpf_program =
			find_program(opened, &object->programs[i], &names);
	return err;
}

/* Pins are the load room's. */
static int prepare_map(const struct elfmap_map *map)
{
	int err = bpf_map__set_autocreate(map->bpf_map, !map->skipped);

	if (!err && bpf_map__pin_path(map->bpf_map))
		err = bpf_map__set_pin_path(map->bpf_map, NULL);
	return err;
}

int open_for_load(struct elfmap_object *object)
{
	const struct image_options options = { .own_load = true };
	CLEANUP(cleanup_free) uint8_t *written = NULL;
	const void *image = object->view.bytes;
	size_t size = object->view.size;
	struct bpf_object *opened;
	int err = synthesise_object(object);

	if (err)
		return err;
	if (write_is_needed(object, &options)) {
		err = write_image(object, &options, &written, &size);
		if (err)
			return err;
		image = written;
	}
	opened = open_image(object, image, size);
	if (!opened)
		return -errno;
	err = find_maps(object, opened);
	if (!err)
		err = find_programs(object, opened, &options);
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = prepare_map(&object->maps[i]);
	if (err) {
		bpf_object__close(opened);
		return err;
	}
	object->bpf_object = opened;
	return 0;
}

struct bpf_object *elfmap_object__bpf_object(struct elfmap_object *obj)
{
	int err = obj->is_pinned ? -ENOTSUP : obj->bpf_object ? 0 : open_for_load(obj);

	if (!err)
		return obj->bpf_object;
	errno = -err;
	return NULL;
}

int open_map_fd(const struct bpf_map *map)
{
	return bpf_map__autocreate(map) ? bpf_map__fd(map) : -ENOENT;
}

int open_set_programs(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i];
		int err;

		if (program->subprogram || (!program->bpf_program && !program->autoload))
			continue;
		if (!program->bpf_program) {
			program_error(program, "libbpf does not find it there");
			return -ENOENT;
		}
		err = set_program(program->bpf_program, program);
		if (err)
			return err;
	}
	return 0;
}

/* --- offload ----------------------------------------------------------------------------------- */

/*
 * Not that of what libbpf makes to hold an outer map's values against and throws away: it has no
 * setter for these (1.7 crashes), and no device takes maps of maps.
 */
static int set_map_ifindex(struct bpf_map *map, uint32_t ifindex)
{
	/* the kernel writes to these arrays itself, wherever the program runs */
	if (bpf_map__type(map) == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
		return 0;
	/* what the caller gave libbpf a descriptor of exists */
	return bpf_map__fd(map) >= 0 ? 0 : bpf_map__set_ifindex(map, ifindex);
}

int open_set_ifindex(struct elfmap_object *object)
{
	struct bpf_program *program;
	struct bpf_map *map;
	int err = 0;

	if (!object->ifindex)
		return 0;
	/* all that libbpf has: also the maps of global variables */
	bpf_object__for_each_map(map, object->bpf_object) {
		err = set_map_ifindex(map, object->ifindex);
		if (err)
			return err;
	}
	bpf_object__for_each_program(program, object->bpf_object)
		bpf_program__set_ifindex(program, object->ifindex);
	return 0;
}

/* --- the drop-ins ------------------------------------------------------------------------------ */

/* libbpf would take what is pinned there, and forget the map that the caller gave. */
static int check_own_pin(const struct elfmap_map *map)
{
	char text[HELD_TEXT_MAX];
	uint32_t id;
	int err = map->pin_path ? held_id(map->own_fd, &id) : -ENOENT;

	if (!err)
		err = held_compare(map->pin_path, HELD_MAP, id, text);
	if (err == -EEXIST)
		map_error(map, "cannot pin it as %s, which is %s", map->pin_path, text);
	return err == -EEXIST ? err : 0;
}

static int set_map(const struct elfmap_map *map)
{
	struct bpf_map *bpf_map = map->bpf_map;
	bool is_given = map->own_fd >= 0 && !map->skipped;
	int err = is_given ? check_own_pin(map) : 0;

	if (err)
		return err;
	if (map->skipped)
		err = bpf_map__set_autocreate(bpf_map, false);
	if (!err && is_given)
		err = bpf_map__reuse_fd(bpf_map, map->own_fd);
	if (!err && (map->pin_path || bpf_map__pin_path(bpf_map)))
		err = bpf_map__set_pin_path(bpf_map, map->skipped ? NULL : map->pin_path);
	if (err)
		map_error(map, "cannot be prepared for libbpf: %s", strerror(-err));
	return err;
}

static int set_maps(struct elfmap_object *object, struct bpf_object *opened)
{
	/* all are looked for first: one that is given another map is called as that */
	int err = find_maps(object, opened);

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = set_map(&object->maps[i]);
	return err;
}

static size_t count_undeclared(const struct elfmap_map *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->nr_slots; i++)
		count += !rel_maps_declares(map, &map->slots[i], &map->object->image_options);
	return count;
}

static void warn_of_slots(const struct elfmap_object *object)
{
	for (size_t i = 0; object->nr_slots && i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];
		size_t left = count_undeclared(map);

		if (left)
			map_warning(map,
				    "its %zu initial slots cannot be declared; "
				    "elfmap_fill_slots() stores them after the load",
				    left);
	}
}

/*
 * libbpf makes the last directory above a pin and no more. What cannot be made is for the load to
 * fail at, not for opening: the message is out, and a look at the object needs no rights.
 */
static void make_directories(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].pin_path && !object->maps[i].skipped &&
		    directory_make_parents(object, object->maps[i].pin_path))
			return;
}

static int set_programs(const struct elfmap_object *object, struct bpf_object *opened)
{
	CLEANUP(section_names_release) struct section_names names = { 0 };
	int err = section_names_make(object, &object->image_options, &names);

	for (size_t i = 0; !err && i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		struct bpf_program *found = find_program(opened, program, &names);

		if (found && !program->subprogram)
			err = set_program(found, program);
	}
	return err;
}

const void *open_make_image(struct elfmap_object *object, size_t *size)
{
	/* libbpf fails at a slot of what is not there */
	slots_remove_empty(object);
	object->image_options.drop_in = true;
	return elfmap_object__image(object, size);
}

int open_prepare(struct elfmap_object *object, struct bpf_object *opened)
{
	int err = set_maps(object, opened);

	if (!err)
		err = set_programs(object, opened);
	if (!err)
		make_directories(object);
	return err;
}

static void expect_added_flags(struct bpf_object *opened)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, opened)
		if (bpf_map__pin_path(map))
			compatible_expect_added_flag(map);
}

static struct bpf_object *drop_in(struct elfmap_object *object)
{
	struct bpf_object *opened = NULL;
	const void *image;
	size_t size;
	int err;

	if (!object)
		return NULL;
	image = open_make_image(object, &size);
	if (image)
		opened = open_image(object, image, size);
	err = opened ? open_prepare(object, opened) : -errno;
	if (!err) {
		expect_added_flags(opened);
		warn_of_slots(object);
	}
	elfmap_object__close(object);
	if (!err)
		return opened;
	bpf_object__close(opened);
	errno = -err;
	return NULL;
}

struct bpf_object *elfmap_open_file(const char *path, const struct elfmap_open_opts *opts)
{
	return drop_in(elfmap_object__open_file(path, opts));
}

struct bpf_object *elfmap_open_mem(const void *buf, size_t size,
				   const struct elfmap_open_opts *opts)
{
	return drop_in(elfmap_object__open_mem(buf, size, opts));
}

struct bpf_object *elfmap_open_fd(int fd, const struct elfmap_open_opts *opts)
{
	return drop_in(elfmap_object__open_fd(fd, opts));
}
