// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of outcome.h that compares with the kernel. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/original.h"
#include "test/outcome.h"
#include "test/tests.h"

/* --- programs ----------------------------------------------------------------------------- */

static bool is_chosen(const struct expectation *expectation, const struct outcome_program *program)
{
	return expectation->asked && expectation->asked == program;
}

/* A slot is filled unless its program was the one that tc was asked for. */
static bool is_filled(const struct expectation *expectation, const struct outcome_slot *slot)
{
	return !is_chosen(expectation, outcome_program(expectation->file->object, slot->target));
}

static bool is_loaded(const struct expectation *expectation, const struct outcome_program *program)
{
	if (!expectation->asked || is_chosen(expectation, program))
		return true;
	for (const struct outcome_slot *slot = expectation->file->object->slots; slot->map;
	     slot++) {
		if (!strcmp(slot->target, program->name))
			return true;
	}
	return false;
}

static size_t nr_names(const char *list)
{
	size_t count = 0;

	for (const char *at = list; *at; at += strspn(at, " ")) {
		count++;
		at += strcspn(at, " ");
	}
	return count;
}

static void assert_program(const struct expectation *expectation, const struct program_info *info,
			   const struct outcome_program *program)
{
	const char *path = expectation->file->path;
	__u32 type = expectation->type ? expectation->type : program->type;
	__u8 tag[BPF_TAG_SIZE];

	original_tag(path, program->name, tag);
	ck_assert_msg(!memcmp(info->tag, tag, sizeof(tag)), "%s: %s has other instructions", path,
		      program->name);
	ck_assert_msg(info->type == type, "%s: %s has type %u, not %u", path, program->name,
		      info->type, type);
	for (size_t i = 0; i < info->nr_maps; i++) {
		struct bpf_map_info map = map_info_of_id(info->maps[i]);

		ck_assert_msg(list_has(program->maps, map.name), "%s: %s uses %s", path,
			      program->name, map.name);
	}
	ck_assert_msg(info->nr_maps == nr_names(program->maps), "%s: %s uses %zu maps, not: %s",
		      path, program->name, info->nr_maps, program->maps);
}

static void assert_programs(const struct state *state, const struct expectation *expectation)
{
	size_t expected = 0;

	for (const struct outcome_program *program = expectation->file->object->programs;
	     program->name; program++) {
		if (!is_loaded(expectation, program))
			continue;
		expected++;
		assert_program(expectation,
			       &state->programs[state_program_index(state, program->name)],
			       program);
	}
	ck_assert_msg(state->nr_programs == expected, "%s: %zu programs, not %zu",
		      expectation->file->path, state->nr_programs, expected);
}

/* --- maps --------------------------------------------------------------------------------- */

static bool is_in_visible_slot(const struct expectation *expectation,
			       const struct outcome_map *map);

static bool is_pinned(const struct expectation *expectation, const struct outcome_map *map)
{
	char *path CLEANUP(cleanup_free) = pin_path(expectation->file, map, expectation->loader);

	return path;
}

/* Whether it outlives the loader, where not all are held. */
static bool is_visible(const struct expectation *expectation, const struct outcome_map *map)
{
	if (!expectation->only_held || is_pinned(expectation, map))
		return true;
	for (const struct outcome_program *program = expectation->file->object->programs;
	     program->name; program++) {
		if (is_loaded(expectation, program) && list_has(program->maps, map->name))
			return true;
	}
	return is_in_visible_slot(expectation, map);
}

static bool is_in_visible_slot(const struct expectation *expectation, const struct outcome_map *map)
{
	const struct outcome_object *object = expectation->file->object;

	for (const struct outcome_slot *slot = object->slots; slot->map; slot++) {
		if (!strcmp(slot->target, map->name) &&
		    is_visible(expectation, outcome_map(object, slot->map)))
			return true;
	}
	return false;
}

static void assert_map(const struct object_file *file, const struct bpf_map_info *info,
		       const struct outcome_map *map)
{
	bool typed = map->typed && file->btf;

#define ASSERT_ATTRIBUTE(attribute, expected)                                                \
	ck_assert_msg(info->attribute == (expected), "%s: %s has " #attribute " %u, not %u", \
		      file->path, map->name, info->attribute, expected)
	ASSERT_ATTRIBUTE(type, map->type);
	ASSERT_ATTRIBUTE(key_size, map->key_size);
	ASSERT_ATTRIBUTE(value_size, map->value_size);
	ASSERT_ATTRIBUTE(max_entries, map->max_entries);
	ASSERT_ATTRIBUTE(map_flags, map->map_flags);
#undef ASSERT_ATTRIBUTE
	ck_assert_msg(!!info->btf_key_type_id == typed && !!info->btf_value_type_id == typed,
		      "%s: %s has key type %u and value type %u", file->path, map->name,
		      info->btf_key_type_id, info->btf_value_type_id);
}

/* libbpf's own, for global data: no name of C has a dot. */
static bool is_internal(const struct bpf_map_info *info)
{
	return strchr(info->name, '.');
}

static void assert_maps(const struct state *state, const struct expectation *expectation)
{
	const struct object_file *file = expectation->file;
	size_t expected = 0;

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++) {
		if (!is_visible(expectation, map))
			continue;
		expected++;
		assert_map(file, &state->maps[state_map_index(state, map->name)], map);
	}
	for (size_t i = 0; i < state->nr_maps; i++)
		expected += is_internal(&state->maps[i]);
	ck_assert_msg(state->nr_maps == expected, "%s: %zu maps, not %zu", file->path,
		      state->nr_maps, expected);
}

/* --- slots -------------------------------------------------------------------------------- */

static void assert_slot(const struct state *state, const struct expectation *expectation,
			const struct outcome_slot *slot)
{
	int fd CLEANUP(cleanup_fd) = open_map(state_map(state, slot->map));
	__u32 id = slot_id(fd, slot->key), expected = 0;

	if (outcome_map(expectation->file->object, slot->target))
		expected = state_map(state, slot->target);
	else if (is_filled(expectation, slot))
		expected = state_program(state, slot->target);
	ck_assert_msg(id == expected, "%s: slot %u of %s holds %u, not %s, which is %u",
		      expectation->file->path, slot->key, slot->map, id, slot->target, expected);
}

static void assert_slots(const struct state *state, const struct expectation *expectation)
{
	const struct outcome_object *object = expectation->file->object;
	size_t expected = 0, found = 0;

	for (const struct outcome_slot *slot = object->slots; slot->map; slot++) {
		if (!is_visible(expectation, outcome_map(object, slot->map)))
			continue;
		assert_slot(state, expectation, slot);
		expected += is_filled(expectation, slot);
	}
	for (size_t i = 0; i < state->nr_maps; i++)
		found += nr_filled_slots(state->maps[i].id);
	ck_assert_msg(found == expected, "%s: %zu slots are filled, not %zu",
		      expectation->file->path, found, expected);
}

/* --- the whole ---------------------------------------------------------------------------- */

void assert_state(const struct state *state, const struct expectation *expectation)
{
	assert_programs(state, expectation);
	assert_maps(state, expectation);
	assert_slots(state, expectation);
}

void assert_tc_state(const struct state *state, const struct object_file *file,
		     const struct outcome_program *asked)
{
	const struct expectation expectation = {
		.file = file,
		.asked = asked,
		.type = BPF_PROG_TYPE_SCHED_CLS,
		.only_held = true,
		.loader = LOADER_TC,
	};

	assert_state(state, &expectation);
}

void assert_whole_state(const struct state *state, const struct object_file *file)
{
	assert_state(state, &(struct expectation){ .file = file });
}
