// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/generate_parts.h"
#include "test/random.h"
#include "test/tests.h"

/* A map type as the kernel takes it. */
struct kind {
	uint32_t type;
	uint32_t key_low, key_high;
	uint32_t value_low, value_high, value_step;
	uint32_t must, may; /* map_flags */
	bool nests;	    /* may be an inner map, and have types of key and value */
};

static const struct kind kinds[] = {
	{ BPF_MAP_TYPE_HASH, 1, 40, 1, 200, 1, 0,
	  BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE | BPF_F_RDONLY_PROG, true },
	{ BPF_MAP_TYPE_ARRAY, 4, 4, 1, 200, 1, 0,
	  BPF_F_NUMA_NODE | BPF_F_RDONLY_PROG | BPF_F_MMAPABLE, true },
	{ BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 4, 4, 1, 0, 0, false },
	{ BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 4, 4, 1, 0, 0, false },
	{ BPF_MAP_TYPE_PERCPU_HASH, 1, 40, 1, 200, 1, 0, BPF_F_NO_PREALLOC, true },
	{ BPF_MAP_TYPE_PERCPU_ARRAY, 4, 4, 1, 200, 1, 0, 0, true },
	{ BPF_MAP_TYPE_STACK_TRACE, 4, 4, 8, 1016, 8, 0, 0, false },
	{ BPF_MAP_TYPE_CGROUP_ARRAY, 4, 4, 4, 4, 1, 0, 0, false },
	{ BPF_MAP_TYPE_LRU_HASH, 1, 40, 1, 200, 1, 0, BPF_F_NUMA_NODE, true },
	{ BPF_MAP_TYPE_LRU_PERCPU_HASH, 1, 40, 1, 200, 1, 0, 0, true },
	{ BPF_MAP_TYPE_LPM_TRIE, 5, 20, 1, 100, 1, BPF_F_NO_PREALLOC, BPF_F_NUMA_NODE, true },
	{ BPF_MAP_TYPE_DEVMAP, 4, 4, 4, 4, 1, 0, 0, false },
	{ BPF_MAP_TYPE_QUEUE, 0, 0, 1, 64, 1, 0, BPF_F_NUMA_NODE, false },
};

/* A long way out for libbpf, which is told of 65536 slots at most. */
#define FAR_SLOT 70000u

const uint32_t generated_pins[3] = { 3, 77, 1234567 };

static bool has(const struct generated *generated, uint32_t word)
{
	return made_layout_has(generated->layout) & word;
}

/* --- names and ids ------------------------------------------------------------------------- */

static bool is_taken(const struct generated *generated, const char *name)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (!strcmp(generated->maps[i].name, name))
			return true;
	}
	for (size_t i = 0; i < generated->nr_programs; i++) {
		if (!strcmp(generated->programs[i].name, name))
			return true;
	}
	return false;
}

void generate_name(const struct generated *generated, uint64_t *state, char *name, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "_0123456789";
	size_t length;

	/* one that begins with another's name is told from it by its end alone */
	if (generated->nr_maps && random_one_in(state, 4))
		snprintf(name, size, "%.40s",
			 generated->maps[random_below(state, generated->nr_maps)].name);
	else
		*name = '\0';
	length = strlen(name);
	do {
		size_t more = random_one_in(state, 6) ? 20 : 1 + random_below(state, 6);

		if (length + more >= size)
			length = 0;
		for (; more; more--, length++)
			name[length] = letters[random_below(state, length ? 63 : 52)];
		name[length] = '\0';
	} while (is_taken(generated, name));
}

static bool is_used(const struct generated *generated, uint32_t id)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (generated->maps[i].def.id == id || generated->maps[i].def.inner_id == id)
			return true;
	}
	return false;
}

uint32_t generate_id(const struct generated *generated, uint64_t *state)
{
	/* where ids and flags are told apart by their value: none that could be flags */
	bool large = generated->layout->evidence == EVIDENCE_CALL || !has(generated, ELFMAP_DEF_ID);
	uint32_t id;

	do {
		if (!large && random_one_in(state, 2))
			id = random_between(state, 1, 300);
		else
			id = random_between(state, 0x100000, 0x7fffffff);
	} while (is_used(generated, id));
	return id;
}

/* --- definitions --------------------------------------------------------------------------- */

