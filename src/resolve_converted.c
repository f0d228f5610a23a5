/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Maps that were translated before: their slots, which stand in .rel.maps and, where libbpf cannot
 * be told of them, in tags. With these the object loads as the original does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "log.h"
#include "messages.h"
#include "places.h"
#include "resolve.h"
#include "slots.h"
#include "synthesise.h"
#include "tags.h"
#include "zeroed.h"

static int refuse(const struct elfmap_map *map, const char *what, uint64_t where)
{
	log_error("%s: section .rel.maps: map \"%s\": %s (offset %llu)", map->object->view.name,
		  map->name, what, (unsigned long long)where);
	return -EINVAL;
}

static int refuse_slot(const struct elfmap_map *map, const struct map_slot *slot, const char *why)
{
	map_error(map, "slot %u: %s", slot->key, why);
	return -EINVAL;
}

/* The rules that hold for definitions hold for what was made of them: anybody may write tags. */
static int check_slot(const struct elfmap_map *map, const struct map_slot *slot)
{
	if (slot->program ? map->def.type != BPF_MAP_TYPE_PROG_ARRAY :
			    !is_outer_type(map->def.type))
		return refuse_slot(map, slot, "a map of this type does not hold that");
	if (map->def.key_size != sizeof(uint32_t))
		return refuse_slot(map, slot, "the map's keys have not 4 bytes");
	if (map->def.type != BPF_MAP_TYPE_HASH_OF_MAPS && slot->key >= map->def.max_entries)
		return refuse_slot(map, slot, "the map has fewer entries");
	if (slot->map && is_outer_type(slot->map->def.type))
		return refuse_slot(map, slot, "a map of maps in a map of maps: expected one level");
	return 0;
}

static int add_slot(struct elfmap_map *map, struct map_slot slot)
{
	int err = check_slot(map, &slot);

	if (err)
		return err;
	if (slot.program) {
		slot.program->tail_call_map = map;
		slot.program->tail_call_key = slot.key;
	}
	return slot_add(map->object, map, slot);
}

/* --- slots in tags ------------------------------------------------------------------------------- */

static int compare_programs(const void *a, const void *b)
{
	return strcmp((*(struct elfmap_program *const *)a)->name,
		      (*(struct elfmap_program *const *)b)->name);
}

static struct elfmap_program **index_programs(struct elfmap_object *object)
{
	struct elfmap_program **by_name = zeroed(object->nr_programs + 1, sizeof(*by_name));

	for (size_t i = 0; by_name && i < object->nr_programs; i++)
		by_name[i] = &object->programs[i];
	if (by_name)
		qsort(by_name, object->nr_programs, sizeof(*by_name), compare_programs);
	return by_name;
}

static struct elfmap_program *find_program(struct elfmap_program **by_name, size_t count,
					   const char *name)
{
	struct elfmap_program key = { .name = name }, *wanted = &key, **found;

	found = bsearch(&wanted, by_name, count, sizeof(*by_name), compare_programs);
	return found ? *found : NULL;
}

/* Where tags look for what they name. */
struct named {
	struct elfmap_map **maps; /* by their variables */
	struct elfmap_program **programs;
};

static int add_tagged_slot(const struct tag_slot *tag, void *ctx)
{
	const struct named *named = ctx;
	struct elfmap_map *map = named->maps[tag->variable];
	struct map_slot slot = { .key = tag->key };
	struct elfmap_object *object;

	if (!map || !map->converted)
		return 0;
	if (!tag->is_good)
		return tags_refuse(map, tag->text);
	object = map->object;
	if (map->def.type == BPF_MAP_TYPE_PROG_ARRAY)
		slot.program = find_program(named->programs, object->nr_programs, tag->target);
	else
		slot.map = places_map_of_name(object, tag->target);
	if (!slot.map && !slot.program) {
		map_error(map, "slot %u: the object has no \"%s\"", tag->key, tag->target);
		return -EINVAL;
	}
	return add_slot(map, slot);
}

