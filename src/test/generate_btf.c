// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "test/generate_parts.h"
#include "test/random.h"
#include "test/tests.h"

/* What LLVM gives a place in BTF that a linker fills in; 10 before LLVM 13. */
#define R_BPF_64_NODYLD32 4

/* The types that others are made of. */
struct types {
	struct btf *btf;
	int word, index, character;
	int definition; /* the layout's struct, or a typedef of it */
	bool is_filled; /* places in DATASECs are known, as after a linker */
};

static int expect_id(int id)
{
	ck_assert_int_gt(id, 0);
	return id;
}

static int add_array(const struct types *types, uint32_t length)
{
	return expect_id(btf__add_array(types->btf, types->index, types->character, length));
}

/* --- the layout ---------------------------------------------------------------------------- */

static int member_type(struct types *types, const struct made_member *member)
{
	switch (member->kind) {
	case MADE_NAMESPACE:
		return add_array(types, MADE_NAMESPACE_SIZE);
	case MADE_INNER:
		return expect_id(btf__add_ptr(types->btf, 0));
	case MADE_PIN_PATH:
		return expect_id(btf__add_ptr(
			types->btf, expect_id(btf__add_const(types->btf, types->character))));
	default:
		return types->word;
	}
}

static void add_definition(struct types *types, const struct made_layout *layout, uint64_t *state)
{
	int ids[16], id;
	size_t count = 0;
	uint32_t offset = 0;

	/* a struct's members follow it at once */
	for (const struct made_member *member = layout->members; member->name; member++)
		ids[count++] = member_type(types, member);
	id = expect_id(
		btf__add_struct(types->btf, layout->struct_name, (__u32)made_layout_size(layout)));
	for (size_t i = 0; i < count; i++) {
		const struct made_member *member = &layout->members[i];
		const char *name = *member->name ? member->name : "padding";

		ck_assert_int_eq(btf__add_field(types->btf, name, ids[i], offset * 8, 0), 0);
		offset += (uint32_t)made_member_size(member);
	}
	if (random_one_in(state, 4))
		id = expect_id(btf__add_typedef(types->btf, "definition", id));
	if (random_one_in(state, 4))
		id = expect_id(btf__add_const(types->btf, id));
	types->definition = id;
}

/* --- variables ----------------------------------------------------------------------------- */

/* A variable in a DATASEC to come. */
struct variable {
	int id;
	uint32_t offset, size;
	size_t symbol;
};