static const struct kind *choose_kind(const struct generated *generated, uint64_t *state,
				      bool nests)
{
	const struct kind *kind;

	do {
		kind = &random_choice(state, kinds);
	} while ((nests && !kind->nests) || (kind->must && !has(generated, ELFMAP_DEF_MAP_FLAGS)));
	return kind;
}

static uint32_t choose_flags(const struct generated *generated, const struct kind *kind,
			     uint64_t *state)
{
	uint32_t flags = kind->must;

	if (!has(generated, ELFMAP_DEF_MAP_FLAGS))
		return 0;
	for (uint32_t bit = 1; bit; bit <<= 1) {
		if (kind->may & bit && random_one_in(state, 4))
			flags |= bit;
	}
	/* what would speak for the other layout of that size */
	if (generated->layout->evidence == EVIDENCE_PIN_OR_CALL)
		flags &= ~(uint32_t)BPF_F_NUMA_NODE;
	return flags;
}

static void define(const struct generated *generated, const struct kind *kind, uint64_t *state,
		   struct elfmap_map_def *def)
{
	uint32_t steps = (kind->value_high - kind->value_low) / kind->value_step;

	def->type = kind->type;
	def->key_size = random_between(state, kind->key_low, kind->key_high);
	def->value_size = kind->value_low + random_between(state, 0, steps) * kind->value_step;
	def->max_entries = random_between(state, 1, 16);
	if (kind->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && random_one_in(state, 2))
		def->max_entries = 0; /* one for each CPU */
	def->map_flags = choose_flags(generated, kind, state);
	if (def->map_flags & BPF_F_NUMA_NODE && has(generated, ELFMAP_DEF_NUMA_NODE) &&
	    !generated->options.loadable)
		def->numa_node = random_between(state, 0, 7);
}

/* Numbers that no kernel takes for a map, and that are to be handed on all the same. */
static void make_wild(const struct generated *generated, uint64_t *state,
		      struct elfmap_map_def *def)
{
	static const uint32_t numbers[] = { 0,		1,	    3,		255,
					    65536,	0x3fffffff, 0x40000000, 0x7fffffff,
					    0x80000000, 0xffffffff };

	if (random_one_in(state, 2))
		def->type = random_between(state, 100, 1000);
	def->key_size = random_choice(state, numbers);
	def->value_size = random_choice(state, numbers);
	def->max_entries = random_choice(state, numbers);
	if (has(generated, ELFMAP_DEF_MAP_FLAGS))
		def->map_flags = random_choice(state, numbers) & ~(uint32_t)BPF_F_NUMA_NODE;
	def->numa_node = 0;
}

static void make_plain(const struct generated *generated, uint64_t *state,
		       struct generated_map *map)
{
	define(generated, choose_kind(generated, state, false), state, &map->def);
	if (!generated->options.loadable && map->def.type != BPF_MAP_TYPE_PROG_ARRAY &&
	    random_one_in(state, 6))
		make_wild(generated, state, &map->def);
}

static void make_outer(const struct generated *generated, uint64_t *state, uint32_t entries,
		       struct generated_map *map)
{
	bool unset = !generated->options.loadable && random_one_in(state, 4);

	map->def.type = random_one_in(state, 2) ? BPF_MAP_TYPE_ARRAY_OF_MAPS :
						  BPF_MAP_TYPE_HASH_OF_MAPS;
	map->def.key_size = 4;
	map->def.value_size = unset ? 0 : 4; /* samples leave out what is always the same */
	map->def.max_entries = entries;
}

/* --- nesting ------------------------------------------------------------------------------- */

static bool can_nest(const struct generated *generated)
{
	if (generated->layout->own_sections)
		return false; /* a position in a section says nothing there */
	return has(generated, ELFMAP_DEF_INNER_ID) || has(generated, ELFMAP_DEF_INNER_MAP_IDX) ||
	       made_layout_has_kind(generated->layout, MADE_INNER);
}

/* Keys of a group's inner maps, all different and below the number of entries. */
static void spread_keys(const struct generated *generated, uint64_t *state,
			struct generated_map *inners, size_t count, uint32_t entries)
{
	uint32_t *keys = calloc(entries, sizeof(*keys));
	bool is_far = !generated->options.loadable && random_one_in(state, 8);

