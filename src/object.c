/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The life of a struct elfmap_object, and what a caller sees of it as a whole.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "log.h"
#include "places.h"
#include "translate.h"
#include "write.h"

/* --- opening and closing ----------------------------------------------------------------------- */

/*
 * As libbpf does: a larger struct is from a newer caller, who must not use what is new in it. Copies
 * what both know over *out, which has the defaults and its own size.
 */
static int copy_opts(const void *opts, void *out)
{
	const unsigned char *bytes = opts;
	size_t known = *(size_t *)out, given;

	if (!opts)
		return 0;
	given = *(const size_t *)opts;
	if (given < sizeof(given))
		return -EINVAL;
	for (size_t i = known; i < given; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(out, opts, given < known ? given : known);
	return 0;
}

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
	object->bpf_opts = calloc(1, size);
	if (!object->bpf_name || !object->bpf_opts)
		return -ENOMEM;
	/* options of a newer libbpf are handed on as they are */
	if (given && given->sz > sizeof(*given))
		memcpy(object->bpf_opts, given, given->sz);
	else if (given)
		memcpy(object->bpf_opts, given,
		       given->sz < KNOWN_OPTS_SIZE ? given->sz : KNOWN_OPTS_SIZE);
	object->bpf_opts->sz = size;
	if (!object->bpf_opts->object_name)
		object->bpf_opts->object_name = object->bpf_name;
	return 0;
}

static const char *chosen_name(const struct elfmap_open_opts *opts)
{
	return opts->bpf_opts ? opts->bpf_opts->object_name : NULL;
}

/* Takes the object over, also on failure. */
static struct elfmap_object *finish_open(struct elfmap_object *object, int err)
{
	if (!err)
		err = copy_bpf_opts(object);
	if (!err)
		err = translate(object);
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
	struct elfmap_object *object = calloc(1, sizeof(*object));
	int err;

	if (!object)
		return NULL;
	object->opts.sz = sizeof(object->opts);
	err = copy_opts(opts, &object->opts);
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

	if (!object)
		return NULL;
	return finish_open(object, read_file(path, chosen_name(&object->opts), &object->view));
}

struct elfmap_object *elfmap_object__open_mem(const void *buf, size_t size,
					      const struct elfmap_open_opts *opts)
{
	struct elfmap_object *object = begin_open(opts);
	const char *name;

	if (!object)
		return NULL;
	name = chosen_name(&object->opts);
	return finish_open(object, read_memory(buf, size, name ? name : "buffer", &object->view));
}

void elfmap_object__close(struct elfmap_object *obj)
{
	if (!obj)
		return;
	bpf_object__close(obj->bpf_object);
	journal_forget(&obj->journal);
	for (size_t i = 0; i < obj->nr_maps; i++) {
		free(obj->maps[i].fields);
		free(obj->maps[i].slots);
		free(obj->maps[i].pin_path);
	}
	for (size_t i = 0; i < obj->nr_programs; i++)
		free(obj->programs[i].pin_path);
	free(obj->maps);
	free(obj->programs);
	free(obj->order);
	free(obj->by_name);
	free(obj->passed_over);
	free(obj->image);
	free(obj->bpf_opts);
	free(obj->bpf_name);
	free(obj->bpffs);
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
	return obj->view.sha1;
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
	int err = copy_opts(opts, &known);

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

static size_t count_slots(const struct elfmap_object *object)
{
	size_t count = 0;

	for (size_t i = 0; i < object->nr_maps; i++)
		count += object->maps[i].nr_slots;
	return count;
}

static int make_image(struct elfmap_object *object)
{
	size_t nr_slots = count_slots(object), size;
	uint8_t *image;
	int err;

	if (object->image && object->image_nr_slots == nr_slots)
		return 0;
	err = write_image(object, &object->image_options, &image, &size);
	if (err)
		return err;
	free(object->image);
	object->image = image;
	object->image_size = size;
	object->image_nr_slots = nr_slots;
	return 0;
}

const void *elfmap_object__image(struct elfmap_object *obj, size_t *size)
{
	int err;

	if (!obj->refusal && !write_is_needed(obj, &obj->image_options)) {
		*size = obj->view.size;
		return obj->view.bytes;
	}
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
	if (obj->has_btf || obj->nr_legacy)
		return obj->btf;
	errno = ENOENT;
	return NULL;
}
