/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An ELF64 relocatable object in the making, in either byte order, built on <elf.h> alone. Knows
 * sections, symbols and relocations, and nothing of BPF. Every call ends the process where memory
 * does. Strings are borrowed until elf_made_finish(). It shares no code with libcheck, so that the
 * benchmark can use it.
 */
#ifndef ELFMAP_TEST_ELF_MADE_H
#define ELFMAP_TEST_ELF_MADE_H

#include <elf.h>

#include "test/object_edit.h"

struct elf_made;

struct elf_made_style {
	bool big_endian;
	uint16_t machine;      /* e_machine */
	bool addends;	       /* SHT_RELA in place of SHT_REL */
	bool one_string_table; /* LLVM's way since 2016: names of sections among the symbols' */
};

struct elf_made *elf_made_begin(const struct elf_made_style *style);

/* Append a section; returns its number, which is final. */
size_t elf_made_section(struct elf_made *elf, const char *name, uint32_t type, uint64_t flags,
			uint64_t align);
/*
 * Reserve the place of a section's relocations behind what there is by now, for those who want it
 * there; elf_made_relocation() does it otherwise.
 */
void elf_made_reserve_relocations(struct elf_made *elf, size_t section);

/* Append to a section: bytes as they are, or a number of 2, 4 or 8 bytes in the byte order. */
void elf_made_bytes(struct elf_made *elf, size_t section, const void *bytes, size_t size);
void elf_made_number(struct elf_made *elf, size_t section, uint64_t value, size_t size);
size_t elf_made_nr_sections(const struct elf_made *elf);
size_t elf_made_size(const struct elf_made *elf, size_t section);

/*
 * Append a symbol; st_name is filled in. Returns what relocations know it by: its number in the
 * file is settled at the end, when locals go first, otherwise in the order of the calls.
 */
size_t elf_made_symbol(struct elf_made *elf, const char *name, Elf64_Sym symbol);
/* A relocation of a section's bytes at an offset; the addend counts only where the style has it. */
void elf_made_relocation(struct elf_made *elf, size_t section, uint64_t offset, size_t symbol,
			 uint32_t type, int64_t addend);

/* The file, for object_free(). Frees what was in the making. */
struct test_object elf_made_finish(struct elf_made *elf);

#endif