	ck_assert_ptr_nonnull(keys);
	for (uint32_t i = 0; i < entries; i++)
		keys[i] = i;
	random_shuffle(state, keys, entries, sizeof(*keys));
	for (size_t i = 0; i < count; i++)
		inners[i].def.inner_idx =
			random_one_in(state, 4) ? UINT32_MAX : keys[i] + (is_far ? FAR_SLOT : 0);
	free(keys);
}

/* A few outer maps with what is in them, from the first of the maps on; returns how many. */
static size_t make_group(const struct generated *generated, uint64_t *state, size_t group,
			 struct generated_map *maps, size_t left)
{
	size_t outers = left > 2 && random_one_in(state, 4) ? 2 : 1;
	size_t most = left - outers > 40 ? 40 : left - outers;
	bool many = has(generated, ELFMAP_DEF_INNER_IDX);
	size_t inners = many ? 1 + random_below(state, most < 4 ? most : most / 2) : 1;
	uint32_t entries = (uint32_t)inners + random_between(state, 0, 8);
	struct generated_map *inner = maps + outers;
	uint32_t id = has(generated, ELFMAP_DEF_ID) ? generate_id(generated, state) : 0;

	/* stored at 0 where nothing says where: two would be in each other's way */
	for (size_t i = 0; i < outers; i++)
		make_outer(generated, state, entries, &maps[i]);
	define(generated, choose_kind(generated, state, true), state, &inner->def);
	for (size_t i = 1; i < inners; i++)
		inner[i].def = inner->def;
	if (many)
		spread_keys(generated, state, inner, inners, entries);
	for (size_t i = 0; i < outers + inners; i++) {
		maps[i].group = group;
		if (i < outers && has(generated, ELFMAP_DEF_INNER_ID))
			maps[i].def.inner_id = id;
		else if (i >= outers && has(generated, ELFMAP_DEF_INNER_ID))
			maps[i].def.id = id;
		if (i < outers && maps[i].def.type == BPF_MAP_TYPE_ARRAY_OF_MAPS && many &&
		    !generated->options.loadable)
			maps[i].def.max_entries += FAR_SLOT;
	}
	return outers + inners;
}

static size_t make_groups(const struct generated *generated, uint64_t *state)
{
	size_t groups = random_below(state, 3), made = 0;

	for (size_t group = 1; can_nest(generated) && group <= groups; group++) {
		size_t left = generated->nr_maps - made;

		if (left >= 2)
			made += make_group(generated, state, group, generated->maps + made, left);
	}
	return made;
}

/* --- what else they are -------------------------------------------------------------------- */

/* Inner maps of one outer share an id; others have one of their own or none. */
static void give_ids(const struct generated *generated, uint64_t *state)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		struct elfmap_map_def *def = &generated->maps[i].def;

		if (has(generated, ELFMAP_DEF_ID) && !def->id && random_below(state, 3))
			def->id = generate_id(generated, state);
	}
}

static void give_pins(const struct generated *generated, uint64_t *state)
{
	for (size_t i = 0; generated->options.pins && i < generated->nr_maps; i++) {
		struct generated_map *map = &generated->maps[i];
		static const uint32_t pins[] = { 0, 0, 1, 2, 2, UINT32_MAX };
		uint32_t pinning = random_choice(state, pins);

		/* the others of these loaders only a user knows */
		if (made_layout_has_kind(generated->layout, MADE_NAMESPACE))
			map->def.pinning = pinning == 2 ? 2 : 0;
		else if (has(generated, ELFMAP_DEF_PINNING))
			map->def.pinning = pinning == UINT32_MAX ?
						   random_choice(state, generated_pins) :
						   pinning;
		if (made_layout_has_kind(generated->layout, MADE_NAMESPACE) && pinning == 2)
			snprintf(map->namespace, sizeof(map->namespace), "namespace%zu", i % 3);
		if (made_layout_has_kind(generated->layout, MADE_PIN_PATH) && pinning)
			snprintf(map->pin_path, sizeof(map->pin_path), "/sys/fs/bpf/path%zu", i);
	}
}

static void give_types(const struct generated *generated, uint64_t *state,
		       struct generated_map *map)
{
	const struct elfmap_map_def *def = &map->def;
	bool nests = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		nests |= kinds[i].type == def->type && kinds[i].nests;
	map->is_annotated = generated->has_btf && nests && random_one_in(state, 3) &&
			    def->key_size - 1 < 512 && def->value_size - 1 < 512;
	map->is_typed = map->is_annotated && random_below(state, 4);
}

