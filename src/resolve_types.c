/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Types that an object gives by name: those of a map's key and value, in a struct ____btf_map_<map>
 * with exactly the members key and value (BPF_ANNOTATE_KV_PAIR).
 */
#include <string.h>

#include <bpf/btf.h>

#include "messages.h"
#include "places.h"
#include "resolve.h"

#define ANNOTATION "____btf_map_"

static bool is_member(const struct btf *btf, const struct btf_type *type, uint32_t i,
		      const char *name)
{
	const char *found = btf__name_by_offset(btf, btf_members(type)[i].name_off);

	return found && !strcmp(found, name);
}

static void annotate(struct elfmap_map *map, const struct btf *btf, const struct btf_type *type)
{
	const struct btf_member *members = btf_members(type);
	__s64 key_size, value_size;

	if (btf_vlen(type) != 2 || !is_member(btf, type, 0, "key") ||
	    !is_member(btf, type, 1, "value"))
		return;
	key_size = btf__resolve_size(btf, members[0].type);
	value_size = btf__resolve_size(btf, members[1].type);
	if (key_size != map->def.key_size || value_size != map->def.value_size) {
		map_warning(map,
			    "key and value of %s have %lld and %lld bytes, the "
			    "definition says %u and %u: not used",
			    btf__name_by_offset(btf, type->name_off), (long long)key_size,
			    (long long)value_size, map->def.key_size, map->def.value_size);
		return;
	}
	map->key_type_id = members[0].type;
	map->value_type_id = members[1].type;
}

void resolve_types(struct elfmap_object *object)
{
	uint32_t types = btf__type_cnt(object->btf);

	for (uint32_t id = 1; object->has_btf && id < types; id++) {
		const struct btf_type *type = btf__type_by_id(object->btf, id);
		struct elfmap_map *map;
		const char *name;

		if (!btf_is_struct(type))
			continue;
		name = btf__name_by_offset(object->btf, type->name_off);
		if (!name || strncmp(name, ANNOTATION, strlen(ANNOTATION)) != 0)
			continue;
		map = places_map_of_name(object, name + strlen(ANNOTATION));
		if (map && !map->native)
			annotate(map, object->btf, type);
	}
}
