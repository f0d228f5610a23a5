/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "datasec.h"
#include "entries.h"
#include "passed_over.h"
#include "zeroed.h"

/* Types that stand where they will stay, after the last one was appended. */
static struct btf_type *writable_type(struct btf *btf, uint32_t id)
{
	return (struct btf_type *)btf__type_by_id(btf, id);
}

static const char *type_name(const struct btf *btf, const struct btf_type *type)
{
	const char *name = btf__name_by_offset(btf, type->name_off);

	return name ? name : "";
}

/* The DATASEC after prev that lists maps, native or legacy; 0 at the end. */
static uint32_t next_maps_datasec(const struct elfmap_object *object, uint32_t prev)
{
	uint32_t id = prev < object->first_datasec ? object->first_datasec : prev + 1;

	for (; id < btf__type_cnt(object->btf); id++) {
		const struct btf_type *type = btf__type_by_id(object->btf, id);
		const char *name;

		if (!btf_is_datasec(type))
			continue;
		name = type_name(object->btf, type);
		if (!strcmp(name, ".maps") || entries_is_legacy(object, name))
			return id;
	}
	return 0;
}

/* Every legacy map gets a global variable of its struct. */
static void append_variables(struct elfmap_object *object, struct btf_append *added)
{
	static const uint32_t linkage = BTF_VAR_GLOBAL_ALLOCATED;
	struct btf_appended variable = { .kind = BTF_KIND_VAR, .words = &linkage, .nr_words = 1 };

	for (size_t i = 0; i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];

		if (map->btf_var)
			continue;
		variable.name = btf_append_name(added, map->name);
		variable.type = map->image_btf_id;
		map->btf_var = btf_append_type(added, &variable);
	}
}

/* Those that the object has. */
static void retype_variables(struct elfmap_object *object, uint32_t nr_own)
{
	for (size_t i = 0; object->has_btf && i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];
		struct btf_type *var;

		/* those that stay as they are may have typedefs on the way */
		if (map->btf_var >= nr_own ||
		    (map->native && map->image_btf_id == map->shown_btf_id))
			continue;
		var = writable_type(object->btf, map->btf_var);
		var->type = map->image_btf_id;
		if (!map->native)
			btf_var(var)->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	}
}

/*
 * A DATASEC that no section stands behind any more becomes an anonymous struct with a member for
 * each of its variables: as many bytes, so that no other type moves.
 */
static void retire_datasec(struct btf *btf, uint32_t id)
{
	struct btf_type *type = writable_type(btf, id);
	struct btf_member *members = btf_members(type);
	uint32_t count = btf_vlen(type);
	uint64_t size = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct btf_var_secinfo *info = (const void *)&members[i];
		const struct btf_type *var = btf__type_by_id(btf, info->type);
		__s64 bytes = btf__resolve_size(btf, var->type);

		members[i] = (struct btf_member){
			.name_off = var->name_off,
			.type = var->type,
			.offset = (__u32)(size * 8),
		};
		size += bytes > 0 ? (uint64_t)bytes : 0;
	}
	type->name_off = 0;
	type->info = BTF_KIND_STRUCT << 24 | count;
	type->size = (__u32)size;
}

static struct btf_var_secinfo place_of(const struct elfmap_map *map)
{
	return (struct btf_var_secinfo){
		.type = map->btf_var,
		.offset = map->image_offset,
		.size = map->image_size,
	};
}

/* Write the places of all maps over a DATASEC that lists as many variables. */
static void fill_datasec(struct elfmap_object *object, uint32_t id, uint32_t name)
{
	struct btf_type *type = writable_type(object->btf, id);
	struct btf_var_secinfo *infos = btf_var_secinfos(type);

	for (size_t i = 0; i < object->nr_maps; i++)
		infos[i] = place_of(object->order[i]);
	type->name_off = name;
	type->size = object->maps_size;
}

static void append_datasec(const struct elfmap_object *object, struct btf_append *added,
			   uint32_t name)
{
	btf_append_type(added, &(struct btf_appended){ .name = name,
						       .kind = BTF_KIND_DATASEC,
						       .vlen = (uint32_t)object->nr_maps,
						       .type = object->maps_size });
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct btf_var_secinfo info = place_of(object->order[i]);
		const uint32_t words[] = { info.type, info.offset, info.size };

		btf_append_words(added, words, 3);
	}
}

/* Sections get other names in the image; their DATASECs go with them. */
static int append_names(const struct elfmap_object *object, struct btf_append *added,
			struct datasecs *sections)
{
	const struct elf_view *view = &object->view;

	if (!passed_over_any(object))
		return 0;
	sections->names = zeroed(view->nr_sections, sizeof(*sections->names));
	if (!sections->names)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_sections; i++) {
		CLEANUP(cleanup_free) char *name = NULL;

		if (!object->passed_over[i])
			continue;
		name = passed_over_name(view->sections[i].name);
		if (!name)
			return -ENOMEM;
		sections->names[i] = btf_append_string(added, name);
	}
	return 0;
}

static void rename_passed_over(struct elfmap_object *object, const struct datasecs *sections)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 1; sections->names && i < view->nr_sections; i++) {
		int id = sections->names[i] ?
				 btf__find_by_name_kind(object->btf, view->sections[i].name,
							BTF_KIND_DATASEC) :
				 0;

		if (id > 0)
			writable_type(object->btf, (uint32_t)id)->name_off = sections->names[i];
	}
}

/*
 * The object's own DATASEC keeps its place if it can hold all maps; old compilers wrote none, and
 * objects with both kinds of maps have two.
 */
int datasec_append(struct elfmap_object *object, struct btf_append *added,
		   struct datasecs *sections)
{
	const struct btf *btf = object->btf;
	uint32_t first = object->nr_legacy ? next_maps_datasec(object, 0) : 0;

	sections->nr_own = btf__type_cnt(btf);
	if (object->nr_legacy) {
		append_variables(object, added);
		sections->name = btf_append_string(added, ".maps");
		sections->own = first;
		if (!first || next_maps_datasec(object, first) ||
		    btf_vlen(btf__type_by_id(btf, first)) != object->nr_maps) {
			sections->retired = first;
			sections->own = 0;
			append_datasec(object, added, sections->name);
		}
	}
	return append_names(object, added, sections);
}

void datasec_change(struct elfmap_object *object, const struct datasecs *sections)
{
	uint32_t next;

	/* while its variables have types of the object's own, whose sizes are known */
	for (uint32_t id = sections->retired; id; id = next) {
		next = next_maps_datasec(object, id);
		retire_datasec(object->btf, id);
	}
	if (object->nr_legacy || object->nr_shown)
		retype_variables(object, sections->nr_own);
	if (sections->own)
		fill_datasec(object, sections->own, sections->name);
	rename_passed_over(object, sections);
}

void datasecs_release(struct datasecs *sections)
{
	free(sections->names);
}
