// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <linux/btf.h>

#include "test/damage.h"
#include "test/random.h"
#include "test/tests.h"

static void put_place(struct place *place, const char *first, const char *second)
{
	snprintf(place->names[0], sizeof(place->names[0]), "%s", first);
	snprintf(place->names[1], sizeof(place->names[1]), "%s", second);
}

static const struct generated_map *any_map(const struct generated *generated, uint64_t *state)
{
	return &generated->maps[random_below(state, generated->nr_maps)];
}

/* --- symbols ------------------------------------------------------------------------------- */

/*
 * An entry that has no name any more. Of two the second is not missed where nothing else tells the
 * size of the first: one of twice the size may be another layout.
 */
static bool drop_symbol(const struct generated *generated, uint64_t *state,
			struct test_object *object, struct place *place)
{
	const struct generated_map *map = any_map(generated, state);
	bool is_told = generated->maps[0].is_sized || generated->has_btf;

	if (generated->nr_maps == 2 && map->offset && !is_told)
		return false;
	object_symbol(object, map->name)->st_shndx = SHN_ABS;
	put_place(place, "section maps", "");
	return true;
}

static bool drop_all_symbols(const struct generated *generated, uint64_t *state,
			     struct test_object *object, struct place *place)
{
	(void)state;
	for (size_t i = 0; i < generated->nr_maps; i++)
		object_symbol(object, generated->maps[i].name)->st_shndx = SHN_ABS;
	put_place(place, "section maps", "symbol");
	return true;
}

static bool move_beyond(const struct generated *generated, uint64_t *state,
			struct test_object *object, struct place *place)
{
	const struct generated_map *map = any_map(generated, state);

	object_symbol(object, map->name)->st_value =
		object_section(object, "maps")->sh_size + random_below(state, 100);
	put_place(place, "section maps", "");
	return true;
}

static bool move_into(const struct generated *generated, uint64_t *state,
		      struct test_object *object, struct place *place)
{
	const struct generated_map *map = any_map(generated, state);

	object_symbol(object, map->name)->st_value +=
		random_between(state, 1, (uint32_t)made_layout_size(generated->layout) - 1);
	/* what is refused may be the entry before, which would be too long */
	put_place(place, "section maps", "");
	return true;
}

/* One more than there are entries, with its own place behind them. */
static bool add_beyond(const struct generated *generated, uint64_t *state,
		       struct test_object *object, struct place *place)
{
	size_t section = object_section_index(object, "maps");
	Elf64_Sym symbol = {
		.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE),
		.st_shndx = (Elf64_Section)section,
		.st_value = object_section(object, "maps")->sh_size + random_below(state, 100),
	};

	(void)generated;
	object_add_symbol(object, "beyond", symbol);
	put_place(place, "section maps", "");
	return true;
}

static bool move_upon(const struct generated *generated, uint64_t *state,
		      struct test_object *object, struct place *place)
{
	const struct generated_map *a = any_map(generated, state), *b = any_map(generated, state);

	if (a == b)
		return false;
	object_symbol(object, a->name)->st_value = b->offset;
	put_place(place, "section maps", a->offset < b->offset ? "" : a->name);
	return true;
}

static bool add_alias(const struct generated *generated, uint64_t *state,
		      struct test_object *object, struct place *place)
{
	Elf64_Sym symbol = *object_symbol(object, any_map(generated, state)->name);

	symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, ELF64_ST_TYPE(symbol.st_info));
	object_add_symbol(object, "alias", symbol);
	put_place(place, "section maps", "");
	return true;
}

static bool give_name_twice(const struct generated *generated, uint64_t *state,
			    struct test_object *object, struct place *place)
{
	const struct generated_map *a = any_map(generated, state), *b = any_map(generated, state);

	/* of static maps the later one is renamed */
	if (a == b || a->is_static || b->is_static)
		return false;
	object_symbol(object, a->name)->st_name = object_symbol(object, b->name)->st_name;
	/* where BTF has to say what the layout is, it does not know the map any more */
	put_place(place, "section maps", generated->has_btf ? "" : b->name);
	return true;
}

static bool give_size(const struct generated *generated, uint64_t *state,
		      struct test_object *object, struct place *place)
{
	const struct generated_map *map = any_map(generated, state);

	object_symbol(object, map->name)->st_size =
		made_layout_size(generated->layout) + random_between(state, 1, 8);
	put_place(place, "section maps", map->name);
	return true;
}

/* --- relocations --------------------------------------------------------------------------- */

/* A static map's reference that leads between two entries, or behind the last. */
static bool move_reference(const struct generated *generated, uint64_t *state,
			   struct test_object *object, struct place *place)
{
	uint32_t size = (uint32_t)made_layout_size(generated->layout), *imm;

	for (size_t i = 0; i < generated->nr_programs; i++) {
		const struct generated_program *program = &generated->programs[i];
		const char *section = generated->sections[program->section].name;

		for (size_t j = 0; j < program->nr_references; j++) {
			size_t at = program->offset +
				    program->references[j].insn * sizeof(struct bpf_insn);

			if (!generated->maps[program->references[j].map].is_static)
				continue;
			imm = (void *)(object_section_bytes(object, section) + at +
				       offsetof(struct bpf_insn, imm));
			*imm += random_one_in(state, 2) ? size * (uint32_t)generated->nr_maps :
							  random_between(state, 1, size - 1);
			put_place(place, section, "section maps");
			return true;
		}
	}
	return false;
}

