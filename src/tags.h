/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a BTF-defined map has no word for, kept in the image as BTF declaration tags on the map's
 * variable, and read back from there:
 *
 *   elfmap:layout=bpf_elf_map36,has=61,id=42,pinning=1,sha1=<40 hex digits>
 *   elfmap:slot=70000,target=<map or program>
 *
 * A BTF-defined map with fields that libbpf does not know has another struct in the image; the one with
 * these fields has a tag for each of its maps:
 *
 *   elfmap:map=<map>
 *
 * Pairs of a key and a value; "%", ",", "=" and bytes that do not print are written %XX in both. The
 * members of struct elfmap_map_def go by their names, and are left out where they are 0;
 * "field.<name>", "octal.<name>" and "text.<name>" are fields that it has no member for. Unknown keys
 * are for later versions and passed over.
 */
#ifndef ELFMAP_TAGS_H
#define ELFMAP_TAGS_H

#include "btf_append.h"
#include "model.h"

/* Add the tags of the object's maps to the BTF of an image. */
int tags_add(const struct elfmap_object *object, const struct image_options *options,
	     struct btf_append *btf);

/* Fill in native maps that have tags, or whose struct has. Part of decode. */
int tags_read(struct elfmap_object *object, struct elfmap_map *maps, size_t count);

/* The native maps by the number of their variable, NULL for other types; the caller frees it. */
struct elfmap_map **tags_index_variables(const struct btf *btf, struct elfmap_map *maps,
					 size_t count);

/* What a tag says of the map with this variable. */
struct tag_slot {
	uint32_t variable;
	bool is_good; /* if not, there is only text */
	uint32_t key;
	const char *target;
	const char *text; /* the tag's */
};

/* Call for every slot that a tag tells; stops at the first error and returns it. */
typedef int (*tag_slot_fn)(const struct tag_slot *slot, void *ctx);
int tags_for_each_slot(const struct btf *btf, tag_slot_fn fn, void *ctx);
/* Say that a tag of a map cannot be read; returns -EINVAL. */
int tags_refuse(const struct elfmap_map *map, const char *text);

#endif
