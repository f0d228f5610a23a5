/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "visible.h"
#include "zeroed.h"

/* --- attributes ---------------------------------------------------------------------------------- */

/* libbpf's attributes, all since 1.0. */
static const struct attribute {
	const char *name;
	bool is_word; /* setters change the word of struct elfmap_map_def at this offset */
	size_t offset;
} attributes[] = {
	{ "type", true, offsetof(struct elfmap_map_def, type) },
	{ "max_entries", true, offsetof(struct elfmap_map_def, max_entries) },
	{ "map_flags", true, offsetof(struct elfmap_map_def, map_flags) },
	{ "numa_node", true, offsetof(struct elfmap_map_def, numa_node) },
	{ "key_size", true, offsetof(struct elfmap_map_def, key_size) },
	{ "value_size", true, offsetof(struct elfmap_map_def, value_size) },
	/* these say the size as well, and go when it is changed */
	{ "key", false, offsetof(struct elfmap_map_def, key_size) },
	{ "value", false, offsetof(struct elfmap_map_def, value_size) },
	{ "values", false, 0 },
	{ "pinning", false, 0 },
	{ "map_extra", false, 0 },
};

#define NR_ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))

static const struct attribute *find_attribute(const char *name)
{
	for (size_t i = 0; name && i < NR_ATTRIBUTES; i++)
		if (!strcmp(attributes[i].name, name))
			return &attributes[i];
	return NULL;
}

bool visible_is_known(const char *attribute)
{
	return find_attribute(attribute);
}

static const struct attribute *attribute_of(const struct btf *btf, const struct btf_type *type,
					    uint32_t i)
{
	return find_attribute(btf__name_by_offset(btf, btf_members(type)[i].name_off));
}

/* The struct that describes the inner maps in a member values; 0 where it is something else. */
static uint32_t inner_struct(const struct btf *btf, uint32_t values)
{
	const struct btf_type *type = btf__type_by_id(btf, values);
	uint32_t target;

	if (!btf_is_array(type))
		return 0;
	type = btf__type_by_id(btf, btf_array(type)->type);
	if (!btf_is_ptr(type))
		return 0;
	target = type->type;
	return btf_is_struct(btf__type_by_id(btf, target)) ? target : 0;
}

static bool has_unknown(const struct btf *btf, uint32_t struct_id)
{
	const struct btf_type *type = btf__type_by_id(btf, struct_id);

	for (uint32_t i = 0; i < btf_vlen(type); i++)
		if (!attribute_of(btf, type, i))
			return true;
	return false;
}

bool visible_hides(const struct btf *btf, uint32_t struct_id)
{
	const struct btf_type *type = btf__type_by_id(btf, struct_id);

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const struct attribute *attribute = attribute_of(btf, type, i);
		uint32_t inner = inner_struct(btf, btf_members(type)[i].type);

		if (!attribute ||
		    (!strcmp(attribute->name, "values") && inner && has_unknown(btf, inner)))
			return true;
	}
	return false;
}

/* --- the struct in the making -------------------------------------------------------------------- */

/* Its members, collected before any type is added: that may move those that are there. */
struct members {
	struct visible_member {
		const char *name;
		uint32_t type;
		uint32_t bit_offset;
	} * list;
	uint32_t count;
};

static void members_release(struct members *members)
{
	free(members->list);
}

static bool is_changed(const struct elfmap_map *map, const struct attribute *attribute)
{
	return map && attribute->offset && map->changed & model_word_bit(attribute->offset);
}

static int collect(const struct btf *btf, uint32_t struct_id, const struct elfmap_map *map,
		   struct members *members)
{
	const struct btf_type *type = btf__type_by_id(btf, struct_id);

	members->list = zeroed(btf_vlen(type) + NR_ATTRIBUTES, sizeof(*members->list));
	if (!members->list)
		return -ENOMEM;
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const struct attribute *attribute = attribute_of(btf, type, i);

		if (attribute && !is_changed(map, attribute))
			members->list[members->count++] = (struct visible_member){
				attribute->name,
				btf_members(type)[i].type,
				btf_member_bit_offset(type, i),
			};
	}
	return 0;
}

static bool has_values(const struct members *members)
{
	return members->count && !strcmp(members->list[members->count - 1].name, "values");
}

