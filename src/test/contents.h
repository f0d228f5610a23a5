/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects as libelf reads them: independent of object_edit.h, to check what that has done. The test
 * ends where an object breaks the rules of ELF.
 */
#ifndef ELFMAP_TEST_CONTENTS_H
#define ELFMAP_TEST_CONTENTS_H

#include <gelf.h>

#include "test/object_edit.h"

struct section {
	const char *name;
	GElf_Shdr header;
	Elf_Data *data;
};

/* What a relocation of code or of definitions refers to. */
struct reference {
	size_t section; /* the one with the relocations */
	const char *target;
	uint64_t offset;
	const char *to;
	uint64_t to_offset;
	GElf_Sym symbol;
	uint64_t left; /* of the addend, in the instruction or the word */
};

/* An object, with the section of its symbol table. */
struct contents {
	Elf *elf;
	struct section sections[64];
	size_t nr_sections, symbols;
	struct reference references[256];
	size_t nr_references;
};

/* Read an object, which must stay; the caller gives elf to elf_end(). */
struct contents read_contents(const struct test_object *object);

/* The section of that name, or NULL. */
const struct section *find_section(const struct contents *contents, const char *name);
bool holds_maps(const struct section *section);
bool holds_code(const struct section *section);

size_t nr_symbols(const struct contents *contents);
GElf_Sym symbol_at(const struct contents *contents, size_t index);
const char *symbol_name(const struct contents *contents, const GElf_Sym *symbol);

#endif
