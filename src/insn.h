/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An instruction where it stands, in the object's byte order: as much as relocations need.
 */
#ifndef ELFMAP_INSN_H
#define ELFMAP_INSN_H

#include <linux/bpf.h>

#include "read.h"

#define INSN_LD_IMM64 (BPF_LD | BPF_DW | BPF_IMM)
#define INSN_CALL (BPF_JMP | BPF_CALL)

/* Where an instruction keeps its immediate value; of ld_imm64 it is the low half. */
#define INSN_IMM_OFFSET 4u

/* The instruction at an offset of a section; NULL where it would not lie inside. */
static inline const uint8_t *insn_at(const struct elf_section *section, uint64_t offset)
{
	uint64_t size = section->header.sh_size;

	if (!section->data || size < sizeof(struct bpf_insn) ||
	    offset > size - sizeof(struct bpf_insn))
		return NULL;
	return section->data + offset;
}

static inline uint8_t insn_code(const uint8_t *insn)
{
	return insn[0];
}

static inline uint32_t insn_imm(const struct elf_view *view, const uint8_t *insn)
{
	return read_u32(view, insn + INSN_IMM_OFFSET);
}

static inline void insn_set_imm(const struct elf_view *view, uint8_t *insn, uint32_t imm)
{
	write_u32(view, insn + INSN_IMM_OFFSET, imm);
}

#endif
