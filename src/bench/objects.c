// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "bench/objects.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif

#define R_BPF_64_64 1
#define R_BPF_64_NODYLD32 4

#define NAME_SIZE 16
#define USES_MAX 8
/* Of the program: before, for each map and after. */
#define INSNS_BEFORE 2
#define INSNS_OF_USE 9
#define INSNS_MAX (INSNS_BEFORE + USES_MAX * INSNS_OF_USE + 2)

#define KEY_SIZE 4
#define VALUE_SIZE 8
#define POINTER_SIZE 8
#define DEFINITION_WORDS 9 /* struct bpf_elf_map */
#define DEFINITION_MEMBERS 4

static const char license[] = "GPL";

/* An object in the making. */
struct making {
	struct elf_made *elf;
	size_t nr_maps, nr_uses;
	char (*names)[NAME_SIZE];
	char labels[USES_MAX][NAME_SIZE];
	size_t text, code, maps, license;
	size_t *map_symbols;
	size_t license_symbol;
};

struct description {
	uint32_t type, max_entries;
};

static struct description describe(size_t i)
{
	static const uint32_t entries[] = { 64, 128, 256, 1024 };

	return (struct description){
		.type = i % 2 ? BPF_MAP_TYPE_ARRAY : BPF_MAP_TYPE_HASH,
		.max_entries = entries[i % 4],
	};
}

static void need(int is_good)
{
	if (!is_good) {
		fputs("bench: no memory for the objects\n", stderr);
		exit(1);
	}
}

/* --- the program ------------------------------------------------------------------------------- */

/* Spread over all maps. */
static size_t used_map(const struct making *making, size_t use)
{
	return use * (making->nr_maps / making->nr_uses);
}

/* v = lookup(&map, &key); if (v) *v += 1; */
static size_t put_use(struct bpf_insn *insns)
{
	const struct bpf_insn use[INSNS_OF_USE] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 2, .src_reg = 10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = -KEY_SIZE },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1 },
		{ 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 0, .off = 3 },
		{ .code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = 1, .src_reg = 0 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 1, .imm = 1 },
		{ .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = 0, .src_reg = 1 },
	};

	memcpy(insns, use, sizeof(use));
	return INSNS_OF_USE;
}

/* Where its uses of maps are relocated, in instructions. */
static size_t use_at(size_t use)
{
	return INSNS_BEFORE + use * INSNS_OF_USE + 2;
}

static void put_program(const struct making *making)
{
	struct bpf_insn insns[INSNS_MAX] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 6 },
		{ .code = BPF_STX | BPF_MEM | BPF_W, .dst_reg = 10, .src_reg = 6, .off = -KEY_SIZE },
	};
	size_t count = INSNS_BEFORE;

	for (size_t i = 0; i < making->nr_uses; i++)
		count += put_use(&insns[count]);
	insns[count++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K };
	insns[count++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	elf_made_bytes(making->elf, making->code, insns, count * sizeof(insns[0]));
}

/* --- sections and symbols ---------------------------------------------------------------------- */

static void put_symbols(struct making *making, size_t map_size)
{
	struct elf_made *elf = making->elf;
	Elf64_Sym symbol = { .st_shndx = (Elf64_Section)making->code };

	/* the places that jumps lead to */
	for (size_t i = 0; i < making->nr_uses; i++) {
		snprintf(making->labels[i], NAME_SIZE, "LBB0_%u", 2 * (unsigned int)i + 2);
		symbol.st_value = (use_at(i) + INSNS_OF_USE - 2) * sizeof(struct bpf_insn);
		elf_made_symbol(elf, making->labels[i], symbol);
	}
	symbol.st_value = 0;
	symbol.st_size = elf_made_size(elf, making->code);
	symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
	elf_made_symbol(elf, "count", symbol);
	for (size_t i = 0; i < making->nr_maps; i++) {
		symbol = (Elf64_Sym){
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
			.st_shndx = (Elf64_Section)making->maps,
			.st_value = i * map_size,
			.st_size = map_size,
		};
		making->map_symbols[i] = elf_made_symbol(elf, making->names[i], symbol);
	}
	symbol.st_shndx = (Elf64_Section)making->license;
	symbol.st_value = 0;
	symbol.st_size = sizeof(license);
	making->license_symbol = elf_made_symbol(elf, "_license", symbol);
	for (size_t i = 0; i < making->nr_uses; i++)
		elf_made_relocation(elf, making->code, use_at(i) * sizeof(struct bpf_insn),
				    making->map_symbols[used_map(making, i)], R_BPF_64_64, 0);
}

