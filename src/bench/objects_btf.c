// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <linux/bpf.h>
#include <stddef.h>
#include <stdio.h>

#include <bpf/btf.h>

#include "bench/objects_parts.h"

#define R_BPF_64_NODYLD32 4

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int expect_id(int id)
{
	bench_need(id > 0);
	return id;
}

/* --- types ------------------------------------------------------------------------------------- */

/* What clang makes once. */
struct types {
	struct btf *btf;
	int integer, index, key, value;
	int numbers[1025]; /* pointers to arrays of so many */
};

struct member {
	const char *name;
	int type;
};

/* Of members that have one size. */
static int add_struct(struct btf *btf, const char *name, const struct member *members, size_t count,
		      size_t size)
{
	int id = expect_id(btf__add_struct(btf, name, (uint32_t)(count * size)));

	for (size_t i = 0; i < count; i++)
		bench_need(!btf__add_field(btf, members[i].name, members[i].type,
					   (uint32_t)(i * size * 8), 0));
	return id;
}

static int add_typedef(struct btf *btf, const char *name, const char *base, size_t size)
{
	return expect_id(btf__add_typedef(btf, name, expect_id(btf__add_int(btf, base, size, 0))));
}

static int add_variable(struct btf *btf, const char *name, int type)
{
	return expect_id(btf__add_var(btf, name, BTF_VAR_GLOBAL_ALLOCATED, type));
}

/* The program's function; returns its ID. */
static int add_function(struct types *types)
{
	int context = expect_id(btf__add_ptr(types->btf, 0));
	int prototype = expect_id(btf__add_func_proto(types->btf, types->integer));

	bench_need(!btf__add_func_param(types->btf, "ctx", context));
	return expect_id(btf__add_func(types->btf, "count", BTF_FUNC_GLOBAL, prototype));
}

/* --- variables --------------------------------------------------------------------------------- */

/* Those of a section. */
struct variables {
	const char *section;
	int first, step; /* IDs */
	size_t count;
	size_t size; /* of each */
	const size_t *symbols;
};

/* All maps have one struct. */
static struct variables add_legacy_maps(struct types *types, const struct making *making)
{
	int u32 = add_typedef(types->btf, "u32", "unsigned int", BENCH_KEY_SIZE);
	const struct member members[] = {
		{ "type", u32 },     { "size_key", u32 }, { "size_value", u32 },
		{ "max_elem", u32 }, { "flags", u32 },	  { "id", u32 },
		{ "pinning", u32 },  { "inner_id", u32 }, { "inner_idx", u32 },
	};
	int id = add_struct(types->btf, "bpf_elf_map", members, COUNT(members), sizeof(uint32_t));

	for (size_t i = 0; i < making->nr_maps; i++)
		add_variable(types->btf, making->names[i], id);
	return (struct variables){ .first = id + 1, .step = 1 };
}

/* __uint(name, number) */
static int number_type(struct types *types, uint32_t number)
{
	int *id = &types->numbers[number];

	if (!*id)
		*id = expect_id(btf__add_ptr(types->btf,
					     expect_id(btf__add_array(types->btf, types->index,
								      types->integer, number))));
	return *id;
}

/* Each map has an anonymous struct of its own. */
static int add_native_map(struct types *types, size_t i, const char *name)
{
	struct description map = bench_describe(i);
	const struct member members[] = {
		{ "type", number_type(types, map.type) },
		{ "key", types->key },
		{ "value", types->value },
		{ "max_entries", number_type(types, map.max_entries) },
	};
	int id = add_struct(types->btf, NULL, members, COUNT(members), sizeof(uint64_t));

	return add_variable(types->btf, name, id);
}

static struct variables add_native_maps(struct types *types, const struct making *making)
{
	struct btf *btf = types->btf;
	int first = 0;

	types->key = expect_id(
		btf__add_ptr(btf, add_typedef(btf, "u32", "unsigned int", BENCH_KEY_SIZE)));
	types->value = expect_id(
		btf__add_ptr(btf, add_typedef(btf, "u64", "unsigned long long", BENCH_VALUE_SIZE)));
	for (size_t i = 0; i < 4; i++) {
		number_type(types, bench_describe(i).type);
		number_type(types, bench_describe(i).max_entries);
	}
	for (size_t i = 0; i < making->nr_maps; i++) {
		int variable = add_native_map(types, i, making->names[i]);

		first = first ? first : variable;
	}
	/* a struct stands before each variable */
	return (struct variables){ .first = first, .step = 2 };
}

static struct variables add_maps(struct types *types, const struct making *making)
{
	struct variables maps = making->is_native ? add_native_maps(types, making) :
						    add_legacy_maps(types, making);

	maps.section = making->maps_name;
	maps.count = making->nr_maps;
	maps.size = making->map_size;
	maps.symbols = making->map_symbols;
	return maps;
}

static struct variables add_license(struct types *types, const struct making *making)
{
	int id = expect_id(btf__add_int(types->btf, "char", 1, BTF_INT_SIGNED));

	id = expect_id(btf__add_array(types->btf, types->index, id, sizeof(BENCH_LICENSE)));
	return (struct variables){
		.section = "license",
		.first = add_variable(types->btf, "_license", id),
		.count = 1,
		.size = sizeof(BENCH_LICENSE),
		.symbols = &making->license_symbol,
	};
}

/* clang leaves offsets and sizes of sections to whoever links or loads. */
static void add_section(struct btf *btf, const struct variables *variables)
{
	expect_id(btf__add_datasec(btf, variables->section, 0));
	for (size_t i = 0; i < variables->count; i++)
		bench_need(!btf__add_datasec_var_info(btf,
						      variables->first + (int)i * variables->step,
						      0, (uint32_t)variables->size));
}

