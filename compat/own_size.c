/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "own_size.h"

#define VALUE_SIZE_WORD 3

/*
 * As Linux' map types, 24, 28 and 32 are local storages: these have no entries to count, and so a
 * zero where Windows has the size of the values.
 */
bool own_size_comes_first(const struct elfmap_section *section)
{
	size_t size = elfmap_section__entry_size(section);
	bool has_values = false;

	if (size < OWN_SIZE_LEAST_WORDS * sizeof(__u32) ||
	    size > OWN_SIZE_MOST_WORDS * sizeof(__u32) || size % sizeof(__u32))
		return false;
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		const struct elfmap_entry *entry = elfmap_section__entry(section, i);
		__u32 own_size, value_size;

		if (elfmap_entry__u32(entry, 0, &own_size) ||
		    elfmap_entry__u32(entry, VALUE_SIZE_WORD * sizeof(__u32), &value_size) ||
		    own_size != size)
			return false;
		has_values |= value_size;
	}
	return has_values;
}