static void put_address_table(const struct making *making)
{
	size_t section = elf_made_section(making->elf, ".llvm_addrsig", 0x6fff4c03, SHF_EXCLUDE, 1);

	for (size_t i = 0; i < making->nr_maps + 2; i++)
		elf_made_number(making->elf, section, 0, 1);
}

static struct making *begin(size_t nr_maps, const char *maps, size_t align)
{
	const struct elf_made_style style = {
		.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
		.machine = EM_BPF,
		.one_string_table = true,
	};
	struct making *making = calloc(1, sizeof(*making));
	struct elf_made *elf = elf_made_begin(&style);

	need(making != NULL);
	making->elf = elf;
	making->nr_maps = nr_maps;
	making->nr_uses = nr_maps < USES_MAX ? nr_maps : USES_MAX;
	making->names = calloc(nr_maps, sizeof(*making->names));
	making->map_symbols = calloc(nr_maps, sizeof(*making->map_symbols));
	need(making->names && making->map_symbols);
	for (size_t i = 0; i < nr_maps; i++)
		snprintf(making->names[i], NAME_SIZE, "map_%05u", (unsigned int)i);
	making->text = elf_made_section(elf, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 4);
	making->code =
		elf_made_section(elf, BENCH_SECTION, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 8);
	elf_made_reserve_relocations(elf, making->code);
	making->maps = elf_made_section(elf, maps, SHT_PROGBITS, SHF_WRITE | SHF_ALLOC, align);
	making->license = elf_made_section(elf, "license", SHT_PROGBITS, SHF_WRITE | SHF_ALLOC, 1);
	elf_made_bytes(elf, making->license, license, sizeof(license));
	put_program(making);
	return making;
}

static struct test_object finish(struct making *making)
{
	struct test_object object;

	put_address_table(making);
	object = elf_made_finish(making->elf);
	free(making->names);
	free(making->map_symbols);
	free(making);
	return object;
}

struct test_object bench_legacy_object(size_t nr_maps)
{
	struct making *making = begin(nr_maps, "maps", 4);

	for (size_t i = 0; i < nr_maps; i++) {
		struct description map = describe(i);
		const uint32_t words[DEFINITION_WORDS] = {
			map.type,
			KEY_SIZE,
			VALUE_SIZE,
			map.max_entries,
		};

		elf_made_bytes(making->elf, making->maps, words, sizeof(words));
	}
	put_symbols(making, DEFINITION_WORDS * sizeof(uint32_t));
	return finish(making);
}

/* --- BTF --------------------------------------------------------------------------------------- */

static int expect_id(int id)
{
	need(id > 0);
	return id;
}

/* Types that clang makes once. */
struct types {
	struct btf *btf;
	int integer, index, key, value;
	int numbers[1025]; /* pointers to arrays of so many */
};

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
static int add_map(struct types *types, size_t i, const char *name)
{
	struct description map = describe(i);
	const struct {
		const char *name;
		int type;
	} members[DEFINITION_MEMBERS] = {
		{ "type", number_type(types, map.type) },
		{ "key", types->key },
		{ "value", types->value },
		{ "max_entries", number_type(types, map.max_entries) },
	};
	int id = expect_id(btf__add_struct(types->btf, NULL, DEFINITION_MEMBERS * POINTER_SIZE));

	for (uint32_t m = 0; m < DEFINITION_MEMBERS; m++)
		need(!btf__add_field(types->btf, members[m].name, members[m].type,
				     m * POINTER_SIZE * 8, 0));
	return expect_id(btf__add_var(types->btf, name, BTF_VAR_GLOBAL_ALLOCATED, id));
}

static int add_pointer_to(struct btf *btf, const char *name, const char *base, size_t size)
{
	int id = expect_id(btf__add_int(btf, base, size, 0));

	id = expect_id(btf__add_typedef(btf, name, id));
	return expect_id(btf__add_ptr(btf, id));
}

/* The program's function; returns its ID. */
static int add_function(struct types *types)
{
	int context = expect_id(btf__add_ptr(types->btf, 0));
	int prototype = expect_id(btf__add_func_proto(types->btf, types->integer));

	need(!btf__add_func_param(types->btf, "ctx", context));
	return expect_id(btf__add_func(types->btf, "count", BTF_FUNC_GLOBAL, prototype));
}

