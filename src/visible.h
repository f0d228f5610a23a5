/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * BTF-defined maps as libbpf is shown them: it refuses fields that it does not know, so these are left
 * out of the struct that its variable has in the image; and what setters changed is changed there. Part
 * of synthesise.
 */
#ifndef ELFMAP_VISIBLE_H
#define ELFMAP_VISIBLE_H

#include "model.h"
#include "types.h"

/* Whether libbpf knows an attribute of that name. */
bool visible_is_known(const char *attribute);

/* Whether a struct has fields that libbpf does not know, itself or as the description of inner maps. */
bool visible_hides(const struct btf *btf, uint32_t struct_id);

/* The struct for a map that hides some, or was changed: an ID, or a negative errno. */
int visible_struct(struct types *types, const struct elfmap_map *map);

#endif
