// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/objects_parts.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif

#define R_BPF_64_64 1

/* Of the program: before, for each map and after. */
#define INSNS_BEFORE 2
#define INSNS_OF_USE 9
#define INSNS_MAX (INSNS_BEFORE + BENCH_USES_MAX * INSNS_OF_USE + 2)

#define DEFINITION_WORDS 9    /* struct bpf_elf_map */
#define DEFINITION_POINTERS 4 /* a BTF-defined map */

struct description bench_describe(size_t i)
{
	static const uint32_t entries[] = { 64, 128, 256, 1024 };

	return (struct description){
		.type = i % 2 ? BPF_MAP_TYPE_ARRAY : BPF_MAP_TYPE_HASH,
		.max_entries = entries[i % 4],
	};
}

void bench_need(int is_good)
{
	if (!is_good) {
		fputs("bench: no memory for the objects\n", stderr);
		exit(1);
	}
}

/* --- the program ------------------------------------------------------------------------------- */

/* Spread over all maps. */
size_t bench_used_map(const struct making *making, size_t use)
{
	return use * (making->nr_maps / making->nr_uses);
}

/* v = lookup(&map, &key); if (v) *v += 1; */
static size_t put_use(struct bpf_insn *insns)
{
	const struct bpf_insn use[INSNS_OF_USE] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 2, .src_reg = 10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = -BENCH_KEY_SIZE },
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

size_t bench_use_at(size_t use)
{
	return INSNS_BEFORE + use * INSNS_OF_USE + 2;
}

static void put_program(const struct making *making)
{
	struct bpf_insn insns[INSNS_MAX] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 6 },
		{ .code = BPF_STX | BPF_MEM | BPF_W,
		  .dst_reg = 10,
		  .src_reg = 6,
		  .off = -BENCH_KEY_SIZE },
	};
	size_t count = INSNS_BEFORE;

	for (size_t i = 0; i < making->nr_uses; i++)
		count += put_use(&insns[count]);
	insns[count++] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K };
	insns[count++] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	elf_made_bytes(making->elf, making->code, insns, count * sizeof(insns[0]));
}

/* --- sections and symbols ---------------------------------------------------------------------- */

static void put_code_symbols(struct making *making)
{
	struct elf_made *elf = making->elf;
	Elf64_Sym symbol = { .st_info = ELF64_ST_INFO(STB_LOCAL, STT_FILE), .st_shndx = SHN_ABS };

	/* llvm-strip -g takes the file's; .rel.BTF.ext needs the section's */
	if (!making->has_btf)
		elf_made_symbol(elf, "count.c", symbol);
	symbol.st_shndx = (Elf64_Section)making->code;
	symbol.st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION);
	if (making->has_btf)
		making->code_symbol = elf_made_symbol(elf, "", symbol);
	symbol.st_info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);
	/* the places that jumps lead to */
	for (size_t i = 0; i < making->nr_uses; i++) {
		snprintf(making->labels[i], BENCH_NAME_SIZE, "LBB0_%u", 2 * (unsigned int)i + 2);
		symbol.st_value = (bench_use_at(i + 1) - 2) * sizeof(struct bpf_insn);
		elf_made_symbol(elf, making->labels[i], symbol);
	}
	symbol.st_value = 0;
	symbol.st_size = elf_made_size(elf, making->code);
	symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
	elf_made_symbol(elf, "count", symbol);
}

static void put_map_symbol(struct making *making, size_t i)
{
	const Elf64_Sym symbol = {
		.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
		.st_shndx = (Elf64_Section)making->maps,
		.st_value = i * making->map_size,
		.st_size = making->map_size,
	};

	if (!making->map_symbols[i])
		making->map_symbols[i] = elf_made_symbol(making->elf, making->names[i], symbol);
}