static void give_symbols(const struct generated *generated, uint64_t *state)
{
	bool untyped = random_one_in(state, 3), some_static = random_one_in(state, 3);

	for (size_t i = 0; i < generated->nr_maps; i++) {
		struct generated_map *map = &generated->maps[i];
		char name[sizeof(map->name)];

		map->is_static = some_static && random_one_in(state, 2);
		map->bind = map->is_static	     ? STB_LOCAL :
			    random_one_in(state, 12) ? STB_WEAK :
						       STB_GLOBAL;
		map->type = untyped || random_one_in(state, 12) ? STT_NOTYPE : STT_OBJECT;
		map->is_sized = map->type == STT_OBJECT && random_below(state, 8);
		map->visibility = !map->is_static && random_one_in(state, 12) ? STV_HIDDEN :
										STV_DEFAULT;
		generate_name(generated, state, name, sizeof(name));
		memcpy(map->name, name, sizeof(name));
		give_types(generated, state, map);
	}
}

/* Without it nobody could tell the layout from another of that size. */
static void give_evidence(const struct generated *generated)
{
	struct elfmap_map_def *def = &generated->maps[0].def;

	/* NULL pointers are zeros, which other layouts have words for */
	if (made_layout_has_kind(generated->layout, MADE_PIN_PATH) && generated->options.pins)
		snprintf(generated->maps[0].pin_path, sizeof(generated->maps[0].pin_path),
			 "/sys/fs/bpf/first");
	if (generated->layout->evidence != EVIDENCE_NODE_OR_INNER)
		return;
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (generated->maps[i].def.map_flags & BPF_F_NUMA_NODE ||
		    generated_is_outer(&generated->maps[i]))
			return;
	}
	def->type = BPF_MAP_TYPE_ARRAY;
	def->key_size = 4;
	def->value_size = 8;
	def->max_entries = 3;
	def->map_flags = BPF_F_NUMA_NODE;
}

/* What goebpf's loader sets by itself, and authors may leave to it. */
static void complete(struct elfmap_map_def *def)
{
	if (def->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || def->type == BPF_MAP_TYPE_PROG_ARRAY ||
	    def->type == BPF_MAP_TYPE_ARRAY_OF_MAPS || def->type == BPF_MAP_TYPE_HASH_OF_MAPS)
		def->value_size = 4;
	if (def->type == BPF_MAP_TYPE_LPM_TRIE)
		def->map_flags |= BPF_F_NO_PREALLOC;
	if (def->key_size == 0 &&
	    (def->type == BPF_MAP_TYPE_ARRAY || def->type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	     def->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || def->type == BPF_MAP_TYPE_PROG_ARRAY))
		def->key_size = 4;
}

static size_t choose_count(uint64_t *state)
{
	if (random_one_in(state, 50))
		return 100 + random_below(state, 50);
	return 1 + random_below(state, random_one_in(state, 4) ? 20 : 8);
}

void generate_maps(struct generated *generated, uint64_t *state)
{
	size_t made;

	generated->nr_maps = choose_count(state);
	generated->maps = calloc(generated->nr_maps, sizeof(*generated->maps));
	ck_assert_ptr_nonnull(generated->maps);
	made = make_groups(generated, state);
	for (; made < generated->nr_maps; made++) {
		/*
		 * Only the loader knows the inner map, but where there is a word for its id.
		 * Layouts with ids and without that word are older than maps of maps.
		 */
		if (!generated->options.loadable && !has(generated, ELFMAP_DEF_ID) &&
		    random_one_in(state, 10))
			make_outer(generated, state, 4, &generated->maps[made]);
		else
			make_plain(generated, state, &generated->maps[made]);
	}
	give_ids(generated, state);
	give_pins(generated, state);
	random_shuffle(state, generated->maps, generated->nr_maps, sizeof(*generated->maps));
	give_evidence(generated);
	for (size_t i = 0; i < generated->nr_maps; i++)
		if (made_layout_has_kind(generated->layout, MADE_PIN_PATH))
			complete(&generated->maps[i].def);
	give_symbols(generated, state);
}