static int add_license(struct types *types)
{
	int id = expect_id(btf__add_int(types->btf, "char", 1, BTF_INT_SIGNED));

	id = expect_id(btf__add_array(types->btf, types->index, id, sizeof(license)));
	return expect_id(btf__add_var(types->btf, "_license", BTF_VAR_GLOBAL_ALLOCATED, id));
}

/* clang leaves offsets and sizes of sections to whoever links or loads. */
static void add_section(struct btf *btf, const char *name, int first, size_t count, uint32_t step,
			uint32_t size)
{
	expect_id(btf__add_datasec(btf, name, 0));
	for (size_t i = 0; i < count; i++)
		need(!btf__add_datasec_var_info(btf, first + (int)(i * step), 0, size));
}

/* .BTF.ext: the function, and a line for every few instructions. */
static void put_btf_ext(const struct making *making, struct btf *btf, int function)
{
	struct elf_made *elf = making->elf;
	size_t section = elf_made_section(elf, ".BTF.ext", SHT_PROGBITS, 0, 4);
	uint32_t name = (uint32_t)expect_id(btf__add_str(btf, BENCH_SECTION));
	uint32_t file = (uint32_t)expect_id(btf__add_str(btf, "count.c"));
	uint32_t text = (uint32_t)expect_id(btf__add_str(btf, "\tvalue = lookup(&map, &key);"));
	uint32_t lines = (uint32_t)(4 * making->nr_uses + 2);
	uint32_t function_size = 4 + 8 + 8, line_size = 4 + 8 + 16 * lines;
	const uint32_t header[] = {
		32, /* its length: magic, version and flags come before */
		0,
		function_size, /* functions */
		function_size,
		line_size, /* lines */
		function_size + line_size,
		0, /* relocations */
		8,
		name,
		1,
		0,
		(uint32_t)function,
		16,
		name,
		lines,
	};

	elf_made_number(elf, section, 0xeb9f, 2);
	elf_made_number(elf, section, 1, 1);
	elf_made_number(elf, section, 0, 1);
	elf_made_bytes(elf, section, header, sizeof(header));
	for (uint32_t i = 0; i < lines; i++) {
		const uint32_t line[] = { i * 2 * 8, file, text, (i + 1) << 10 };

		elf_made_bytes(elf, section, line, sizeof(line));
	}
}

static void put_btf(struct making *making)
{
	struct types types = { .btf = btf__new_empty() };
	size_t section = elf_made_section(making->elf, ".BTF", SHT_PROGBITS, 0, 4);
	int function, variable, first = 0;
	const void *bytes;
	uint32_t size;

	need(types.btf != NULL);
	types.integer = expect_id(btf__add_int(types.btf, "int", 4, BTF_INT_SIGNED));
	types.index = expect_id(btf__add_int(types.btf, "__ARRAY_SIZE_TYPE__", 4, 0));
	types.key = add_pointer_to(types.btf, "u32", "unsigned int", KEY_SIZE);
	types.value = add_pointer_to(types.btf, "u64", "unsigned long long", VALUE_SIZE);
	for (size_t i = 0; i < 4; i++) {
		number_type(&types, describe(i).type);
		number_type(&types, describe(i).max_entries);
	}
	for (size_t i = 0; i < making->nr_maps; i++) {
		variable = add_map(&types, i, making->names[i]);
		first = first ? first : variable;
	}
	function = add_function(&types);
	variable = add_license(&types);
	/* a struct stands before each variable */
	add_section(types.btf, ".maps", first, making->nr_maps, 2,
		    DEFINITION_MEMBERS * POINTER_SIZE);
	add_section(types.btf, "license", variable, 1, 0, sizeof(license));
	put_btf_ext(making, types.btf, function);
	bytes = btf__raw_data(types.btf, &size);
	need(bytes != NULL);
	elf_made_bytes(making->elf, section, bytes, size);
	/* the offsets of the variables, which libbpf finds by name */
	for (size_t i = 0; i < making->nr_maps; i++)
		elf_made_relocation(making->elf, section, size - 12 * (i + 1),
				    making->map_symbols[i], R_BPF_64_NODYLD32, 0);
	btf__free(types.btf);
}

struct test_object bench_native_object(size_t nr_maps)
{
	const size_t map_size = DEFINITION_MEMBERS * POINTER_SIZE;
	struct making *making = begin(nr_maps, ".maps", 8);

	for (size_t i = 0; i < nr_maps * DEFINITION_MEMBERS; i++)
		elf_made_number(making->elf, making->maps, 0, POINTER_SIZE);
	put_symbols(making, map_size);
	put_btf(making);
	return finish(making);
}
