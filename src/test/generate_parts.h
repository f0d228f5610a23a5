/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* The rooms of generate.h, for each other. */
#ifndef ELFMAP_TEST_GENERATE_PARTS_H
#define ELFMAP_TEST_GENERATE_PARTS_H

#include "test/elf_made.h"
#include "test/generate.h"

/* Definitions with names, ids and nesting, in the order of their places. */
void generate_maps(struct generated *generated, uint64_t *state);
/* Code sections and what is in them; may change maps so that they are what is called into. */
void generate_programs(struct generated *generated, uint64_t *state);
/* A C identifier that no map and no program has yet; name is not one of theirs. */
void generate_name(const struct generated *generated, uint64_t *state, char *name, size_t size);
/* An id that no map has yet. */
uint32_t generate_id(const struct generated *generated, uint64_t *state);

/* How the object is being written. */
struct writing {
	const struct generated *generated;
	struct elf_made *elf;
	bool big_endian;
	uint64_t state;
	size_t *map_sections;	 /* of each map */
	size_t *map_symbols;	 /* of each map */
	size_t *code_sections;	 /* of each code section */
	size_t *section_symbols; /* by number of the section, 0 for none */
	size_t btf_section;	 /* 0 for none */
	size_t strings_section;	 /* of pin paths, 0 for none */
};

/* Definitions and instructions with their relocations; sections and symbols are made. */
void generate_contents(const struct writing *writing);
/* The content of .BTF with its relocations. */
void generate_btf(struct writing *writing);
/* The section of a map's annotation, ".maps.<name>". */
void generate_annotation_section(char name[64], const struct generated_map *map);

#endif
