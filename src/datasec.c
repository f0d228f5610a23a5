/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "datasec.h"
#include "entries.h"
#include "passed_over.h"

/* Types are appended through libbpf and changed in place through this; only after the last append,
 * which may move them. */
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
	for (uint32_t id = prev + 1; id < btf__type_cnt(object->btf); id++) {
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
static int make_variables(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];
		int id;

		if (map->btf_var)
			continue;
		id = btf__add_var(object->btf, map->name, BTF_VAR_GLOBAL_ALLOCATED,
				  (int)map->image_btf_id);
		if (id < 0)
			return id;
		map->btf_var = (uint32_t)id;
	}
	return 0;
}

void datasec_retype(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		struct elfmap_map *map = &object->maps[i];
		struct btf_type *var = writable_type(object->btf, map->btf_var);

		/* those that stay as they are may have typedefs on the way */
		if (map->native && map->image_btf_id == map->shown_btf_id)
			continue;
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

/* Write the places of all maps over a DATASEC that lists as many variables. */
static void fill_datasec(struct elfmap_object *object, uint32_t id, uint32_t name)
{
	struct btf_type *type = writable_type(object->btf, id);
	struct btf_var_secinfo *infos = btf_var_secinfos(type);

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = object->order[i];

		infos[i] = (struct btf_var_secinfo){
			.type = map->btf_var,
			.offset = map->image_offset,
			.size = map->image_size,
		};
	}
	type->name_off = name;
	type->size = object->maps_size;
}

/* An empty DATASEC of the right length, for fill_datasec(). */
static int append_datasec(struct elfmap_object *object)
{
	int id = btf__add_datasec(object->btf, ".maps", object->maps_size);

	for (size_t i = 0; id > 0 && i < object->nr_maps; i++) {
		const struct elfmap_map *map = object->order[i];
		int err = btf__add_datasec_var_info(object->btf, (int)map->btf_var,
						    map->image_offset, map->image_size);

		if (err)
			return err;
	}
	return id;
}

/* Sections get other names in the image; their DATASECs go with them. */
int datasec_rename_passed_over(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 1; i < view->nr_sections; i++) {
		CLEANUP(cleanup_free) char *name = NULL;
		int id, offset;

		if (!object->passed_over[i])
			continue;
		id = btf__find_by_name_kind(object->btf, view->sections[i].name, BTF_KIND_DATASEC);
		if (id < 0)
			continue;
		name = passed_over_name(view->sections[i].name);
		offset = name ? btf__add_str(object->btf, name) : -ENOMEM;
		if (offset < 0)
			return offset;
		writable_type(object->btf, (uint32_t)id)->name_off = (uint32_t)offset;
	}
	return 0;
}

/*
 * The object's own DATASEC keeps its place if it can hold all maps; old compilers wrote none, and
 * objects with both kinds of maps have two.
 */
int datasec_synthesise(struct elfmap_object *object)
{
	uint32_t first = next_maps_datasec(object, 0);
	bool in_place = first && !next_maps_datasec(object, first) &&
			btf_vlen(btf__type_by_id(object->btf, first)) == object->nr_maps;
	uint32_t end = btf__type_cnt(object->btf), chosen = first;
	int name, err;

	err = make_variables(object);
	if (err)
		return err;
	if (!in_place) {
		int id = append_datasec(object);

		if (id < 0)
			return id;
		chosen = (uint32_t)id;
	}
	name = btf__add_str(object->btf, ".maps");
	if (name < 0)
		return name;
	datasec_retype(object);
	for (uint32_t id = first; !in_place && id && id < end; id = next_maps_datasec(object, id))
		if (id != chosen)
			retire_datasec(object->btf, id);
	fill_datasec(object, chosen, (uint32_t)name);
	return 0;
}
