/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The life of a struct elfmap_object, and what a caller sees of it as a whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "link.h"
#include "log.h"
#include "opts.h"
#include "places.h"
#include "synthesise.h"
#include "translate.h"
#include "write.h"
#include "zeroed.h"

/* --- opening and closing ----------------------------------------------------------------------- */

/* The end of the members this library was built with; beyond them lies padding, of any value. */
#define KNOWN_OPTS_SIZE                                                            \
	(offsetof(struct bpf_object_open_opts, bpf_object_open_opts__last_field) + \
	 sizeof(((struct bpf_object_open_opts *)0)->bpf_object_open_opts__last_field))

/* Keep a copy of the options for libbpf, with a name filled in; the view is set. */
static int copy_bpf_opts(struct elfmap_object *object)
{
	const struct bpf_object_open_opts *given = object->opts.bpf_opts;
	size_t size = given && given->sz > sizeof(*given) ? given->sz : sizeof(*given);
	const char *base = strrchr(object->view.name, '/');

	/* up to the first dot, as libbpf does for files; for memory it would take the address */
	base = base ? base + 1 : object->view.name;
	object->bpf_name = strndup(base, strcspn(base, "."));
	object->bpf_opts = zeroed(1, size);
	if (!object->bpf_name || !object->bpf_opts)
		return -ENOMEM;
	/* options of a newer libbpf are handed on as they are */
	if (given && given->sz > sizeof(*given))
		memcpy(object->bpf_opts, given, given->sz);
	else if (given)
		/* a part of a pointer is none */
		memcpy(object->bpf_opts, given,
		       given->sz < KNOWN_OPTS_SIZE ? given->sz / sizeof(void *) * sizeof(void *) :
						     KNOWN_OPTS_SIZE);
	object->bpf_opts->sz = size;
	if (!object->bpf_opts->object_name)
		object->bpf_opts->object_name = object->bpf_name;
	return 0;
}

/* What messages call the object: the caller's name, which options may be too short for, or this. */
static const char *chosen_name(const struct elfmap_open_opts *opts, const char *name)
{
	const struct bpf_object_open_opts *given = opts->bpf_opts;
	const size_t end = offsetof(struct bpf_object_open_opts, object_name) + sizeof(char *);

	return given && given->sz >= end && given->object_name ? given->object_name : name;
}

/* Kinds that definitions in bytes can have; what a tag of each begins with is in a table. */
static bool has_good_fields(const struct elfmap_format *format)
{
	for (size_t i = 0; i < format->nr_fields; i++)
		if (!format->fields || !format->fields[i].name ||
		    (unsigned int)format->fields[i].kind > ELFMAP_FIELD_POINTER)
			return false;
	return true;
}

static int check_format(const struct elfmap_object *object, const struct elfmap_format *format)
{
	const char *name = object->view.name;

	if (!format->name || !format->decode || (!format->probe && !format->section)) {
		log_error("%s: format %s: expected a name, decode, and probe or a section of its "
			  "own",
			  name, format->name ? format->name : "without a name");
		return -EINVAL;
	}
	if (!has_good_fields(format)) {
		log_error("%s: format %s: expected a name for each field, and a kind that is one "
			  "of a legacy definition's",
			  name, format->name);
		return -EINVAL;
	}
	if (format->section && !strcmp(format->section, ".maps")) {
		log_error("%s: format %s: section .maps is that of BTF-defined maps: expected "
			  "another",
			  name, format->name);
		return -EINVAL;
	}
	return 0;
}

/* Copies, as the caller's structs may be shorter than ours. */
static int copy_formats(struct elfmap_object *object)
{
	size_t count = object->opts.nr_formats;
	int err = 0;

	object->formats = zeroed(count + 1, sizeof(*object->formats));
	if (!object->formats)
		return -ENOMEM;
	for (size_t i = 0; !err && i < count; i++) {
		struct elfmap_format *format = &object->formats[i];

		format->sz = sizeof(*format);
		err = object->opts.formats[i] ? opts_copy(object->opts.formats[i], format) :
						-EINVAL;
		if (!err)
			err = check_format(object, format);
		if (!err && format->section) {
			format->section = texts_keep(&object->texts, format->section);
			err = format->section ? 0 : -ENOMEM;
		}
	}
	object->nr_formats = count;
	return err;
}

