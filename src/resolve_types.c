/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Types that an object gives by name: those of a map's key and value, in a struct ____btf_map_<map>
 * with exactly the members key and value (BPF_ANNOTATE_KV_PAIR), and those of programs, by their
 * section.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "iproute2.h"
#include "log.h"
#include "resolve.h"
#include "sections.h"

#define ANNOTATION "____btf_map_"

/* --- maps ------------------------------------------------------------------------------------- */

static bool is_member(const struct btf *btf, const struct btf_type *type, uint32_t i,
		      const char *name)
{
	const char *found = btf__name_by_offset(btf, btf_members(type)[i].name_off);

	return found && !strcmp(found, name);
}

static void annotate(struct elfmap_map *map, const struct btf *btf, const struct btf_type *type)
{
	const struct btf_member *members = btf_members(type);
	__s64 key_size, value_size;

	if (btf_vlen(type) != 2 || !is_member(btf, type, 0, "key") ||
	    !is_member(btf, type, 1, "value"))
		return;
	key_size = btf__resolve_size(btf, members[0].type);
	value_size = btf__resolve_size(btf, members[1].type);
	if (key_size != map->def.key_size || value_size != map->def.value_size) {
		log_warning("%s: section %s: map \"%s\": key and value of %s have %lld and %lld "
			    "bytes, the definition says %u and %u: not used",
			    map->object->view.name, map_section(map), map->name,
			    btf__name_by_offset(btf, type->name_off), (long long)key_size,
			    (long long)value_size, map->def.key_size, map->def.value_size);
		return;
	}
	map->key_type_id = members[0].type;
	map->value_type_id = members[1].type;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(struct elfmap_map *const *)a)->name,
		      (*(struct elfmap_map *const *)b)->name);
}

static int annotate_all(struct elfmap_object *object)
{
	CLEANUP(cleanup_free) struct elfmap_map **by_name = NULL;
	uint32_t types = btf__type_cnt(object->btf);
	size_t count = 0;

	by_name = calloc(object->nr_maps ? object->nr_maps : 1, sizeof(*by_name));
	if (!by_name)
		return -ENOMEM;
	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native)
			by_name[count++] = &object->maps[i];
	qsort(by_name, count, sizeof(*by_name), compare_names);
	for (uint32_t id = 1; id < types; id++) {
		const struct btf_type *type = btf__type_by_id(object->btf, id);
		const char *name = btf__name_by_offset(object->btf, type->name_off);
		struct elfmap_map key, *wanted = &key, **found;

		if (!btf_is_struct(type) || !name || strncmp(name, ANNOTATION, strlen(ANNOTATION)))
			continue;
		key.name = name + strlen(ANNOTATION);
		found = bsearch(&wanted, by_name, count, sizeof(*by_name), compare_names);
		if (found)
			annotate(*found, object->btf, type);
	}
	return 0;
}

/* --- programs ---------------------------------------------------------------------------------- */

/*
 * Programs in ID/KEY sections are loaded with the type of the program that calls them. Where an
 * object's other programs are all of one type, it is that one. So with the attach type: the kernel
 * (6.18, and stable releases of that time) keeps the programs of a prog array to one.
 */
static struct section_program common_program(const struct elfmap_object *object)
{
	struct section_program common = { .type = BPF_PROG_TYPE_UNSPEC };
	bool same_attach_type = true;

	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];

		if (!program->type)
			continue;
		if (common.type && program->type != common.type)
			return (struct section_program){ .type = BPF_PROG_TYPE_UNSPEC };
		if (common.type && program->attach_type != common.attach_type)
			same_attach_type = false;
		common.type = program->type;
		common.attach_type = program->attach_type;
	}
	if (!same_attach_type)
		common.attach_type = 0;
	return common;
}

static void set_program(struct elfmap_program *program, const struct section_program *found)
{
	program->type = found->type;
	program->attach_type = found->attach_type;
}

int resolve_types(struct elfmap_object *object)
{
	struct section_program found;

	for (size_t i = 0; i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i];

		if (!program->subprogram && sections_find(program_section(program), &found))
			set_program(program, &found);
	}
	found = common_program(object);
	for (size_t i = 0; i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i];
		uint32_t id, key;

		if (!program->type && iproute2_parse_tail_call(program_section(program), &id, &key))
			set_program(program, &found);
	}
	return object->has_btf ? annotate_all(object) : 0;
}
