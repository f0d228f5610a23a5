/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "file_name.h"
#include "link.h"
#include "log.h"
#include "object_layout.h"
#include "open.h"
#include "zeroed.h"

static const char *const directories[NR_HELD_KINDS] = {
	[HELD_MAP] = "maps",
	[HELD_PROGRAM] = "programs",
	[HELD_LINK] = "links",
};

const char *object_layout_directory(enum held_kind kind)
{
	return directories[kind];
}

void object_layout_release(struct layout_pins *pins)
{
	for (size_t i = 0; i < pins->count; i++)
		free(pins->list[i].path);
	free(pins->list);
	free(pins->directory);
	*pins = (struct layout_pins){ NULL, NULL, 0 };
}

/* The name of a file on a bpffs, which takes no dots; libbpf's pins have '_' there as well. */
static int file_name(const struct elfmap_object *object, const char *what, const char *name,
		     char **out)
{
	const char *fault = file_name_fault(name);
	char *copy;

	if (fault) {
		log_error("%s: %s \"%.80s\": it cannot be pinned by that name: %s",
			  object->view.name, what, name, fault);
		return -EINVAL;
	}
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	for (char *dot = strchr(copy, '.'); dot; dot = strchr(dot, '.'))
		*dot = '_';
	*out = copy;
	return 0;
}

static int make_directory_path(const struct elfmap_object *object, const char *dir, char **out)
{
	const char *name = object->bpf_opts ? object->bpf_opts->object_name : object->bpf_name;
	CLEANUP(cleanup_free) char *file = NULL;
	int err = file_name(object, "object", name, &file);

	if (!err && asprintf(out, "%s/%s", dir, file) < 0) {
		*out = NULL;
		err = -ENOMEM;
	}
	return err;
}

/* Descriptors below zero are of what is not in the kernel: nothing is added. */
static int add(const struct elfmap_object *object, struct layout_pins *pins, enum held_kind kind,
	       const char *name, int fd)
{
	CLEANUP(cleanup_free) char *file = NULL;
	struct layout_pin *grown;
	char *path;
	int err;

	if (fd < 0)
		return 0;
	err = file_name(object, held_kind_name(kind), name, &file);
	if (err)
		return err;
	grown = reallocarray(pins->list, pins->count + 1, sizeof(*pins->list));
	if (!grown)
		return -ENOMEM;
	pins->list = grown;
	if (asprintf(&path, "%s/%s/%s", pins->directory, directories[kind], file) < 0)
		return -ENOMEM;
	grown[pins->count++] =
		(struct layout_pin){ .kind = kind, .name = name, .fd = fd, .path = path };
	return 0;
}

static int compare_pointers(const void *a, const void *b)
{
	const struct bpf_map *left = *(const struct bpf_map *const *)a;
	const struct bpf_map *right = *(const struct bpf_map *const *)b;

	return left < right ? -1 : left > right;
}

/* The object's maps by its own names: libbpf calls those that were reused as the kernel does. */
static int add_maps(const struct elfmap_object *object, struct layout_pins *pins)
{
	CLEANUP(cleanup_free)
	const struct bpf_map **own = zeroed(object->nr_maps + 1, sizeof(*own));
	struct bpf_map *map;
	int err = own ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < object->nr_maps; i++) {
		own[i] = object->maps[i].bpf_map;
		err = add(object, pins, HELD_MAP, object->maps[i].name, open_map_fd(own[i]));
	}
	if (err)
		return err;
	qsort(own, object->nr_maps, sizeof(*own), compare_pointers);
	bpf_object__for_each_map(map, object->bpf_object) {
		if (bsearch(&map, own, object->nr_maps, sizeof(*own), compare_pointers))
			continue;
		err = add(object, pins, HELD_MAP, bpf_map__name(map), open_map_fd(map));
		if (err)
			return err;
	}
	return 0;
}

/* All that libbpf made: the maps of global variables too, for which the object has no map. */
static int add_loaded(const struct elfmap_object *object, struct layout_pins *pins)
{
	struct bpf_program *program;
	int err = add_maps(object, pins);

	if (err)
		return err;
	bpf_object__for_each_program(program, object->bpf_object) {
		err = add(object, pins, HELD_PROGRAM, bpf_program__name(program),
			  bpf_program__fd(program));
		if (err)
			return err;
	}
	return 0;
}

static int add_pinned(const struct elfmap_object *object, struct layout_pins *pins)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = add(object, pins, HELD_MAP, object->maps[i].name, object->maps[i].own_fd);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		err = add(object, pins, HELD_PROGRAM, object->programs[i].name,
			  object->programs[i].fd);
	return err;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp((*(const struct layout_pin *const *)a)->path,
		      (*(const struct layout_pin *const *)b)->path);
}

static int check_unique(const struct elfmap_object *object, const struct layout_pins *pins)
{
	CLEANUP(cleanup_free)
	const struct layout_pin **sorted = zeroed(pins->count + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < pins->count; i++)
		sorted[i] = &pins->list[i];
	qsort(sorted, pins->count, sizeof(*sorted), compare_paths);
	for (size_t i = 1; i < pins->count; i++) {
		if (strcmp(sorted[i - 1]->path, sorted[i]->path) != 0)
			continue;
		log_error("%s: %ss \"%s\" and \"%s\" would both be pinned as %s: rename one",
			  object->view.name, held_kind_name(sorted[i]->kind), sorted[i - 1]->name,
			  sorted[i]->name, sorted[i]->path);
		return -EEXIST;
	}
	return 0;
}

int object_layout_list(const struct elfmap_object *object, const char *dir, struct layout_pins *out)
{
	struct layout_pins pins = { NULL, NULL, 0 };
	const struct elfmap_link *link = object->links;
	int err = make_directory_path(object, dir, &pins.directory);

	if (!err)
		err = object->is_pinned ? add_pinned(object, &pins) : add_loaded(object, &pins);
	for (; !err && link; link = link->next)
		err = add(object, &pins, HELD_LINK, link->name, bpf_link__fd(link->bpf_link));
	if (!err)
		err = check_unique(object, &pins);
	if (err) {
		object_layout_release(&pins);
		return err;
	}
	*out = pins;
	return 0;
}