/* Opens what bytes has, which is taken over. */
static int open_bytes(struct elfmap_object *object, struct bytes bytes, const char *name)
{
	int err = read_object(bytes, chosen_name(&object->opts, name), &object->view);

	if (!err)
		err = copy_formats(object);
	if (!err)
		err = copy_bpf_opts(object);
	if (!err)
		err = translate(object);
	return err;
}

/* Takes the object over, also on failure. */
static struct elfmap_object *finish_open(struct elfmap_object *object, int err)
{
	/* what it points to is the caller's */
	object->pin_lock = object->opts.pin_lock;
	object->opts = (struct elfmap_open_opts){ 0 };
	if (!err)
		return object;
	elfmap_object__close(object);
	errno = -err;
	return NULL;
}

static struct elfmap_object *begin_open(const struct elfmap_open_opts *opts)
{
	struct elfmap_object *object = zeroed(1, sizeof(*object));
	int err;

	if (!object)
		return NULL;
	object->opts.sz = sizeof(object->opts);
	err = opts_copy(opts, &object->opts);
	if (!err && object->opts.bpf_opts && object->opts.bpf_opts->sz < sizeof(size_t)) {
		/* as libbpf has it */
		log_error("bpf_object_open_opts: size %zu: expected at least %zu",
			  object->opts.bpf_opts->sz, sizeof(size_t));
		err = -EINVAL;
	}
	if (!err)
		return object;
	free(object);
	errno = -err;
	return NULL;
}

struct elfmap_object *elfmap_object__open_file(const char *path,
					       const struct elfmap_open_opts *opts)
{
	struct elfmap_object *object = begin_open(opts);
	struct bytes bytes;
	int err;

	if (!object)
		return NULL;
	err = bytes_of_file(path, &bytes);
	if (!err)
		err = open_bytes(object, bytes, path);
	return finish_open(object, err);
}

struct elfmap_object *elfmap_object__open_mem(const void *buf, size_t size,
					      const struct elfmap_open_opts *opts)
{
	struct elfmap_object *object = begin_open(opts);
	struct bytes bytes;
	int err;

	if (!object)
		return NULL;
	err = bytes_of_memory(buf, size, chosen_name(&object->opts, "buffer"), &bytes);
	if (!err)
		err = open_bytes(object, bytes, "buffer");
	return finish_open(object, err);
}

struct elfmap_object *elfmap_object__open_fd(int fd, const struct elfmap_open_opts *opts)
{
	struct elfmap_object *object = begin_open(opts);
	char name[sizeof("fd -2147483648")];
	struct bytes bytes;
	int err;

	if (!object)
		return NULL;
	snprintf(name, sizeof(name), "fd %d", fd);
	err = bytes_of_descriptor(fd, chosen_name(&object->opts, name), &bytes);
	if (!err)
		err = open_bytes(object, bytes, name);
	return finish_open(object, err);
}

/* Of what was found by its pins; maps' are closed with those that callers gave. */
static void close_descriptors(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_programs; i++)
		close(object->programs[i].fd);
}

/* Most have nothing of their own. */
static void release_map(const struct elfmap_map *map)
{
	if (map->fields || map->slots || map->pin_path) {
		free(map->fields);
		free(map->slots);
		free(map->pin_path);
	}
	if (map->own_fd >= 0)
		close(map->own_fd);
}

void elfmap_object__close(struct elfmap_object *obj)
{
	if (!obj)
		return;
	links_destroy(obj);
	bpf_object__close(obj->bpf_object);
	journal_forget(&obj->journal);
	if (obj->is_pinned)
		close_descriptors(obj);
	for (size_t i = 0; i < obj->nr_maps; i++)
		release_map(&obj->maps[i]);
	for (size_t i = 0; i < obj->nr_programs; i++)
		free(obj->programs[i].pin_path);
	free(obj->maps);
	free(obj->programs);
	free(obj->order);
	free(obj->by_name);
	free(obj->passed_over);
	free(obj->image);
	free(obj->formats);
	free(obj->bpf_opts);
	free(obj->bpf_name);
	free(obj->bpffs);
	btf_append_release(&obj->added);
	btf__free(obj->whole_btf);
	btf__free(obj->btf);
	texts_release(&obj->texts);
	read_release(&obj->view);
	free(obj);
}

