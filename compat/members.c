/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <string.h>

#include "members.h"

#define MEMBER(name, member, has)                                                    \
	{                                                                            \
		name, offsetof(struct elfmap_map_def, member), has, sizeof(name) - 1 \
	}

/* By length, as members_find() ends at those that are longer. */
static const struct member members[] = {
	MEMBER("id", id, ELFMAP_DEF_ID),
	MEMBER("type", type, 0),
	MEMBER("flags", map_flags, ELFMAP_DEF_MAP_FLAGS),
	MEMBER("map_id", id, ELFMAP_DEF_ID),
	MEMBER("pinning", pinning, ELFMAP_DEF_PINNING),
	MEMBER("map_type", type, 0), /* goebpf's */
	MEMBER("key_size", key_size, 0),
	MEMBER("size_key", key_size, 0),
	MEMBER("max_elem", max_entries, 0),
	MEMBER("inner_id", inner_id, ELFMAP_DEF_INNER_ID),
	MEMBER("map_flags", map_flags, ELFMAP_DEF_MAP_FLAGS),
	MEMBER("numa_node", numa_node, ELFMAP_DEF_NUMA_NODE),
	MEMBER("inner_idx", inner_idx, ELFMAP_DEF_INNER_IDX),
	MEMBER("value_size", value_size, 0),
	MEMBER("size_value", value_size, 0),
	MEMBER("max_entries", max_entries, 0),
	MEMBER("inner_map_idx", inner_map_idx, ELFMAP_DEF_INNER_MAP_IDX),
	MEMBER("pinning_strategy", pinning, ELFMAP_DEF_PINNING), /* Calico's */
};

#define NR_MEMBERS (sizeof(members) / sizeof(members[0]))

const struct member *members_find(const char *name)
{
	size_t length = name ? strlen(name) : 0;

	for (size_t i = 0; i < NR_MEMBERS && members[i].length <= length; i++)
		if (members[i].length == length && *members[i].name == *name &&
		    !memcmp(members[i].name, name, length))
			return &members[i];
	return NULL;
}
