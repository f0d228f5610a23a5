/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The fields of a definition that no member of struct elfmap_map_def stands for: kept under the
 * names that the object's BTF gives them, else the layout, for callers who know what they mean.
 */
#ifndef ELFMAP_FIELDS_H
#define ELFMAP_FIELDS_H

#include "model.h"

struct extra_field {
	const char *name;
	enum elfmap_field_kind kind;
	uint64_t value;	  /* of a number */
	const char *text; /* of a text, kept by the object */
};

/* Whether fields of that kind have a text and no number. */
static inline bool fields_is_text(enum elfmap_field_kind kind)
{
	return kind == ELFMAP_FIELD_TEXT || kind == ELFMAP_FIELD_TYPE;
}

/* Read those of a legacy map that was just decoded. */
int fields_read(struct elfmap_map *map, const struct elfmap_format *format);
/* Add one; name and text must live as long as the object. */
int fields_add(struct elfmap_map *map, struct extra_field field);

#endif