/* --- what refers to what ------------------------------------------------------------------- */

static bool exceed_key(struct generated *generated, uint64_t *state, struct place *place)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		const struct generated_map *map = &generated->maps[i];

		for (size_t j = 0; map->nr_slots && j < generated->nr_sections; j++) {
			struct generated_section *section = &generated->sections[j];

			if (!section->is_entered || section->id != map->def.id)
				continue;
			snprintf(section->name, sizeof(section->name), "%u/%u", section->id,
				 map->def.max_entries + random_between(state, 0, 3));
			put_place(place, section->name, map->name);
			return true;
		}
	}
	return false;
}

static struct generated_map *find_outer(struct generated *generated, uint32_t word)
{
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (generated_is_outer(&generated->maps[i]) && generated->maps[i].def.has & word)
			return &generated->maps[i];
	}
	return NULL;
}

static bool forget_inner_id(struct generated *generated, uint64_t *state, struct place *place)
{
	struct generated_map *outer = find_outer(generated, ELFMAP_DEF_INNER_ID);

	if (!outer)
		return false;
	outer->def.inner_id = random_one_in(state, 4) ? 0 : 0x7ffffff0;
	/* inner maps of one id are refused first, as nobody names it any more */
	put_place(place, "section maps", "id");
	return true;
}

static bool exceed_position(struct generated *generated, uint64_t *state, struct place *place)
{
	struct generated_map *outer = find_outer(generated, ELFMAP_DEF_INNER_MAP_IDX);

	if (!outer)
		return false;
	outer->def.inner_map_idx = (uint32_t)generated->nr_maps + random_between(state, 0, 3);
	put_place(place, outer->name, "inner_map_idx");
	return true;
}

/* An inner map whose key its outer array does not have. */
static bool exceed_inner_key(struct generated *generated, uint64_t *state, struct place *place)
{
	struct generated_map *outer = find_outer(generated, ELFMAP_DEF_INNER_IDX);

	if (!outer || outer->def.type != BPF_MAP_TYPE_ARRAY_OF_MAPS)
		return false;
	for (size_t i = 0; i < generated->nr_maps; i++) {
		struct generated_map *map = &generated->maps[i];

		if (map->def.id != outer->def.inner_id)
			continue;
		map->def.inner_idx = outer->def.max_entries + random_between(state, 0, 3);
		put_place(place, "inner_idx", map->name);
		return true;
	}
	return false;
}

/* A plain map's id that another has: an outer map may name shared ones, and it alone. */
static bool share_id(struct generated *generated, uint64_t *state, struct place *place)
{
	struct generated_map *first = NULL;

	(void)state;
	/* that a tail call names the id may be all that makes it one */
	if (generated->layout->evidence == EVIDENCE_CALL && !generated->has_btf)
		return false;
	for (size_t i = 0; i < generated->nr_maps; i++) {
		struct generated_map *map = &generated->maps[i];

		if (!map->def.id || (map->group && !generated_is_outer(map)))
			continue;
		if (first) {
			map->def.id = first->def.id;
			put_place(place, first->name, map->name);
			return true;
		}
		first = map;
	}
	return false;
}

/* --- BTF ----------------------------------------------------------------------------------- */

/* The struct is a word longer or shorter than the definition is. */
static bool resize_struct(const struct generated *generated, uint64_t *state,
			  struct test_object *object, struct place *place)
{
	uint32_t size = (uint32_t)made_layout_size(generated->layout);
	struct btf_header header;
	uint8_t *at, *end;

	if (!generated->has_btf)
		return false;
	at = object_section_bytes(object, ".BTF");
	memcpy(&header, at, sizeof(header));
	at += header.hdr_len + header.type_off;
	end = at + header.type_len;
	/* the only struct with that many members and bytes */
	for (; at + sizeof(struct btf_type) <= end; at += sizeof(uint32_t)) {
		struct btf_type type;

		/* the section may stand at any offset */
		memcpy(&type, at, sizeof(type));
		if (type.info >> 24 != BTF_KIND_STRUCT || type.size != size ||
		    (type.info & 0xffff) * sizeof(uint32_t) != size)
			continue;
		type.size += random_one_in(state, 2) ? 4 : -4u;
		memcpy(at, &type, sizeof(type));
		put_place(place, "section maps", generated->maps[0].name);
		return true;
	}
	return false;
}

/* --- all of them --------------------------------------------------------------------------- */

const struct damage damages[] = {
	{ "a map without a symbol", .bytes = drop_symbol },
	{ "no map with a symbol", .bytes = drop_all_symbols },
	{ "a symbol beyond the section", .bytes = move_beyond },
	{ "a symbol within an entry", .bytes = move_into },
	{ "one more symbol, beyond the section", .bytes = add_beyond },
	{ "two symbols at one offset", .bytes = move_upon },
	{ "one more symbol, at an offset of another", .bytes = add_alias },
	{ "the same name twice", .bytes = give_name_twice },
	{ "a symbol of another size", .bytes = give_size },
	{ "a reference to where no map is", .bytes = move_reference },
	{ "a tail-call key out of range", .truth = exceed_key },
	{ "an unknown inner id", .truth = forget_inner_id },
	{ "an inner position out of range", .truth = exceed_position },
	{ "an inner key out of range", .truth = exceed_inner_key },
	{ "two maps of one id", .truth = share_id },
	{ "a struct of another size in BTF", .bytes = resize_struct }, /* the last: see above */
};
const size_t nr_damages = sizeof(damages) / sizeof(damages[0]);
