/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What most legacy layouts have in common: each is a row of 32-bit words whose names say what they
 * are for. Such a layout is a table of its fields; these two functions are the callbacks that read
 * it.
 */
#ifndef ELFMAP_COMPAT_LAYOUT_H
#define ELFMAP_COMPAT_LAYOUT_H

#include "elfmap.h"

struct layout {
	const struct elfmap_field *fields; /* of which the numbers are decoded by name */
	size_t nr_fields;
	size_t size; /* of a definition, bytes; 0: any, with zeros behind the fields, which are words */
	/*
	 * Tells the layout from others of the same size, where BTF does not name the members; NULL
	 * where the size alone decides.
	 */
	int (*content)(const struct elfmap_section *section, const char **why);
	enum elfmap_pin pin; /* what its pinning means */
};

#define LAYOUT_WORD_SIZE 4
/* The index-th word of a definition, by the name its author gave it. */
#define LAYOUT_WORD(name, index)                                                      \
	{                                                                             \
		name, (index)*LAYOUT_WORD_SIZE, LAYOUT_WORD_SIZE, ELFMAP_FIELD_NUMBER \
	}

/* A format of the first count fields, which are words and nothing else. */
#define LAYOUT_OF_WORDS(fields, count, content, pin)                  \
	{                                                             \
		fields, count, (count)*LAYOUT_WORD_SIZE, content, pin \
	}
/* The format of a layout which these callbacks read; its first count fields are these. */
#define LAYOUT_FORMAT(format_name, format_summary, layout, layout_fields, count)                \
	{                                                                                       \
		.sz = sizeof(struct elfmap_format), .name = format_name, .probe = layout_probe, \
		.decode = layout_decode, .ctx = (void *)&(layout), .summary = format_summary,   \
		.fields = layout_fields, .nr_fields = count                                     \
	}

int layout_probe(const struct elfmap_section *section, const char **why, void *ctx);
int layout_decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx);

/*
 * Whether two formats read an entry the same, as far as that shows without reading it: both are layouts,
 * and the words that one of them has a member for and the other has not are zero.
 */
bool layout_reads_same(const struct elfmap_entry *entry, const struct elfmap_format *a,
		       const struct elfmap_format *b);

/* Whether all bytes are zero; those of the entry from an offset on. */
bool layout_is_zero(const unsigned char *bytes, size_t size);
bool layout_is_zero_from(const struct elfmap_entry *entry, size_t offset);

/*
 * Two layouts of one size: what speaks for mine and for the other over all entries, NULL where
 * nothing does. Both claim the section if nothing speaks for either, and must then agree in effect.
 */
int layout_verdict(const char *mine, const char *other, const char **why);

#endif