/* --- the sections ------------------------------------------------------------------------------ */

static size_t begin_section(struct elf_made *elf, const char *name)
{
	size_t section = elf_made_section(elf, name, SHT_PROGBITS, 0, 4);

	elf_made_reserve_relocations(elf, section);
	return section;
}

static size_t type_size(const struct variables *section)
{
	return sizeof(struct btf_type) + section->count * sizeof(struct btf_var_secinfo);
}

/* .BTF, whose last types are the sections'. */
static void put_types(const struct making *making, size_t section, const struct btf *btf,
		      const struct variables sections[2])
{
	uint32_t size;
	const struct btf_header *header = btf__raw_data(btf, &size);
	size_t at;

	bench_need(header != NULL);
	elf_made_bytes(making->elf, section, header, size);
	at = header->hdr_len + header->type_len - type_size(&sections[0]) - type_size(&sections[1]);
	for (size_t i = 0; i < 2; i++) {
		size_t offset = at + sizeof(struct btf_type);

		offset += offsetof(struct btf_var_secinfo, offset);
		for (size_t k = 0; k < sections[i].count; k++)
			elf_made_relocation(making->elf, section,
					    offset + k * sizeof(struct btf_var_secinfo),
					    sections[i].symbols[k], R_BPF_64_NODYLD32, 0);
		at += type_size(&sections[i]);
	}
}

/* .BTF.ext in the making. */
struct ext {
	const struct making *making;
	struct btf *btf;
	size_t section;
	uint32_t file; /* its name */
};

static uint32_t add_string(const struct ext *ext, const char *string)
{
	return (uint32_t)expect_id(btf__add_str(ext->btf, string));
}

/* What is put there starts with an offset into the code, in bytes. */
static void put_record(const struct ext *ext, const void *record, size_t size)
{
	elf_made_relocation(ext->making->elf, ext->section,
			    elf_made_size(ext->making->elf, ext->section), ext->making->code_symbol,
			    R_BPF_64_NODYLD32, 0);
	elf_made_bytes(ext->making->elf, ext->section, record, size);
}

static void put_line(const struct ext *ext, size_t insn, const char *text, uint32_t line,
		     uint32_t column)
{
	const uint32_t record[] = {
		(uint32_t)(insn * sizeof(struct bpf_insn)),
		ext->file,
		text ? add_string(ext, text) : 0,
		line << 10 | column,
	};

	put_record(ext, record, sizeof(record));
}

#define LINES_OF_USE 4

static void put_lines(const struct ext *ext)
{
	const char *head = "int count(void *ctx) { u32 key = 0; u64 *v;";
	const struct making *making = ext->making;
	uint32_t line = 1;
	char text[64];

	put_line(ext, 0, head, line, 0);
	put_line(ext, 1, head, line, 28);
	for (size_t i = 0; i < making->nr_uses; i++) {
		size_t at = bench_use_at(i);

		snprintf(text, sizeof(text), "v = lookup(&%s, &key); if (v) *v += 1;",
			 making->names[bench_used_map(making, i)]);
		line++;
		put_line(ext, at - 1, NULL, 0, 0);
		put_line(ext, at, text, line, 5);
		put_line(ext, at + 3, text, line, 35);
		put_line(ext, at + 4, text, line, 41);
	}
	put_line(ext, bench_use_at(making->nr_uses) - 2, "return 0; }", line + 1, 1);
}

static void put_ext(struct ext *ext, int function)
{
	struct elf_made *elf = ext->making->elf;
	uint32_t name = add_string(ext, BENCH_SECTION);
	uint32_t nr_lines = (uint32_t)(2 + LINES_OF_USE * ext->making->nr_uses + 1);
	uint32_t functions_size = 4 + 8 + 8, lines_size = 4 + 8 + 16 * nr_lines;
	const uint32_t header[] = {
		32, /* its length: magic, version and flags come before */
		0,
		functions_size,
		functions_size,
		lines_size,
		functions_size + lines_size,
		0, /* relocations */
		8,
		name,
		1,
	};
	const uint32_t record[] = { 0, (uint32_t)function };
	const uint32_t lines[] = { 16, name, nr_lines };

	ext->file = add_string(ext, "/usr/src/count.c");
	elf_made_number(elf, ext->section, 0xeb9f, 2);
	elf_made_number(elf, ext->section, 1, 1);
	elf_made_number(elf, ext->section, 0, 1);
	elf_made_bytes(elf, ext->section, header, sizeof(header));
	put_record(ext, record, sizeof(record));
	elf_made_bytes(elf, ext->section, lines, sizeof(lines));
	put_lines(ext);
}

void bench_put_btf(const struct making *making)
{
	struct types types = { .btf = btf__new_empty() };
	size_t section = begin_section(making->elf, ".BTF");
	struct ext ext = { making, types.btf, begin_section(making->elf, ".BTF.ext"), 0 };
	struct variables sections[2];
	/* by name, as clang sorts them */
	size_t maps = making->is_native ? 0 : 1;
	int function;

	bench_need(types.btf != NULL);
	types.integer = expect_id(btf__add_int(types.btf, "int", 4, BTF_INT_SIGNED));
	types.index = expect_id(btf__add_int(types.btf, "__ARRAY_SIZE_TYPE__", 4, 0));
	sections[maps] = add_maps(&types, making);
	function = add_function(&types);
	sections[1 - maps] = add_license(&types, making);
	for (size_t i = 0; i < 2; i++)
		add_section(types.btf, &sections[i]);
	put_ext(&ext, function);
	put_types(making, section, types.btf, sections);
	btf__free(types.btf);
}
