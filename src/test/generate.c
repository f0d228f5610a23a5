// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/generate_parts.h"
#include "test/random.h"
#include "test/tests.h"

bool generated_is_outer(const struct generated_map *map)
{
	return map->def.type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       map->def.type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

const struct generated_map *generated_find_map(const struct generated *generated, const char *name)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (!strcmp(generated->maps[i].name, name))
			return &generated->maps[i];
	}
	return NULL;
}

const char *generated_text(const struct generated *generated)
{
	static char text[256];

	snprintf(text, sizeof(text), "seed %llu: %s, %zu maps, %zu programs%s%s",
		 (unsigned long long)generated->seed, generated->layout->name, generated->nr_maps,
		 generated->nr_programs, generated->has_btf ? ", BTF" : "",
		 generated->addends ? ", SHT_RELA" : "");
	return text;
}

/* --- places, links, slots ------------------------------------------------------------------ */

static void settle_places(struct generated *generated)
{
	size_t size = made_layout_size(generated->layout);
	bool own = generated->layout->own_sections;

	for (size_t i = 0; i < generated->nr_maps; i++) {
		struct generated_map *map = &generated->maps[i];

		map->def.has = made_layout_has(generated->layout);
		map->offset = own ? 0 : i * size;
		snprintf(map->section, sizeof(map->section), "maps%s%s", own ? "/" : "",
			 own ? map->name : "");
	}
}

/* The place of the first inner map of a group. */
static size_t first_inner(const struct generated *generated, size_t group)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (generated->maps[i].group == group && !generated_is_outer(&generated->maps[i]))
			return i;
	}
	ck_abort_msg("a group of outer maps alone");
}

static size_t first_of_id(const struct generated *generated, uint32_t id)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (generated->maps[i].def.id == id)
			return i;
	}
	ck_abort_msg("no map of id %u", id);
}

static void settle_inner(struct generated *generated, struct generated_map *map)
{
	map->inner = NULL;
	if (!generated_is_outer(map))
		return;
	if (map->def.has & ELFMAP_DEF_INNER_ID) {
		map->inner = &generated->maps[first_of_id(generated, map->def.inner_id)];
	} else if (map->def.has & ELFMAP_DEF_INNER_MAP_IDX && !generated->layout->own_sections) {
		if (map->group)
			map->def.inner_map_idx = (uint32_t)first_inner(generated, map->group);
		/* a 0 that was never set is told from one that was by what is there */
		if (map->group || !generated_is_outer(&generated->maps[0]))
			map->inner = &generated->maps[map->def.inner_map_idx];
	} else if (made_layout_has_kind(generated->layout, MADE_INNER) && map->group) {
		map->inner = &generated->maps[first_inner(generated, map->group)];
	}
}

static void add_slot(struct generated_map *map, uint32_t key, const char *target)
{
	map->slots = reallocarray(map->slots, map->nr_slots + 1, sizeof(*map->slots));
	ck_assert_ptr_nonnull(map->slots);
	map->slots[map->nr_slots++] = (struct generated_slot){ key, target };
}

static int compare_slots(const void *a, const void *b)
{
	const struct generated_slot *left = a, *right = b;

	return left->key < right->key ? -1 : left->key > right->key;
}

static void add_inner_slots(struct generated *generated, struct generated_map *outer)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		const struct generated_map *map = &generated->maps[i];

		if (map->def.id == outer->def.inner_id && !map->def.inner_id &&
		    map->def.inner_idx != UINT32_MAX)
			add_slot(outer, map->def.inner_idx, map->name);
	}
}

static void add_program_slots(struct generated *generated, struct generated_map *map)
{
	for (size_t i = 0; i < generated->nr_programs; i++) {
		const struct generated_program *program = &generated->programs[i];
		const struct generated_section *section = &generated->sections[program->section];

		if (section->is_entered && section->id == map->def.id && program->offset == 0)
			add_slot(map, section->key, program->name);
	}
}

static void settle_slots(struct generated *generated, struct generated_map *map)
{
	map->nr_slots = 0;
	if (generated_is_outer(map) && map->def.has & ELFMAP_DEF_INNER_ID)
		add_inner_slots(generated, map);
	else if (map->def.type == BPF_MAP_TYPE_PROG_ARRAY && map->def.has & ELFMAP_DEF_ID)
		add_program_slots(generated, map);
	if (map->nr_slots)
		qsort(map->slots, map->nr_slots, sizeof(*map->slots), compare_slots);
}

static void settle(struct generated *generated)
{
	settle_places(generated);
	for (size_t i = 0; i < generated->nr_maps; i++) {
		settle_inner(generated, &generated->maps[i]);
		settle_slots(generated, &generated->maps[i]);
	}
}

/* --- the whole ----------------------------------------------------------------------------- */

/* Custom pins alone do not tell a pinning from a node: one global one does. */
static void add_telling_pin(struct generated *generated)
{
	struct generated_map *custom = NULL;

	for (size_t i = 0; i < generated->nr_maps; i++) {
		struct generated_map *map = &generated->maps[i];

		if (map->def.pinning == 1 || map->def.pinning == 2)
			return;
		if (map->def.pinning)
			custom = map;
	}
	if (custom)
		custom->def.pinning = 2;
}

static void choose_layout(struct generated *generated, uint64_t *state)
{
	generated->layout = &made_layouts[random_below(state, nr_made_layouts)];
	generated->has_btf = random_one_in(state, 2);
}

struct generated *generate(uint64_t seed, const struct generate_options *options)
{
	struct generated *generated = calloc(1, sizeof(*generated));
	uint64_t state = seed;

	ck_assert_ptr_nonnull(generated);
	generated->seed = seed;
	generated->options = *options;
	choose_layout(generated, &state);
	generated->has_license = random_below(&state, 4);
	generated->addends = options->addends && random_one_in(&state, 4);
	generated->shape = random_next(&state);
	generate_maps(generated, &state);
	generate_programs(generated, &state);
	if (generated->layout->evidence == EVIDENCE_PIN_OR_CALL)
		add_telling_pin(generated);
	settle(generated);
	return generated;
}

void generated_free(struct generated *generated)
{
	for (size_t i = 0; i < generated->nr_maps; i++)
		free(generated->maps[i].slots);
	free(generated->maps);
	free(generated->programs);
	free(generated->sections);
	free(generated);
}
