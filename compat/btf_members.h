/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What an object's BTF says about the members of its definitions, whatever their struct is called.
 */
#ifndef ELFMAP_COMPAT_BTF_MEMBERS_H
#define ELFMAP_COMPAT_BTF_MEMBERS_H

#include "elfmap.h"

/* A member that is no struct or union itself; those inside of others stand for themselves. */
struct btf_leaf {
	const char *name;
	__u32 type; /* past typedefs and qualifiers */
	size_t bit_offset;
	__u32 bitfield_size; /* 0 where it is none */
};

typedef int (*btf_leaf_fn)(const struct btf *btf, const struct btf_leaf *leaf, void *ctx);

/* Whether the leaf is an integer or enum that can be read. */
bool btf_leaf_is_number(const struct btf *btf, const struct btf_leaf *leaf);
/* Read one that is, in the object's byte order. -ERANGE: BTF has it behind the entry's end. */
int btf_leaf_number(const struct btf *btf, const struct btf_leaf *leaf,
		    const struct elfmap_entry *entry, __u64 *value);

/*
 * Call for the leaves of an entry's struct, none without BTF, until one returns other than 0. -E2BIG: it
 * has more members than a definition.
 */
int btf_members_walk(const struct elfmap_entry *entry, btf_leaf_fn fn, void *ctx);

/*
 * The entry to look at after entry i: most sections have one struct, and what is said of the first
 * entry holds for those that follow with the same struct, or with none as well.
 */
size_t btf_members_next(const struct elfmap_section *section, size_t i);

/* Whether BTF has exactly these fields in every entry, as far as the entry is long. */
bool btf_members_match(const struct elfmap_section *section, const struct elfmap_field *fields,
		       size_t nr_fields);
/* Whether a member that it names stands where these fields have another one. */
bool btf_members_contradict(const struct elfmap_section *section, const struct elfmap_field *fields,
			    size_t nr_fields);
/* Whether it has these fields first, and maybe more. */
bool btf_members_begin(const struct elfmap_section *section, const struct elfmap_field *fields,
		       size_t nr_fields);

#endif
