/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Names of maps and programs become path components, and libbpf finds maps by them: they must be
 * fit for both.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file_name.h"
#include "log.h"
#include "messages.h"
#include "resolve.h"
#include "sort.h"
#include "zeroed.h"

static int check_name(const struct elf_view *view, size_t section, const char *kind,
		      const char *name)
{
	const char *fault = file_name_fault(name);

	if (!fault)
		return 0;
	section_error(view, section, "%s \"%.80s\": the name cannot become a file's: %s", kind,
		      name, fault);
	return -EINVAL;
}

static bool is_static(const struct elfmap_map *map)
{
	const Elf64_Sym *symbol = &map->object->view.symbols[map->symbol];

	return !map->native && ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
}

/* --- static maps and programs -------------------------------------------------------------------- */

/* Names, sorted. */
struct names {
	const char **names;
	size_t count;
};

/* What becomes global and keeps its name, if nobody else has it. */
struct candidate {
	const char **name;
	bool *is_renamed;
	size_t order;
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_name(const struct names *names, const char *name)
{
	return names->count &&
	       bsearch(&name, names->names, names->count, sizeof(name), compare_texts);
}

/* The names that global symbols have: nothing static may, once it is global. */
static int collect_global_names(const struct elf_view *view, struct names *out)
{
	out->names = zeroed(view->nr_symbols + 1, sizeof(*out->names));
	if (!out->names)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_symbols; i++)
		if (ELF64_ST_BIND(view->symbols[i].st_info) != STB_LOCAL)
			out->names[out->count++] = read_symbol_name(view, &view->symbols[i]);
	sort(out->names, out->count, sizeof(*out->names), compare_texts);
	return 0;
}

/* Equal names one after the other, in the order of the file. */
static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	int order = strcmp(*left->name, *right->name);

	return order ? order : left->order < right->order ? -1 : left->order > right->order;
}

static bool is_static_program(const struct elfmap_program *program)
{
	const Elf64_Sym *symbol = program_symbol(program);

	return !program->subprogram && (!symbol || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL);
}

/* What has '.' in its name is in a function's scope: "FUNCTION.MAP". '_' is what C takes there. */
static int take_dots_out(struct elfmap_object *object, const char **name, bool *is_renamed)
{
	CLEANUP(cleanup_free) char *copy = NULL;

	if (!strchr(*name, '.'))
		return 0;
	copy = strdup(*name);
	if (!copy)
		return -ENOMEM;
	for (char *dot = copy; (dot = strchr(dot, '.'));)
		*dot = '_';
	*name = texts_keep(&object->texts, copy);
	if (!*name)
		return -ENOMEM;
	*is_renamed = true;
	object->has_renamed = true;
	return 0;
}

/*
 * A skeleton makes a member of each map and program, and a bpffs takes no dots either. *count: of
 * what is static.
 */
static int name_for_c(struct elfmap_object *object, size_t *count)
{
	int err = 0;

	*count = 0;
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (is_static(&object->maps[i])) {
			err = take_dots_out(object, &object->maps[i].name,
					    &object->maps[i].is_renamed);
			++*count;
		}
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (is_static_program(&object->programs[i])) {
			err = take_dots_out(object, &object->programs[i].name,
					    &object->programs[i].is_renamed);
			++*count;
		}
	return err;
}

static struct candidate *collect_candidates(struct elfmap_object *object, size_t count)
{
	struct candidate *candidates = zeroed(count, sizeof(*candidates));
	size_t next = 0;

	for (size_t i = 0; candidates && i < object->nr_maps; i++)
		if (is_static(&object->maps[i]))
			candidates[next++] = (struct candidate){ &object->maps[i].name,
								 &object->maps[i].is_renamed, i };
	for (size_t i = 0; candidates && i < object->nr_programs; i++)
		if (is_static_program(&object->programs[i]))
			candidates[next++] = (struct candidate){ &object->programs[i].name,
								 &object->programs[i].is_renamed,
								 object->nr_maps + i };
	if (candidates)
		sort(candidates, count, sizeof(*candidates), compare_candidates);
	return candidates;
}

/* A number behind the name, the next one that makes it nobody's. */
static int rename_candidate(struct elfmap_object *object, const struct candidate *candidate,
			    const struct names *global, const struct names *own,
			    unsigned int *number)
{
	const char *name;

	do {
		name = texts_format(&object->texts, "%s_%u", *candidate->name, ++*number);
		if (!name)
			return -ENOMEM;
	} while (has_name(global, name) || has_name(own, name));
	*candidate->name = name;
	*candidate->is_renamed = true;
	object->has_renamed = true;
	return 0;
}

/* Two sources may each have a static map or program of one name: the later ones get another. */
static int rename_statics(struct elfmap_object *object, size_t count)
{
	CLEANUP(cleanup_free) struct candidate *candidates = collect_candidates(object, count);
	CLEANUP(cleanup_free) const char **names = zeroed(count, sizeof(*names));
	struct names own = { names, count }, global = { NULL, 0 };
	unsigned int number = 0;
	int err = candidates && names ? 0 : -ENOMEM;

	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		names[i] = *candidates[i].name;
	err = collect_global_names(&object->view, &global);
	for (size_t i = 0; !err && i < count; i++) {
		bool is_repeated = i && !strcmp(names[i - 1], names[i]);

		if (!is_repeated)
			number = 0;
		if (is_repeated || has_name(&global, names[i]))
			err = rename_candidate(object, &candidates[i], &global, &own, &number);
	}
	free(global.names);
	/* BTF's variable has the old name: the new one gets its own */
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].is_renamed)
			object->maps[i].btf_var = 0;
	return err;
}

/* --- all maps ------------------------------------------------------------------------------------- */

static int compare_maps(const void *a, const void *b)
{
	return strcmp((*(struct elfmap_map *const *)a)->name,
		      (*(struct elfmap_map *const *)b)->name);
}

/* No two may have one name. */
static int check_maps(struct elfmap_object *object)
{
	size_t count = object->nr_maps;
	struct elfmap_map **maps = malloc((count + 1) * sizeof(*maps));
	bool is_sorted = true;

	if (!maps)
		return -ENOMEM;
	object->by_name = maps;
	for (size_t i = 0; i < count; i++) {
		struct elfmap_map *map = &object->maps[i];
		int err = check_name(&object->view, map->section, "map", map->name);

		if (err)
			return err;
		maps[i] = map;
		is_sorted = is_sorted && (!i || compare_maps(&maps[i - 1], &maps[i]) < 0);
	}
	if (is_sorted)
		return 0;
	qsort(maps, count, sizeof(*maps), compare_maps);
	for (size_t i = 1; i < count; i++) {
		if (compare_maps(&maps[i - 1], &maps[i]))
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
	size_t nr_static;
	int err = name_for_c(object, &nr_static);

	if (!err && nr_static)
		err = rename_statics(object, nr_static);
	if (!err)
		err = check_maps(object);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		err = check_name(&object->view, object->programs[i].section, "program",
				 object->programs[i].name);
	return err;
}
