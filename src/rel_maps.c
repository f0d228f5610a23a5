/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "entries.h"
#include "places.h"
#include "rel_maps.h"
#include "synthesise.h"
#include "zeroed.h"

/* What a compiler gives a pointer in data, whose width libbpf does not look at. */
#ifndef R_BPF_64_ABS64
#define R_BPF_64_ABS64 2
#endif

/* The relocations in the making. */
struct rels {
	const uint32_t *numbers;
	Elf64_Rel *entries;
	size_t count;
};

size_t rel_maps_find(const struct elfmap_object *object, size_t index)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 1; i < view->nr_sections; i++)
		if (view->sections[i].header.sh_type == SHT_REL &&
		    view->sections[i].header.sh_info == index && !entries_are_relocated(object, i))
			return i;
	return 0;
}

/* In the variable of a map that was translated before, which keeps its size. */
static bool has_room(const struct elfmap_map *map, const struct map_slot *slot)
{
	return slot->key < (map->size - map->values_offset) / POINTER_SIZE;
}

/* Those of maps that were translated before are in the file, where nobody changed them. */
static bool is_written(const struct elfmap_map *map)
{
	return !map->native || (map->converted && map->object->has_other_slots);
}

bool rel_maps_declares(const struct elfmap_map *map, const struct map_slot *slot,
		       const struct image_options *options)
{
	if (options->own_load)
		return false;
	if (map->native)
		return slot->was_declared || (slot->is_added && has_room(map, slot));
	if (!slots_are_declarable(map))
		return false;
	return slot->map || options->loader != ELFMAP_LOADER_TC;
}

static size_t count_declared(const struct elfmap_object *object,
			     const struct image_options *options)
{
	size_t count = 0;

	for (size_t i = 0; object->nr_slots && i < object->nr_maps; i++)
		for (size_t j = 0; is_written(&object->maps[i]) && j < object->maps[i].nr_slots;
		     j++)
			count += rel_maps_declares(&object->maps[i], &object->maps[i].slots[j],
						   options);
	return count;
}

static void add(struct rels *rels, uint64_t offset, size_t symbol, uint32_t type)
{
	rels->entries[rels->count++] = (Elf64_Rel){
		.r_offset = offset,
		.r_info = ELF64_R_INFO((uint64_t)(rels->numbers ? rels->numbers[symbol] : symbol),
				       type),
	};
}

static void declare_slots(const struct elfmap_map *map, const struct image_options *options,
			  struct rels *rels)
{
	uint64_t values =
		(uint64_t)(map->native ? map->offset : map->image_offset) + map->values_offset;

	for (size_t i = 0; is_written(map) && i < map->nr_slots; i++) {
		const struct map_slot *slot = &map->slots[i];

		if (rel_maps_declares(map, slot, options))
			add(rels, values + (uint64_t)slot->key * POINTER_SIZE,
			    slot->map ? slot->map->symbol : slot->program->symbol, R_BPF_64_ABS64);
	}
}

/* What is not in the kernel when libbpf wants to store it, which fails then. */
static bool stays_out(const struct elfmap_object *object, size_t symbol)
{
	const Elf64_Sym *target = &object->view.symbols[symbol];
	const struct elfmap_program *program =
		places_program(object, target->st_shndx, target->st_value);
	const struct elfmap_map *map = places_map(object, target->st_shndx, target->st_value);

	return (map && map->skipped) || (program && !program->autoload);
}

static bool is_kept(const struct elfmap_object *object, const struct image_options *options,
		    const struct elfmap_map *map, const struct relocation *slot)
{
	if (!map)
		return true;
	if (map->converted)
		return !options->own_load && !is_written(map);
	return !(options->own_load || options->drop_in) || !stays_out(object, slot->symbol);
}

/*
 * Those of maps that are BTF-defined already. elfmap's own load fills the slots of maps that were
 * translated before: libbpf must not, as some of the programs may stay unloaded.
 */
static void keep_native(const struct elfmap_object *object, const struct image_options *options,
			const struct relocation *native, size_t count, struct rels *rels)
{
	size_t maps = read_find_section(&object->view, ".maps");

	for (size_t i = 0; i < count; i++) {
		const struct elfmap_map *map = places_map_before(object, maps, native[i].offset);

		if (is_kept(object, options, map, &native[i]))
			add(rels, native[i].offset, native[i].symbol, native[i].type);
	}
}

static int replace(const struct elfmap_object *object, struct image *image, size_t maps,
		   size_t index, Elf64_Rel *entries, size_t count)
{
	int err = index ? 0 : image_add(image, ".rel.maps", SHT_REL, &index);

	if (err) {
		free(entries);
		return err;
	}
	image_replace(image, index, entries, count * sizeof(*entries));
	image->sections[index].is_host_order = true;
	image->sections[index].header.sh_flags = SHF_INFO_LINK;
	image->sections[index].header.sh_link = (uint32_t)object->view.symtab;
	image->sections[index].header.sh_info = (uint32_t)maps;
	image->sections[index].header.sh_entsize = sizeof(*entries);
	return 0;
}

bool rel_maps_changes(const struct elfmap_object *object, const struct image_options *options)
{
	size_t maps = read_find_section(&object->view, ".maps");

	if (object->has_other_slots || (options->own_load && object->nr_converted))
		return true;
	if (!maps || !(options->own_load || options->drop_in) || !rel_maps_find(object, maps))
		return false;
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].skipped)
			return true;
	for (size_t i = 0; i < object->nr_programs; i++)
		if (!object->programs[i].autoload)
			return true;
	return false;
}

int rel_maps_write(const struct elfmap_object *object, const struct image_options *options,
		   struct image *image, size_t maps, const uint32_t *numbers)
{
	size_t declared = count_declared(object, options);
	size_t index = rel_maps_find(object, maps);
	const struct elf_section *native = &object->view.sections[index];
	struct rels rels = { .numbers = numbers };

	if (!declared && !(index && rel_maps_changes(object, options)))
		return 0;
	rels.entries = zeroed(native->nr_relocations + declared + 1, sizeof(*rels.entries));
	if (!rels.entries)
		return -ENOMEM;
	keep_native(object, options, native->relocations, native->nr_relocations, &rels);
	for (size_t i = 0; declared && i < object->nr_maps; i++)
		declare_slots(object->order ? object->order[i] : &object->maps[i], options, &rels);
	return replace(object, image, maps, index, rels.entries, rels.count);
}