static void put_symbols(struct making *making)
{
	const Elf64_Sym license = {
		.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
		.st_shndx = (Elf64_Section)making->license,
		.st_size = sizeof(BENCH_LICENSE),
	};

	put_code_symbols(making);
	/* in the order that the compiler meets them in: the program's first */
	for (size_t i = 0; i < making->nr_uses; i++)
		put_map_symbol(making, bench_used_map(making, i));
	for (size_t i = 0; i < making->nr_maps; i++)
		put_map_symbol(making, i);
	making->license_symbol = elf_made_symbol(making->elf, "_license", license);
	for (size_t i = 0; i < making->nr_uses; i++)
		elf_made_relocation(making->elf, making->code,
				    bench_use_at(i) * sizeof(struct bpf_insn),
				    making->map_symbols[bench_used_map(making, i)], R_BPF_64_64, 0);
}

static void put_address_table(const struct making *making)
{
	size_t section = elf_made_section(making->elf, ".llvm_addrsig", 0x6fff4c03, SHF_EXCLUDE, 1);

	for (size_t i = 0; i < making->nr_maps + 2; i++)
		elf_made_number(making->elf, section, 0, 1);
}

/* --- the objects ------------------------------------------------------------------------------- */

static void put_sections(struct making *making)
{
	struct elf_made *elf = making->elf;

	elf_made_section(elf, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 4);
	making->code =
		elf_made_section(elf, BENCH_SECTION, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 8);
	elf_made_reserve_relocations(elf, making->code);
	making->maps = elf_made_section(elf, making->maps_name, SHT_PROGBITS, SHF_WRITE | SHF_ALLOC,
					making->is_native ? 8 : 4);
	making->license = elf_made_section(elf, "license", SHT_PROGBITS, SHF_WRITE | SHF_ALLOC, 1);
	elf_made_bytes(elf, making->license, BENCH_LICENSE, sizeof(BENCH_LICENSE));
	put_program(making);
}

static void put_definition(const struct making *making, size_t i)
{
	struct description map = bench_describe(i);
	const uint32_t words[DEFINITION_WORDS] = {
		map.type,
		BENCH_KEY_SIZE,
		BENCH_VALUE_SIZE,
		map.max_entries,
	};

	elf_made_bytes(making->elf, making->maps, words, sizeof(words));
}

/* BTF says it all. */
static void put_pointers(const struct making *making)
{
	const uint64_t pointers[DEFINITION_POINTERS] = { 0 };

	elf_made_bytes(making->elf, making->maps, pointers, sizeof(pointers));
}

static struct test_object make(struct making *making, size_t nr_maps)
{
	const struct elf_made_style style = {
		.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
		.machine = EM_BPF,
		.one_string_table = true,
	};
	struct test_object object;

	making->elf = elf_made_begin(&style);
	making->nr_maps = nr_maps;
	making->nr_uses = nr_maps < BENCH_USES_MAX ? nr_maps : BENCH_USES_MAX;
	making->names = calloc(nr_maps, sizeof(*making->names));
	making->map_symbols = calloc(nr_maps, sizeof(*making->map_symbols));
	bench_need(making->names && making->map_symbols);
	put_sections(making);
	for (size_t i = 0; i < nr_maps; i++) {
		snprintf(making->names[i], BENCH_NAME_SIZE, "map_%05u", (unsigned int)i);
		if (making->is_native)
			put_pointers(making);
		else
			put_definition(making, i);
	}
	put_symbols(making);
	if (making->has_btf)
		bench_put_btf(making);
	put_address_table(making);
	object = elf_made_finish(making->elf);
	free(making->names);
	free(making->map_symbols);
	return object;
}

struct test_object bench_legacy_object(size_t nr_maps, bool has_btf)
{
	struct making making = {
		.has_btf = has_btf,
		.maps_name = "maps",
		.map_size = DEFINITION_WORDS * sizeof(uint32_t),
	};

	return make(&making, nr_maps);
}

struct test_object bench_native_object(size_t nr_maps)
{
	struct making making = {
		.is_native = true,
		.has_btf = true,
		.maps_name = ".maps",
		.map_size = DEFINITION_POINTERS * sizeof(uint64_t),
	};

	return make(&making, nr_maps);
}
