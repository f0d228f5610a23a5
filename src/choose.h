/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Which format reads definitions of one size: the caller's first, then the one with the best
 * evidence; two with equal evidence must read the same. Part of decode.
 */
#ifndef ELFMAP_CHOOSE_H
#define ELFMAP_CHOOSE_H

#include "section.h"

/* The chosen format. */
struct choice {
	const struct elfmap_format *format;
	bool has_fields;       /* beside those that every definition has */
	uint32_t plain_btf_id; /* decode: a struct that was found to have none, 0 for none */
	const char *evidence;  /* "size: only this layout ...", kept by the object */
};

int choose_format(const struct elfmap_section *section, struct choice *out);

/* Decode one entry into zeros, with a message where the format cannot. */
int choose_decode(const struct elfmap_format *format, const struct elfmap_entry *entry,
		  struct elfmap_map_def *def);

#endif
