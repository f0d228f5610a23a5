/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Definitions of one size as format callbacks see them, with the calls that the callbacks have.
 * What they hold is for the formats.
 */
#ifndef ELFMAP_SECTION_H
#define ELFMAP_SECTION_H

#include "entries.h"

struct elfmap_section {
	const struct entries *all;
	const struct elfmap_entry *entries; /* by section and offset */
	size_t nr_entries;
	size_t nr_alike; /* for members_nr_alike() */
};

/* The definitions of the same size as entry first of all, and of the same kind of section. */
struct elfmap_section section_of_size(const struct entries *all, size_t first);

/* Whether the format has fields that no member of struct elfmap_map_def stands for. */
bool section_has_other_fields(const struct elfmap_section *section,
			      const struct elfmap_format *format);

#endif
