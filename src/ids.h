/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Maps by iproute2's id, for what refers to maps by it.
 */
#ifndef ELFMAP_IDS_H
#define ELFMAP_IDS_H

#include "model.h"

/* Legacy maps by (id, order in the file). */
struct id_index {
	struct elfmap_map **maps;
	size_t count;
};

int id_index_build(struct elfmap_object *object, struct id_index *out);
void id_index_release(struct id_index *index);
/* The position of the first map with that id; index->count where there is none. */
size_t id_index_first(const struct id_index *index, uint32_t id);

/* For qsort() and bsearch() of uint32_t. */
int id_compare(const void *a, const void *b);

#endif
