/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the members of map definitions are called. Every layout's author chose names, and the same
 * few things have few names: one table reads both the layouts that are listed here and the
 * structs that only an object's BTF knows.
 */
#ifndef ELFMAP_COMPAT_MEMBERS_H
#define ELFMAP_COMPAT_MEMBERS_H

#include <string.h>

#include "elfmap.h"

struct member {
	const char *name;
	size_t offset; /* in struct elfmap_map_def */
	__u32 has;     /* the elfmap_map_def_word it stands for, 0 for the four that all have */
	__u32 length;  /* of the name */
};

/* The 32-bit member of struct elfmap_map_def that a name stands for, NULL where there is none. */
const struct member *members_find(const char *name);

static inline void members_set(struct elfmap_map_def *def, const struct member *member, __u32 value)
{
	memcpy((char *)def + member->offset, &value, sizeof(value));
	def->has |= member->has;
}

static inline __u32 members_get(const struct elfmap_map_def *def, const struct member *member)
{
	__u32 value;

	memcpy(&value, (const char *)def + member->offset, sizeof(value));
	return value;
}

/* How many entries from the first one on have one struct in BTF, or none. */
size_t members_nr_alike(const struct elfmap_section *section);

/*
 * Read the fields of an entry that are numbers and stand for a member; -ERANGE where one lies outside
 * of it. What they stand for is found once for all entries of an object, of MEMBERS_MAX fields at most.
 */
#define MEMBERS_MAX 16
int members_read(const struct elfmap_entry *entry, const struct elfmap_field *fields, size_t count,
		 struct elfmap_map_def *def);

/* Whether the words that only one of two layouts has a member for are zero, as where there is none. */
bool members_read_same(const struct elfmap_entry *entry, const struct elfmap_field *a, size_t nr_a,
		       const struct elfmap_field *b, size_t nr_b);

#endif
