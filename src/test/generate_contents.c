// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <string.h>

#include "test/generate_parts.h"
#include "test/tests.h"

/* Against a symbol: the value of ld_imm64, and a pointer in data. */
#define R_BPF_64_64 1
#define R_BPF_64_ABS64 2

/* --- definitions --------------------------------------------------------------------------- */

/* Pointers are 0 and a relocation; a string's is relative to its section. */
static void put_pointer(const struct writing *writing, size_t map, const struct made_member *member)
{
	const struct generated *generated = writing->generated;
	const struct generated_map *truth = &generated->maps[map];
	size_t section = writing->map_sections[map], at = elf_made_size(writing->elf, section);
	uint64_t value = 0;

	if (member->kind == MADE_INNER && truth->inner) {
		elf_made_relocation(writing->elf, section, at,
				    writing->map_symbols[truth->inner - generated->maps],
				    R_BPF_64_ABS64, 0);
	} else if (member->kind == MADE_PIN_PATH && *truth->pin_path) {
		value = elf_made_size(writing->elf, writing->strings_section);
		elf_made_bytes(writing->elf, writing->strings_section, truth->pin_path,
			       strlen(truth->pin_path) + 1);
		elf_made_relocation(writing->elf, section, at,
				    writing->section_symbols[writing->strings_section],
				    R_BPF_64_ABS64, (int64_t)value);
	}
	elf_made_number(writing->elf, section, generated->addends ? 0 : value, 8);
}

static void put_member(const struct writing *writing, size_t map, const struct made_member *member)
{
	const struct generated_map *truth = &writing->generated->maps[map];
	uint8_t namespace[MADE_NAMESPACE_SIZE] = { 0 };
	uint32_t word = 0;

	switch (member->kind) {
	case MADE_WORD:
		memcpy(&word, (const char *)&truth->def + member->member, sizeof(word));
		break;
	case MADE_ZERO:
		break;
	case MADE_NAMESPACE:
		memcpy(namespace, truth->namespace, sizeof(truth->namespace));
		elf_made_bytes(writing->elf, writing->map_sections[map], namespace,
			       sizeof(namespace));
		return;
	default:
		put_pointer(writing, map, member);
		return;
	}
	elf_made_number(writing->elf, writing->map_sections[map], word, 4);
}

static void put_map(const struct writing *writing, size_t map)
{
	const struct made_member *member = writing->generated->layout->members;

	for (; member->name; member++)
		put_member(writing, map, member);
}

/* --- code ---------------------------------------------------------------------------------- */

/* The two registers share a byte, the first of them in the half that the byte order calls first. */
static void put_insn(const struct writing *writing, size_t section, const struct bpf_insn *insn)
{
	unsigned int to = insn->dst_reg, from = insn->src_reg;
	unsigned int registers = writing->big_endian ? to << 4 | from : from << 4 | to;

	elf_made_number(writing->elf, section, insn->code, 1);
	elf_made_number(writing->elf, section, registers, 1);
	elf_made_number(writing->elf, section, (uint16_t)insn->off, 2);
	elf_made_number(writing->elf, section, (uint32_t)insn->imm, 4);
}

/* A static map is so far into its section, and the section is what the relocation names. */
static void put_reference(const struct writing *writing, const struct generated_program *program,
			  const struct generated_reference *reference)
{
	const struct generated_map *map = &writing->generated->maps[reference->map];
	size_t section = writing->code_sections[program->section];
	size_t symbol = map->is_static ?
				writing->section_symbols[writing->map_sections[reference->map]] :
				writing->map_symbols[reference->map];

	elf_made_relocation(writing->elf, section,
			    program->offset + reference->insn * sizeof(struct bpf_insn), symbol,
			    R_BPF_64_64, map->is_static ? (int64_t)map->offset : 0);
}

static void put_program(const struct writing *writing, const struct generated_program *program)
{
	const struct generated *generated = writing->generated;
	size_t next = 0;

	for (size_t i = 0; i < program->nr_insns; i++) {
		struct bpf_insn insn = program->insns[i];

		if (next < program->nr_references && program->references[next].insn == i) {
			const struct generated_map *map =
				&generated->maps[program->references[next].map];

			put_reference(writing, program, &program->references[next]);
			if (map->is_static && !generated->addends)
				insn.imm = (__s32)map->offset;
			next++;
		}
		put_insn(writing, writing->code_sections[program->section], &insn);
	}
}

void generate_contents(const struct writing *writing)
{
	const struct generated *generated = writing->generated;

	for (size_t i = 0; i < generated->nr_maps; i++)
		put_map(writing, i);
	for (size_t i = 0; i < generated->nr_programs; i++)
		put_program(writing, &generated->programs[i]);
}
