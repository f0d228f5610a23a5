/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "cleanup.h"
#include "decode.h"
#include "fields.h"
#include "functions.h"
#include "log.h"
#include "messages.h"
#include "native.h"
#include "own_btf.h"
#include "sort.h"
#include "zeroed.h"

/* Room for more of them, which is zeros. */
static int grow_maps(struct elfmap_object *object, size_t more)
{
	struct elfmap_map *maps;

	if (!more)
		return 0;
	if (more > MAPS_MAX || object->nr_maps + more > MAPS_MAX) {
		log_error("%s: more than %u maps", object->view.name, MAPS_MAX);
		return -E2BIG;
	}
	maps = zeroed(object->nr_maps + more, sizeof(*maps));
	if (!maps)
		return -ENOMEM;
	if (object->nr_maps)
		memcpy(maps, object->maps, object->nr_maps * sizeof(*maps));
	free(object->maps);
	object->maps = maps;
	return 0;
}

/* --- legacy maps --------------------------------------------------------------------------------- */

/* Most maps have none, and then most share one struct. */
static int read_fields(struct elfmap_map *map, struct choice *choice)
{
	bool may_have = map->btf_id ? map->btf_id != choice->plain_btf_id : choice->has_fields;
	int err = may_have ? fields_read(map, choice->format) : 0;

	if (!err && !map->nr_fields)
		choice->plain_btf_id = map->btf_id;
	return err;
}

static int add_map(struct elfmap_object *object, struct choice *choice,
		   const struct elfmap_entry *entry)
{
	struct elfmap_map *map = &object->maps[object->nr_maps];
	int err;

	map->object = object;
	map->name = entry->name;
	map->layout = choice->format->name;
	map->evidence = choice->evidence;
	map->section = entry->section;
	map->offset = entry->offset;
	map->size = (uint32_t)entry->size;
	map->symbol = entry->symbol;
	map->btf_var = entry->btf_var;
	map->btf_id = entry->btf_id;
	map->own_fd = -1;
	err = choose_decode(choice->format, entry, &map->def);
	if (!err)
		err = read_fields(map, choice);
	if (err) {
		free(map->fields);
		return err;
	}
	object->has_ids |= map->def.id || is_outer_type(map->def.type);
	object->nr_maps++;
	object->nr_legacy++;
	return 0;
}

static int add_section(struct elfmap_object *object, const struct elfmap_section *section)
{
	struct choice choice;
	int err = choose_format(section, &choice);

	if (err)
		return err;
	if (choice.format->refusal)
		object->refusal = choice.format->refusal;
	for (size_t i = 0; !err && i < section->nr_entries; i++)
		err = add_map(object, &choice, &section->entries[i]);
	return err;
}

/* *in_order: whether the maps stand by section and offset. */
static int decode_legacy(struct elfmap_object *object, bool *in_order)
{
	CLEANUP(entries_release) struct entries entries = { 0 };
	int err = entries_read(object, &entries);

	if (!err)
		err = grow_maps(object, entries.count);
	for (size_t first = 0; !err && first < entries.count;) {
		struct elfmap_section section = section_of_size(&entries, first);

		/* those of one size do */
		*in_order = section.nr_entries == entries.count;
		err = add_section(object, &section);
		first += section.nr_entries;
	}
	return err;
}

/* --- BTF-defined maps ---------------------------------------------------------------------------- */

/* BTF describes one section of that name. */
static int check_native(const struct elfmap_object *object, size_t index)
{
	size_t first = read_find_section(&object->view, ".maps");

	if (object->has_btf && index == first)
		return 0;
	if (!object->has_btf)
		log_error("%s: section .maps: its maps are defined by BTF, and the object has "
			  "none",
			  object->view.name);
	else
		log_error("%s: section .maps: two of them, sections %zu and %zu", object->view.name,
			  first, index);
	return -EINVAL;
}

static int decode_native(struct elfmap_object *object, size_t index)
{
	CLEANUP(cleanup_free) struct elfmap_map *maps = NULL;
	size_t count = 0;
	int err = check_native(object, index);

	if (!err)
		err = native_read(object, index, &maps, &count);
	if (err)
		return err;
	err = grow_maps(object, count);
	if (err) {
		for (size_t i = 0; i < count; i++)
			free(maps[i].fields);
		return err;
	}
	if (count)
		memcpy(&object->maps[object->nr_maps], maps, count * sizeof(*maps));
	object->nr_maps += count;
	return 0;
}

/* --- all of them --------------------------------------------------------------------------------- */

static bool is_native_section(const struct elf_section *section)
{
	return !strcmp(section->name, ".maps");
}

/* Nothing may be taken for definitions, which are rewritten, and for instructions at once. */
static int check_data(const struct elf_view *view, size_t index)
{
	if (!read_is_code(view, index))
		return 0;
	section_error(view, index, "it is marked as code: expected map definitions in data");
	return -EINVAL;
}

static int check_sections(const struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	int err = 0;

	for (size_t i = 1; !err && i < view->nr_sections; i++)
		if (entries_is_legacy(object, view->sections[i].name) ||
		    is_native_section(&view->sections[i]))
			err = check_data(view, i);
	return err;
}

static int compare_places(const void *a, const void *b)
{
	const struct elfmap_map *left = a, *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

static int decode_maps(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	bool in_order = true;
	int err = check_sections(object);

	if (!err)
		err = decode_legacy(object, &in_order);
	for (size_t i = 1; !err && i < view->nr_sections; i++) {
		const struct elf_section *section = &view->sections[i];

		if (section->header.sh_type == SHT_PROGBITS && section->header.sh_size &&
		    is_native_section(section))
			err = decode_native(object, i);
	}
	if (err)
		return err;
	if (!in_order || object->nr_maps > object->nr_legacy)
		sort(object->maps, object->nr_maps, sizeof(*object->maps), compare_places);
	/* legacy maps join the BTF-defined ones or take the section's name */
	if (!object->nr_legacy || object->nr_maps > object->nr_legacy ||
	    !read_find_section(view, ".maps"))
		return 0;
	log_error("%s: section .maps: empty or no data, beside maps in a legacy section",
		  view->name);
	return -EINVAL;
}

int decode_object(struct elfmap_object *object)
{
	int err = own_btf_read(object);

	if (!err)
		err = functions_read(object);
	if (!err)
		err = decode_maps(object);
	return err;
}