static int compare_variables(const void *a, const void *b)
{
	const struct variable *left = a, *right = b;

	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

static void add_datasec(const struct types *types, const char *name, struct variable *variables,
			size_t count)
{
	uint32_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += variables[i].size;
	if (types->is_filled)
		qsort(variables, count, sizeof(*variables), compare_variables);
	expect_id(btf__add_datasec(types->btf, name, types->is_filled ? size : 0));
	for (size_t i = 0; i < count; i++) {
		uint32_t offset = types->is_filled ? variables[i].offset : 0;

		ck_assert_int_eq(btf__add_datasec_var_info(types->btf, variables[i].id, offset,
							   variables[i].size),
				 0);
	}
}

/* Where the DATASEC that was added last stands in the raw bytes. */
static size_t last_place(const struct types *types)
{
	const struct btf_type *first = btf__type_by_id(types->btf, 1);
	const struct btf_type *last = btf__type_by_id(types->btf, btf__type_cnt(types->btf) - 1);

	return sizeof(struct btf_header) + (size_t)((const char *)last - (const char *)first);
}

static void relocate_datasec(struct writing *writing, const struct types *types,
			     const struct variable *variables, size_t count)
{
	size_t place = last_place(types) + sizeof(struct btf_type);

	for (size_t i = 0; i < count; i++)
		elf_made_relocation(writing->elf, writing->btf_section,
				    place + i * sizeof(struct btf_var_secinfo) +
					    offsetof(struct btf_var_secinfo, offset),
				    variables[i].symbol, R_BPF_64_NODYLD32, 0);
}

static void add_map_variables(struct writing *writing, struct types *types,
			      struct variable *variables)
{
	const struct generated *generated = writing->generated;

	for (size_t i = 0; i < generated->nr_maps; i++) {
		const struct generated_map *map = &generated->maps[i];

		variables[i] = (struct variable){
			.id = expect_id(btf__add_var(types->btf, map->name,
						     map->is_static ? BTF_VAR_STATIC :
								      BTF_VAR_GLOBAL_ALLOCATED,
						     types->definition)),
			.offset = (uint32_t)map->offset,
			.size = (uint32_t)made_layout_size(generated->layout),
			.symbol = writing->map_symbols[i],
		};
	}
}

static void add_maps(struct writing *writing, struct types *types)
{
	const struct generated *generated = writing->generated;
	struct variable *variables = calloc(generated->nr_maps, sizeof(*variables));
	bool relocated = !types->is_filled && random_one_in(&writing->state, 2);
	bool own = generated->layout->own_sections;

	ck_assert_ptr_nonnull(variables);
	add_map_variables(writing, types, variables);
	if (!own)
		random_shuffle(&writing->state, variables, generated->nr_maps, sizeof(*variables));
	for (size_t i = 0; i < generated->nr_maps; i += own ? 1 : generated->nr_maps) {
		size_t count = own ? 1 : generated->nr_maps;

		add_datasec(types, generated->maps[i].section, &variables[i], count);
		if (relocated)
			relocate_datasec(writing, types, &variables[i], count);
	}
	free(variables);
}

/* --- annotations --------------------------------------------------------------------------- */

void generate_annotation_section(char name[64], const struct generated_map *map)
{
	snprintf(name, 64, ".maps.%s", map->name);
}

/* An int where arrays want one; else a struct, which is what tries want. */
static int add_data_type(struct types *types, const char *name, uint32_t size, bool is_int)
{
	int bytes, id;

	if (is_int)
		return types->word;
	bytes = add_array(types, size);
	id = expect_id(btf__add_struct(types->btf, name, size));
	ck_assert_int_eq(btf__add_field(types->btf, "bytes", bytes, 0, 0), 0);
	return id;
}

/* What BPF_ANNOTATE_KV_PAIR leaves: a struct, a variable of it, and a section of its own. */
static void annotate(struct types *types, const struct generated_map *map)
{
	uint32_t key_size = map->def.key_size;
	uint32_t value_size = map->def.value_size + (map->is_typed ? 0 : 4);
	bool is_array = key_size == 4 && (map->def.type == BPF_MAP_TYPE_ARRAY ||
					  map->def.type == BPF_MAP_TYPE_PERCPU_ARRAY);
	int key = add_data_type(types, "key", key_size, is_array);
	int value = add_data_type(types, "value", value_size, false), id;
	char name[64], section[64];
	struct variable variable;

	snprintf(name, sizeof(name), "____btf_map_%s", map->name);
	id = expect_id(btf__add_struct(types->btf, name, key_size + value_size));
	ck_assert_int_eq(btf__add_field(types->btf, "key", key, 0, 0), 0);
	ck_assert_int_eq(btf__add_field(types->btf, "value", value, key_size * 8, 0), 0);
	variable = (struct variable){
		.id = expect_id(btf__add_var(types->btf, name, BTF_VAR_GLOBAL_ALLOCATED, id)),
		.size = key_size + value_size,
	};
	generate_annotation_section(section, map);
	add_datasec(types, section, &variable, 1);
}

/* --- the rest ------------------------------------------------------------------------------ */

/* int NAME(struct __sk_buff *skb) */
static void add_functions(const struct generated *generated, struct types *types)
{
	int context = expect_id(btf__add_fwd(types->btf, "__sk_buff", BTF_FWD_STRUCT));
	int pointer = expect_id(btf__add_ptr(types->btf, context));
	int result = expect_id(btf__add_int(types->btf, "int", 4, BTF_INT_SIGNED));

	for (size_t i = 0; i < generated->nr_programs; i++) {
		const struct generated_program *program = &generated->programs[i];
		int proto = expect_id(btf__add_func_proto(types->btf, result));

		ck_assert_int_eq(btf__add_func_param(types->btf, "skb", pointer), 0);
		expect_id(btf__add_func(
			types->btf, program->name,
			program->bind == STB_LOCAL ? BTF_FUNC_STATIC : BTF_FUNC_GLOBAL, proto));
	}
}

static void add_license(struct types *types)
{
	struct variable variable = { .size = 4 };
	int type = add_array(types, 4);

	variable.id =
		expect_id(btf__add_var(types->btf, "_license", BTF_VAR_GLOBAL_ALLOCATED, type));
	add_datasec(types, "license", &variable, 1);
}

static void put(struct writing *writing, struct btf *btf)
{
	const void *bytes;
	__u32 size;

	ck_assert_int_eq(btf__set_endianness(btf, writing->big_endian ? BTF_BIG_ENDIAN :
									BTF_LITTLE_ENDIAN),
			 0);
	bytes = btf__raw_data(btf, &size);
	ck_assert_ptr_nonnull(bytes);
	elf_made_bytes(writing->elf, writing->btf_section, bytes, size);
	btf__free(btf);
}

void generate_btf(struct writing *writing)
{
	const struct generated *generated = writing->generated;
	struct types types = { .btf = btf__new_empty() };

	ck_assert_ptr_nonnull(types.btf);
	types.word = expect_id(btf__add_int(types.btf, "unsigned int", 4, 0));
	types.index = expect_id(btf__add_int(types.btf, "__ARRAY_SIZE_TYPE__", 4, 0));
	types.character = expect_id(btf__add_int(types.btf, "char", 1, BTF_INT_SIGNED));
	if (random_one_in(&writing->state, 2))
		types.word = expect_id(btf__add_typedef(types.btf, "__u32", types.word));
	types.is_filled = random_one_in(&writing->state, 2);
	if (random_one_in(&writing->state, 2))
		add_functions(generated, &types);
	add_definition(&types, generated->layout, &writing->state);
	for (size_t i = 0; i < generated->nr_maps; i++) {
		if (generated->maps[i].is_annotated)
			annotate(&types, &generated->maps[i]);
	}
	if (generated->has_license && random_one_in(&writing->state, 2))
		add_license(&types);
	add_maps(writing, &types);
	put(writing, types.btf);
}
