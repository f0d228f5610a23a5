/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 7 in order: reuse what is pinned, make room for pins, let libbpf load, fill the slots, pin.
 * Whatever fails, everything outside this process is as it was.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "directory.h"
#include "explain.h"
#include "fill.h"
#include "iproute2.h"
#include "link.h"
#include "log.h"
#include "messages.h"
#include "open.h"
#include "pin.h"

static int check_programs(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];

		if (program->subprogram || !program->autoload || program->type)
			continue;
		program_error(program, "the section's name tells no program type: name one (elfmap "
				       "load --type TYPE)");
		return -EINVAL;
	}
	return 0;
}

static int check_pins(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (!map->pin_is_open || !map->def.pinning || map->skipped)
			continue;
		map_error(map,
			  "pinning %u leaves the path to the loader: name one (elfmap "
			  "load --pin-path %s=PATH)",
			  map->def.pinning, map->name);
		return -EINVAL;
	}
	return 0;
}

static int check_byte_order(const struct elfmap_object *object)
{
	bool big = elfmap_object__is_big_endian(object);

	if (!object->view.swapped)
		return 0;
	log_error("%s: %s-endian: expected this machine's byte order, %s-endian, to load it",
		  object->view.name, big ? "big" : "little", big ? "little" : "big");
	return -ENOTSUP;
}

/* The first place where something is to be pinned, NULL for none. */
static const char *first_pin_path(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].pin_path)
			return object->maps[i].pin_path;
	for (size_t i = 0; i < object->nr_programs; i++)
		if (object->programs[i].pin_path)
			return object->programs[i].pin_path;
	return NULL;
}

static int load_steps(struct elfmap_object *object, bool may_retry)
{
	int err = elfmap_object__bpf_object(object) ? 0 : -errno;

	if (!err)
		err = open_set_programs(object);
	if (!err)
		err = open_set_ifindex(object);
	if (!err)
		err = pin_reuse_maps(object);
	if (!err)
		err = pin_make_directories(object);
	if (err)
		return err;
	err = bpf_object__load(object->bpf_object);
	if (err)
		return explain_load(object, err);
	object->loaded = true;
	err = fill_slots(object);
	return err ? err : pin_place(object, may_retry);
}

static void take_back(struct elfmap_object *object)
{
	links_destroy(object);
	journal_undo(&object->journal);
	bpf_object__close(object->bpf_object);
	object->bpf_object = NULL;
	object->loaded = false;
	for (size_t i = 0; i < object->nr_maps; i++) {
		object->maps[i].bpf_map = NULL;
		object->maps[i].reused = false;
		object->maps[i].is_pinned = false;
	}
	for (size_t i = 0; i < object->nr_programs; i++)
		object->programs[i].bpf_program = NULL;
}

/*
 * One try, under a lock from looking for pins until they are placed or taken back: of loads at the
 * same time one places, the others reuse. Loaders that take no lock are met by trying again.
 */
static int try_load(struct elfmap_object *object, bool may_retry)
{
	const char *pin_path = first_pin_path(object);
	int lock = pin_path && !object->pin_lock ? directory_lock(pin_path) : -1;
	int err = load_steps(object, may_retry);

	if (err)
		take_back(object);
	if (lock >= 0)
		close(lock);
	return err;
}

int elfmap_object__load(struct elfmap_object *obj)
{
	/* what the caller was lent stays the same object */
	bool may_retry = !obj->bpf_object;
	int err;

	if (obj->loaded)
		return -EBUSY;
	if (obj->refusal) {
		log_error("%s: %s", obj->view.name, obj->refusal);
		return -ENOTSUP;
	}
	err = check_byte_order(obj);
	if (!err)
		err = check_programs(obj);
	if (!err)
		err = check_pins(obj);
	if (err)
		return err;
	err = try_load(obj, may_retry);
	/* another loader pinned first: reuse its map, once, as iproute2 does */
	if (err == -EAGAIN && may_retry)
		err = try_load(obj, false);
	return err;
}

int elfmap_lock_pins(const char *bpffs)
{
	CLEANUP(cleanup_free) char *found = bpffs ? strdup(bpffs) : iproute2_bpffs();
	CLEANUP(cleanup_free) char *below = NULL;
	int lock;

	if (!found || asprintf(&below, "%s/pin", found) < 0) {
		below = NULL;
		return -ENOMEM;
	}
	lock = directory_lock(below);
	return lock < 0 ? -ENOENT : lock;
}

void elfmap_object__undo_load(struct elfmap_object *obj)
{
	if (!obj->is_pinned)
		take_back(obj);
}