/* --- the object ------------------------------------------------------------------------------- */

const char *elfmap_object__name(const struct elfmap_object *obj)
{
	return obj->view.name;
}

bool elfmap_object__is_legacy(const struct elfmap_object *obj)
{
	return obj->nr_legacy;
}

bool elfmap_object__is_big_endian(const struct elfmap_object *obj)
{
	return read_is_big_endian(&obj->view);
}

const __u8 *elfmap_object__sha1(const struct elfmap_object *obj)
{
	return read_sha1(&obj->view);
}

struct elfmap_map *elfmap_object__next_map(const struct elfmap_object *obj,
					   const struct elfmap_map *prev)
{
	size_t next = prev ? (size_t)(prev - obj->maps) + 1 : 0;

	return next < obj->nr_maps ? &obj->maps[next] : NULL;
}

struct elfmap_map *elfmap_object__find_map(const struct elfmap_object *obj, const char *name)
{
	struct elfmap_map *map = places_map_of_name(obj, name);

	if (map)
		return map;
	errno = ENOENT;
	return NULL;
}

struct elfmap_program *elfmap_object__next_program(const struct elfmap_object *obj,
						   const struct elfmap_program *prev)
{
	size_t next = prev ? (size_t)(prev - obj->programs) + 1 : 0;

	return next < obj->nr_programs ? &obj->programs[next] : NULL;
}

int elfmap_object__set_image_opts(struct elfmap_object *obj, const struct elfmap_image_opts *opts)
{
	struct elfmap_image_opts known = { .sz = sizeof(known) };
	int err = obj->is_pinned ? -EBUSY : opts_copy(opts, &known);

	if (err)
		return err;
	if (known.loader > ELFMAP_LOADER_BPFTOOL)
		return -EINVAL;
	/* what was written then stays */
	if (obj->nr_converted && (known.loader == ELFMAP_LOADER_TC || known.no_tags)) {
		log_error("%s: it was translated before: %s need the original object",
			  obj->view.name, known.no_tags ? "images without tags" : "images for tc");
		return -ENOTSUP;
	}
	obj->image_options = (struct image_options){
		.loader = known.loader,
		.no_tags = known.no_tags,
		.rename_sections = known.rename_sections || known.loader == ELFMAP_LOADER_BPFTOOL,
	};
	free(obj->image);
	obj->image = NULL;
	return 0;
}

int elfmap_object__set_ifindex(struct elfmap_object *obj, __u32 ifindex)
{
	if (obj->loaded)
		return -EBUSY;
	obj->ifindex = ifindex;
	return 0;
}

static int make_image(struct elfmap_object *object)
{
	uint8_t *image;
	size_t size;
	int err;

	if (object->image && object->image_nr_slots == object->nr_slots)
		return 0;
	err = write_image(object, &object->image_options, &image, &size);
	if (err)
		return err;
	free(object->image);
	object->image = image;
	object->image_size = size;
	object->image_nr_slots = object->nr_slots;
	return 0;
}

const void *elfmap_object__image(struct elfmap_object *obj, size_t *size)
{
	int err;

	if (obj->is_pinned) {
		errno = ENOTSUP;
		return NULL;
	}
	err = synthesise_object(obj);
	if (!err && !obj->refusal && !write_is_needed(obj, &obj->image_options)) {
		*size = obj->view.size;
		return obj->view.bytes;
	}
	if (!err)
		err = make_image(obj);
	if (err) {
		errno = -err;
		return NULL;
	}
	*size = obj->image_size;
	return obj->image;
}

const struct btf *elfmap_object__btf(struct elfmap_object *obj)
{
	const struct btf *btf;
	int err = obj->has_btf || obj->nr_legacy ? synthesise_whole(obj, &btf) : -ENOENT;

	if (!err)
		return btf;
	errno = -err;
	return NULL;
}
