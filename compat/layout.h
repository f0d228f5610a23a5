/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What legacy layouts have in common: each is a row of 32-bit words. A layout is a table of its
 * words; these two functions are the callbacks that read it, with the table as their ctx.
 */
#ifndef ELFMAP_COMPAT_LAYOUT_H
#define ELFMAP_COMPAT_LAYOUT_H

#include "elfmap.h"

struct layout_word {
	const char *name; /* as the struct's author called it */
	size_t member;	  /* offset in struct elfmap_map_def */
	__u32 has;	  /* the elfmap_map_def_word it stands for, 0 for the four that all have */
};

struct layout {
	const struct layout_word *words;
	size_t nr_words;
	/* Tells the layout from others of the same size; NULL where the size alone decides. */
	int (*content)(const struct elfmap_section *section, const char **why);
};

int layout_probe(const struct elfmap_section *section, const char **why, void *ctx);
int layout_decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx);

#endif
