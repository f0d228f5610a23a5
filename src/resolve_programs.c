/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What programs are, by the names of their sections: type, attach type, whether they are loaded, and
 * the slot of a prog array that a tail call finds them in. Old loaders' rules are asked first, the
 * caller's callback has the last word.
 */
#include <errno.h>
#include <string.h>

#include "ids.h"
#include "iproute2.h"
#include "log.h"
#include "messages.h"
#include "places.h"
#include "resolve.h"
#include "sections.h"
#include "slots.h"

/* --- what the names say ------------------------------------------------------------------------ */

/* Old loaders enter a section at its first function. */
static bool is_entered(const struct elfmap_object *object, size_t i)
{
	const struct elfmap_program *program = &object->programs[i];

	return i == 0 || program[-1].section != program->section;
}

static int ask_caller(const struct elfmap_object *object, const struct elfmap_program *program,
		      struct elfmap_program_hint *hint)
{
	const char *section = program_section(program);
	int err;

	if (!object->opts.program_cb)
		return 0;
	err = object->opts.program_cb(section, hint, object->opts.ctx);
	if (!err)
		return 0;
	program_error(program, "the loader's callback refuses it");
	return err < 0 ? err : -EINVAL;
}

static int ask(const struct elfmap_object *object, size_t i, struct elfmap_program_hint *hint)
{
	const struct elfmap_program *program = &object->programs[i];
	const char *section = program_section(program);
	int err;

	*hint = (struct elfmap_program_hint){ .name = program->name, .autoload = true };
	err = sections_hint(section, hint, NULL);
	/* in an object that was translated before the slot is known */
	if (program->tail_call_map) {
		hint->has_tail_call = true;
		hint->tail_call_map = program->tail_call_map->name;
		hint->tail_call_key = program->tail_call_key;
	} else if (!err && is_entered(object, i)) {
		err = iproute2_hint(section, hint, NULL);
	}
	return err ? err : ask_caller(object, program, hint);
}

/* --- tail calls -------------------------------------------------------------------------------- */

/* The prog array of that id; its section order decides where several have id 0. */
static struct elfmap_map *find_by_id(const struct id_index *ids, uint32_t id)
{
	for (size_t i = id_index_first(ids, id); i < ids->count && ids->maps[i]->def.id == id; i++)
		if (ids->maps[i]->def.type == BPF_MAP_TYPE_PROG_ARRAY)
			return ids->maps[i];
	return NULL;
}

/* As iproute2, a program whose id no prog array has is stored nowhere; a wrong name is a mistake. */
static int find_prog_array(const struct elfmap_program *program, struct id_index *ids,
			   const struct elfmap_program_hint *hint, struct elfmap_map **map)
{
	const struct elfmap_object *object = program->object;

	if (!hint->tail_call_map) {
		int err = ids->maps ? 0 : id_index_build(program->object, ids);

		if (err)
			return err;
		*map = find_by_id(ids, hint->tail_call_id);
		if (!*map)
			log_info("%s: section %s: no prog array has id %u: \"%s\" is stored "
				 "nowhere",
				 object->view.name, program_section(program), hint->tail_call_id,
				 program->name);
		return 0;
	}
	*map = places_map_of_name(object, hint->tail_call_map);
	if (*map && (*map)->def.type == BPF_MAP_TYPE_PROG_ARRAY)
		return 0;
	program_error(program, "it is to be stored in \"%s\": %s", hint->tail_call_map,
		      *map ? "that map is no prog array" : "the object has no map of that name");
	return -EINVAL;
}

static int check_slot(const struct elfmap_program *program, const struct elfmap_map *map,
		      uint32_t key)
{
	if (map->def.key_size != sizeof(uint32_t)) {
		program_error(program, "prog array \"%s\" has keys of %u bytes: expected 4",
			      map->name, map->def.key_size);
		return -EINVAL;
	}
	if (key >= map->def.max_entries) {
		program_error(program, "tail-call key %u: prog array \"%s\" has %u entries", key,
			      map->name, map->def.max_entries);
		return -EINVAL;
	}
	return 0;
}

/* ids: built when the first program asks for one. */
static int store(struct elfmap_program *program, struct id_index *ids,
		 const struct elfmap_program_hint *hint)
{
	struct elfmap_map *map = NULL;
	uint32_t key = hint->tail_call_key;
	int err = hint->has_tail_call ? find_prog_array(program, ids, hint, &map) : 0;

	if (err || (map == program->tail_call_map && (!map || key == program->tail_call_key)))
		return err;
	elfmap_program__clear_tail_call(program);
	if (!map)
		return 0;
	err = check_slot(program, map, key);
	if (err)
		return err;
	program->tail_call_map = map;
	program->tail_call_key = key;
	map->object->has_other_slots |= map->converted;
	return slot_add(
		map->object, map,
		(struct map_slot){ .key = key, .program = program, .is_added = map->converted });
}

/* --- types ------------------------------------------------------------------------------------- */

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

/* By its slot, or by its section's name where that has an id that nobody has. */
static bool is_tail_called(const struct elfmap_program *program)
{
	uint32_t id, key;

	return program->tail_call_map ||
	       iproute2_parse_tail_call(program_section(program), &id, &key);
}

static void spread_common_type(struct elfmap_object *object)
{
	struct section_program common = common_program(object);

	for (size_t i = 0; i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i];

		if (program->type || program->subprogram || !is_tail_called(program))
			continue;
		program->type = common.type;
		program->attach_type = common.attach_type;
	}
}

int resolve_programs(struct elfmap_object *object)
{
	struct id_index ids = { 0 };
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i];
		struct elfmap_program_hint hint;

		if (program->subprogram)
			continue;
		err = ask(object, i, &hint);
		if (err)
			break;
		program->type = hint.type;
		program->attach_type = hint.expected_attach_type;
		program->autoload = hint.autoload;
		err = store(program, &ids, &hint);
	}
	id_index_release(&ids);
	if (!err)
		spread_common_type(object);
	return err;
}
