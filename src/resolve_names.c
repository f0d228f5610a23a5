/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Names of maps and programs become path components, and libbpf finds maps by them: they must be
 * fit for both.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "resolve.h"

static int check_name(const struct elf_view *view, const char *section, const char *kind,
		      const char *name)
{
	const char *fault = NULL;

	if (!*name)
		fault = "it is empty";
	else if (strchr(name, '/'))
		fault = "it holds a '/'";
	else if (!strcmp(name, ".") || !strcmp(name, ".."))
		fault = "it is a directory";
	else if (strlen(name) > NAME_MAX)
		fault = "it is longer than 255 bytes";
	if (!fault)
		return 0;
	log_error("%s: section %s: %s \"%.80s\": the name cannot become a file's: %s", view->name,
		  section, kind, name, fault);
	return -EINVAL;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(struct elfmap_map *const *)a)->name,
		      (*(struct elfmap_map *const *)b)->name);
}

static int check_unique(const struct elfmap_object *object)
{
	size_t count = object->nr_maps;
	CLEANUP(cleanup_free) struct elfmap_map **maps = calloc(count ? count : 1, sizeof(*maps));

	if (!maps)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		maps[i] = &object->maps[i];
	qsort(maps, count, sizeof(*maps), compare_names);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(maps[i - 1]->name, maps[i]->name))
			continue;
		log_error("%s: two maps are called \"%s\": in section %s at offset %zu, in section "
			  "%s at offset %zu",
			  object->view.name, maps[i]->name, map_section(maps[i - 1]),
			  maps[i - 1]->offset, map_section(maps[i]), maps[i]->offset);
		return -EINVAL;
	}
	return 0;
}

int resolve_names(struct elfmap_object *object)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = check_name(&object->view, map_section(&object->maps[i]), "map",
				 object->maps[i].name);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		err = check_name(&object->view, program_section(&object->programs[i]), "program",
				 object->programs[i].name);
	return err ? err : check_unique(object);
}
