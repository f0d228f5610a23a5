/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A table of strings in the making, one behind the other as ELF and BTF have them. Those that may come
 * again are there once, found by a hash.
 */
#ifndef ELFMAP_STRING_TABLE_H
#define ELFMAP_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct string_table {
	char *bytes;
	size_t size, room;
	uint32_t *places;	 /* by hash: where a string begins, plus 1; 0 for none */
	size_t nr_places, count; /* of the latter, those that are taken */
};

/* Where the string is, added if it was not there; less than 0 without memory. */
int64_t string_table_add(struct string_table *strings, const char *string);
/* The same for one that comes once: it is not looked for, now or later. */
int64_t string_table_append(struct string_table *strings, const char *string);
/* Room for so many bytes more, if there is memory. */
void string_table_reserve(struct string_table *strings, size_t more);
void string_table_release(struct string_table *strings);

#endif
