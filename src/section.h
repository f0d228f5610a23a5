/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A legacy section as format callbacks see it: its entries by offset, one symbol each. Built from
 * the symbols alone; what the entries mean is for the formats.
 */
#ifndef ELFMAP_SECTION_H
#define ELFMAP_SECTION_H

#include <bpf/btf.h>

#include "elfmap.h"
#include "read.h"

struct elfmap_entry {
	const struct elfmap_section *section;
	const char *name;
	size_t symbol;	  /* index */
	size_t offset;	  /* in the section, bytes */
	uint32_t btf_var; /* the VAR in btf, 0 where there is none */
	uint32_t btf_id;  /* its struct, 0 where there is none */
};

struct elfmap_section {
	const struct elf_view *view;
	const struct btf *btf; /* NULL where the object has none */
	size_t index;
	size_t entry_size;
	struct elfmap_entry *entries;
	size_t nr_entries;
	uint32_t *tail_call_ids; /* of all ID/KEY sections of the object, sorted */
	size_t nr_tail_call_ids;
};

/* Whether definitions stand in sections of that name. */
bool section_is_legacy(const char *name);

/* Find and check the entries of section index; the caller releases *out. */
int section_read(const struct elf_view *view, const struct btf *btf, size_t index,
		 struct elfmap_section *out);
void section_release(struct elfmap_section *section);

/* The struct that a BTF type is, past typedefs and qualifiers; 0 where it is no struct. */
uint32_t section_struct_id(const struct btf *btf, uint32_t id);

#endif