static int add_tagged_slots(struct elfmap_object *object)
{
	CLEANUP(cleanup_free) struct elfmap_program **programs = index_programs(object);
	CLEANUP(cleanup_free)
	struct elfmap_map **maps = tags_index_variables(object->btf, object->maps, object->nr_maps);
	struct named named = { maps, programs };

	return programs && maps ? tags_for_each_slot(object->btf, add_tagged_slot, &named) :
				  -ENOMEM;
}

/* --- slots in .rel.maps -------------------------------------------------------------------------- */

/* Where slots begin in the variable: at member values, of no length. */
static bool find_values(const struct elfmap_map *map, uint64_t *offset)
{
	const struct btf *btf = map->object->btf;
	const struct btf_type *type = btf__type_by_id(btf, map->shown_btf_id);

	for (uint32_t i = 0; map->shown_btf_id && i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, btf_members(type)[i].name_off);

		if (name && !strcmp(name, "values")) {
			*offset = btf_member_bit_offset(type, i) / 8;
			return true;
		}
	}
	return false;
}

/* Where slots that the caller adds can be declared. */
static void note_values(struct elfmap_map *map)
{
	uint64_t offset = map->size;

	if (!map->converted)
		return;
	find_values(map, &offset);
	map->values_offset = (uint32_t)(offset < map->size ? offset : map->size);
}

static int add_declared_slot(struct elfmap_object *object, size_t section,
			     const struct relocation *relocation)
{
	struct elfmap_map *map = places_map_before(object, section, relocation->offset);
	const Elf64_Sym *symbol = &object->view.symbols[relocation->symbol];
	struct map_slot slot = { .was_declared = true };
	uint64_t values, place;

	if (!map || !map->converted || relocation->offset - map->offset >= map->size)
		return 0;
	place = relocation->offset - map->offset;
	if (!find_values(map, &values) || place < values || (place - values) % POINTER_SIZE ||
	    (place - values) / POINTER_SIZE > UINT32_MAX)
		return refuse(map, "a relocation that is no slot", relocation->offset);
	slot.key = (uint32_t)((place - values) / POINTER_SIZE);
	if (map->def.type == BPF_MAP_TYPE_PROG_ARRAY)
		slot.program = places_program(object, symbol->st_shndx, symbol->st_value);
	else
		slot.map = places_map(object, symbol->st_shndx, symbol->st_value);
	if (!slot.program && !slot.map)
		return refuse(map, "a slot that holds neither a map nor a program of the object",
			      relocation->offset);
	return add_slot(map, slot);
}

static int add_declared_slots(struct elfmap_object *object, size_t index)
{
	const struct elf_section *section = &object->view.sections[index];
	int err = 0;

	for (size_t i = 0; !err && i < section->nr_relocations; i++)
		err = add_declared_slot(object, section->header.sh_info, &section->relocations[i]);
	return err;
}

/* --- all of them --------------------------------------------------------------------------------- */

static int link_inner(struct elfmap_map *map)
{
	if (!map->converted || !map->def.inner_name)
		return 0;
	map->inner = places_map_of_name(map->object, map->def.inner_name);
	if (!map->inner)
		map_error(map, "its inner map \"%s\" is no map of this object",
			  map->def.inner_name);
	else if (!is_outer_type(map->def.type))
		map_error(map, "it is no map of maps, and names an inner map \"%s\"",
			  map->def.inner_name);
	else if (is_outer_type(map->inner->def.type))
		map_error(map, "its inner map \"%s\" is a map of maps itself: expected one level",
			  map->def.inner_name);
	else
		return 0;
	return -EINVAL;
}

int resolve_converted(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	size_t maps = read_find_section(view, ".maps");
	int err = 0;

	if (!object->nr_converted)
		return 0;
	for (size_t i = 0; !err && i < object->nr_maps; i++) {
		note_values(&object->maps[i]);
		err = link_inner(&object->maps[i]);
	}
	for (size_t i = 1; !err && i < view->nr_sections; i++)
		if (view->sections[i].header.sh_type == SHT_REL &&
		    view->sections[i].header.sh_info == maps)
			err = add_declared_slots(object, i);
	return err ? err : add_tagged_slots(object);
}