static uint32_t word_of(const struct elfmap_map *map, const struct attribute *attribute)
{
	uint32_t word;

	memcpy(&word, (const char *)&map->def + attribute->offset, sizeof(word));
	return word;
}

/* What was changed stands before the others, all at the struct's beginning: nothing reads it there. */
static int put_changed(struct types *types, const struct elfmap_map *map, struct members *members)
{
	struct visible_member changed[NR_ATTRIBUTES];
	uint32_t count = 0;

	for (size_t i = 0; i < NR_ATTRIBUTES; i++) {
		const struct attribute *attribute = &attributes[i];
		int id;

		if (!attribute->is_word || !is_changed(map, attribute) ||
		    !word_of(map, attribute) ||
		    /* values says it, and takes no second word on it */
		    (!strcmp(attribute->name, "value_size") && has_values(members)))
			continue;
		id = types_integer(types, word_of(map, attribute));
		if (id < 0)
			return id;
		changed[count++] = (struct visible_member){ attribute->name, (uint32_t)id, 0 };
	}
	memmove(members->list + count, members->list, members->count * sizeof(*members->list));
	if (count)
		memcpy(members->list, changed, count * sizeof(*changed));
	members->count += count;
	return 0;
}

static int add_struct(struct btf_append *added, uint32_t size, const struct members *members)
{
	CLEANUP(cleanup_free)
	uint32_t *words = zeroed(3 * (size_t)members->count + 1, sizeof(*words));

	if (!words)
		return -ENOMEM;
	/* struct btf_member */
	for (uint32_t i = 0; i < members->count; i++) {
		const struct visible_member *member = &members->list[i];

		words[3 * i] = btf_append_string(added, member->name);
		words[3 * i + 1] = member->type;
		words[3 * i + 2] = member->bit_offset;
	}
	return (int)btf_append_type(
		added, &(struct btf_appended){ .kind = BTF_KIND_STRUCT,
					       .vlen = members->count,
					       .type = size,
					       .words = words,
					       .nr_words = 3 * (size_t)members->count });
}

static int make_struct(struct types *types, uint32_t struct_id, const struct elfmap_map *map);

/* values of the description of inner maps that is shown. */
static int make_values(struct types *types, uint32_t values, uint32_t inner)
{
	const struct btf_array array = *btf_array(btf__type_by_id(types->btf, values));
	int id = make_struct(types, inner, NULL);

	if (id > 0)
		id = types_pointer(types, (uint32_t)id);
	if (id > 0)
		id = types_array(types, array.index_type, (uint32_t)id, array.nelems);
	return id;
}

/*
 * Members stay where they are: slots are counted from where values begins. What the description of
 * inner maps says of slots of its own (map is NULL then) stays as it is: libbpf refuses a second level,
 * and BTF may have any number of them, or a circle.
 */
static int make_struct(struct types *types, uint32_t struct_id, const struct elfmap_map *map)
{
	CLEANUP(members_release) struct members members = { NULL, 0 };
	uint32_t size = btf__type_by_id(types->btf, struct_id)->size, inner;
	int err = collect(types->btf, struct_id, map, &members);

	if (err)
		return err;
	inner = map && has_values(&members) ?
			inner_struct(types->btf, members.list[members.count - 1].type) :
			0;
	if (inner && has_unknown(types->btf, inner)) {
		struct visible_member *last = &members.list[members.count - 1];
		int id = make_values(types, last->type, inner);

		if (id < 0)
			return id;
		last->type = (uint32_t)id;
	}
	err = put_changed(types, map, &members);
	return err ? err : add_struct(types->added, size, &members);
}

int visible_struct(struct types *types, const struct elfmap_map *map)
{
	struct shared wanted = { .words = { SHARED_VISIBLE, map->shown_btf_id, map->changed } };
	struct shared *shared;
	uint32_t n = 3;

	for (size_t i = 0; map->changed && i < NR_ATTRIBUTES; i++)
		if (attributes[i].is_word)
			wanted.words[n++] = word_of(map, &attributes[i]);
	shared = types_find(types, &wanted);
	if (!shared)
		return -ENOMEM;
	if (!shared->id) {
		int id = make_struct(types, map->shown_btf_id, map);

		if (id < 0)
			return id;
		shared->id = id;
	}
	return shared->id;
}
