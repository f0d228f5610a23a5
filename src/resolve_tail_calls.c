/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * iproute2's tail calls: the program in section ID/KEY goes into slot KEY of the prog array with
 * that id. A section whose id no prog array has is skipped, as there.
 */
#include <errno.h>

#include "ids.h"
#include "iproute2.h"
#include "log.h"
#include "resolve.h"
#include "slots.h"

/* The prog array of that id; its section order decides where several have id 0. */
static struct elfmap_map *find_prog_array(const struct id_index *ids, uint32_t id)
{
	for (size_t i = id_index_first(ids, id); i < ids->count && ids->maps[i]->def.id == id; i++)
		if (ids->maps[i]->def.type == BPF_MAP_TYPE_PROG_ARRAY)
			return ids->maps[i];
	return NULL;
}

static int check_slot(const struct elfmap_program *program, const struct elfmap_map *map,
		      uint32_t key)
{
	const char *object = program->object->view.name, *section = program_section(program);

	if (map->def.key_size != sizeof(uint32_t)) {
		log_error("%s: section %s: program \"%s\": prog array \"%s\" has keys of %u bytes: "
			  "expected 4",
			  object, section, program->name, map->name, map->def.key_size);
		return -EINVAL;
	}
	if (key >= map->def.max_entries) {
		log_error("%s: section %s: program \"%s\": tail-call key %u: prog array \"%s\" has "
			  "%u entries",
			  object, section, program->name, key, map->name, map->def.max_entries);
		return -EINVAL;
	}
	return 0;
}

static int resolve_tail_call(struct elfmap_object *object, struct elfmap_program *program,
			     const struct id_index *ids)
{
	const char *section = program_section(program);
	struct elfmap_map *map;
	uint32_t id, key;

	if (!iproute2_parse_tail_call(section, &id, &key))
		return 0;
	map = find_prog_array(ids, id);
	if (!map) {
		log_info("%s: section %s: no prog array has id %u: \"%s\" is stored nowhere",
			 object->view.name, section, id, program->name);
		return 0;
	}
	if (check_slot(program, map, key))
		return -EINVAL;
	program->tail_call_map = map;
	program->tail_call_key = key;
	return slot_add(object, map, (struct map_slot){ .key = key, .program = program });
}

int resolve_tail_calls(struct elfmap_object *object)
{
	struct id_index ids;
	int err = id_index_build(object, &ids);

	if (err)
		return err;
	for (size_t i = 0; !err && i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i];

		/* a section is entered at its first function; in an object that was translated
		 * before, its slot is known */
		if (!program->subprogram && !program->tail_call_map &&
		    (i == 0 || program[-1].section != program->section))
			err = resolve_tail_call(object, program, &ids);
	}
	id_index_release(&ids);
	return err;
}
