/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The life of a struct elfmap_object, and the calls that look at it and change it before load.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "open.h"
#include "resolve.h"
#include "translate.h"
#include "write.h"

/* --- opening and closing ----------------------------------------------------------------------- */

/* As libbpf does: a larger struct is from a newer caller, who must not use what is new in it. */
static int check_opts(const struct elfmap_open_opts *opts, struct elfmap_open_opts *out)
{
	const unsigned char *bytes = (const void *)opts;

	*out = (struct elfmap_open_opts){ .sz = sizeof(*out) };
	if (!opts)
		return 0;
	if (opts->sz < sizeof(opts->sz))
		return -EINVAL;
	for (size_t i = sizeof(*out); i < opts->sz; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(out, opts, opts->sz < sizeof(*out) ? opts->sz : sizeof(*out));
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
		err = open_copy_opts(object);
	if (!err)
		err = translate(object);
	/* what it points to is the caller's */
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
	err = check_opts(opts, &object->opts);
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
		free(obj->maps[i].evidence);
		free(obj->maps[i].slots);
		free(obj->maps[i].pin_path);
	}
	for (size_t i = 0; i < obj->nr_programs; i++)
		free(obj->programs[i].pin_path);
	free(obj->maps);
	free(obj->programs);
	free(obj->order);
	free(obj->image);
	free(obj->bpf_opts);
	free(obj->bpf_name);
	free(obj->bpffs);
	btf__free(obj->btf);
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
	return obj->view.header.e_ident[EI_DATA] == ELFDATA2MSB;
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
	for (size_t i = 0; i < obj->nr_maps; i++)
		if (!strcmp(obj->maps[i].name, name))
			return &obj->maps[i];
	errno = ENOENT;
	return NULL;
}

struct elfmap_program *elfmap_object__next_program(const struct elfmap_object *obj,
						   const struct elfmap_program *prev)
{
	size_t next = prev ? (size_t)(prev - obj->programs) + 1 : 0;

	return next < obj->nr_programs ? &obj->programs[next] : NULL;
}

const void *elfmap_object__image(struct elfmap_object *obj, size_t *size)
{
	int err = 0;

	if (!obj->nr_legacy) {
		*size = obj->view.size;
		return obj->view.bytes;
	}
	if (!obj->image)
		err = write_image(obj, true, &obj->image, &obj->image_size);
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

/* --- maps -------------------------------------------------------------------------------------- */

const char *elfmap_map__name(const struct elfmap_map *map)
{
	return map->name;
}

const char *elfmap_map__section(const struct elfmap_map *map)
{
	return map_section(map);
}

size_t elfmap_map__offset(const struct elfmap_map *map)
{
	return map->offset;
}

const char *elfmap_map__layout(const struct elfmap_map *map)
{
	return map->layout;
}

const char *elfmap_map__evidence(const struct elfmap_map *map)
{
	return map->evidence;
}

const struct elfmap_map_def *elfmap_map__def(const struct elfmap_map *map)
{
	return &map->def;
}

const struct elfmap_map *elfmap_map__inner(const struct elfmap_map *map)
{
	return map->inner;
}

const char *elfmap_map__pin_path(const struct elfmap_map *map)
{
	return map->pin_path;
}

static int set_path(char **path, const char *wanted)
{
	char *copy = wanted ? strdup(wanted) : NULL;

	if (wanted && !copy)
		return -ENOMEM;
	free(*path);
	*path = copy;
	return 0;
}

int elfmap_map__set_pin_path(struct elfmap_map *map, const char *path)
{
	return set_path(&map->pin_path, path);
}

__u32 elfmap_map__btf_id(const struct elfmap_map *map)
{
	return map->btf_id ? map->btf_id : map->image_btf_id;
}

__u32 elfmap_map__btf_key_type_id(const struct elfmap_map *map)
{
	return map->key_type_id;
}

__u32 elfmap_map__btf_value_type_id(const struct elfmap_map *map)
{
	return map->value_type_id;
}

int elfmap_map__fd(const struct elfmap_map *map)
{
	return map->object->loaded ? bpf_map__fd(map->bpf_map) : -ENOENT;
}

size_t elfmap_map__nr_slots(const struct elfmap_map *map)
{
	return map->nr_slots;
}

int elfmap_map__slot(const struct elfmap_map *map, size_t i, __u32 *key, const char **target)
{
	const struct map_slot *slot;

	if (i >= map->nr_slots)
		return -ERANGE;
	slot = &map->slots[i];
	if (key)
		*key = slot->key;
	if (target)
		*target = slot_target(slot);
	return 0;
}

/* --- programs ---------------------------------------------------------------------------------- */

const char *elfmap_program__name(const struct elfmap_program *prog)
{
	return prog->name;
}

const char *elfmap_program__section(const struct elfmap_program *prog)
{
	return program_section(prog);
}

size_t elfmap_program__insn_cnt(const struct elfmap_program *prog)
{
	return prog->size / sizeof(struct bpf_insn);
}

bool elfmap_program__is_subprogram(const struct elfmap_program *prog)
{
	return prog->subprogram;
}

const struct elfmap_map *elfmap_program__tail_call(const struct elfmap_program *prog, __u32 *key)
{
	if (prog->tail_call_map && key)
		*key = prog->tail_call_key;
	return prog->tail_call_map;
}

void elfmap_program__clear_tail_call(struct elfmap_program *prog)
{
	struct elfmap_map *map = prog->tail_call_map;

	if (!map)
		return;
	for (size_t i = 0; i < map->nr_slots; i++) {
		if (map->slots[i].program != prog)
			continue;
		memmove(&map->slots[i], &map->slots[i + 1],
			(map->nr_slots - i - 1) * sizeof(*map->slots));
		map->nr_slots--;
		break;
	}
	prog->tail_call_map = NULL;
}

__u32 elfmap_program__type(const struct elfmap_program *prog)
{
	return prog->type;
}

void elfmap_program__set_type(struct elfmap_program *prog, __u32 type)
{
	prog->type = type;
}

bool elfmap_program__autoload(const struct elfmap_program *prog)
{
	return prog->autoload;
}

void elfmap_program__set_autoload(struct elfmap_program *prog, bool autoload)
{
	prog->autoload = autoload;
}

const char *elfmap_program__pin_path(const struct elfmap_program *prog)
{
	return prog->pin_path;
}

int elfmap_program__set_pin_path(struct elfmap_program *prog, const char *path)
{
	return set_path(&prog->pin_path, path);
}

int elfmap_program__fd(const struct elfmap_program *prog)
{
	int fd = prog->object->loaded && prog->bpf_program ? bpf_program__fd(prog->bpf_program) :
							     -1;

	return fd < 0 ? -ENOENT : fd;
}
