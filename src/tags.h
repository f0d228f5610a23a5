/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a BTF-defined map has no word for, kept in the image as BTF declaration tags on the map's
 * variable, and read back from there:
 *
 *   elfmap:layout=bpf_elf_map36,has=61,id=42,pinning=1,sha1=<40 hex digits>
 *   elfmap:slot=70000,target=<map or program>
 *
 * Pairs of a key and a value; "%", ",", "=" and bytes that do not print are written %XX in both. The
 * members of struct elfmap_map_def go by their names, and are left out where they are 0;
 * "field.<name>", "octal.<name>" and "text.<name>" are fields that it has no member for. Unknown keys
 * are for later versions and passed over.
 */
#ifndef ELFMAP_TAGS_H
#define ELFMAP_TAGS_H

#include "model.h"

/* Add the tags of the object's legacy maps to a copy of its BTF. Types keep their IDs: tags come last. */
int tags_add(const struct elfmap_object *object, const struct image_options *options,
	     struct btf *btf);

/* Fill in native maps that have tags. Part of decode. */
int tags_read(struct elfmap_object *object, struct elfmap_map *maps, size_t count);

/* Call for every slot that is told by a tag; stops at the first error and returns it. */
int tags_for_each_slot(struct elfmap_object *object,
		       int (*fn)(struct elfmap_map *map, uint32_t key, const char *target,
				 void *ctx),
		       void *ctx);

#endif
