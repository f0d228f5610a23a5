/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "datasec.h"
#include "iproute2.h"
#include "log.h"
#include "synthesise.h"

/* Members of a definition, at most: type to values. */
#define ATTRIBUTES_MAX 8

/* A type that later definitions may share: the words say what it is. */
struct shared {
	uint32_t words[12];
	int id;
};

struct types {
	struct btf *btf;
	void *shared; /* tree of struct shared */
	int int_id;
	int char_id;
};

/* What a struct for libbpf says about a map. */
struct definition {
	uint32_t type, key_size, value_size, max_entries, map_flags, numa_node, pinning;
	uint32_t key_type, value_type;
	uint32_t values; /* the type of slots: a struct for inner maps, a prototype for programs */
};

/* --- shared types -------------------------------------------------------------------------------- */

static int compare_shared(const void *a, const void *b)
{
	return memcmp(((const struct shared *)a)->words, ((const struct shared *)b)->words,
		      sizeof(((const struct shared *)a)->words));
}

/* The node for these words, with id 0 where it is new; NULL without memory. */
static struct shared *find_shared(struct types *types, const struct shared *wanted)
{
	struct shared *made, **found = tsearch(wanted, &types->shared, compare_shared);

	if (!found || *found != wanted)
		return found ? *found : NULL;
	made = malloc(sizeof(*made));
	if (!made) {
		tdelete(wanted, &types->shared, compare_shared);
		return NULL;
	}
	*made = *wanted;
	*found = made;
	return made;
}

/* An INT of that name and size: the object's own if it has one. */
static int integer_type(struct btf *btf, const char *name, uint32_t size)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_INT);

	if (id > 0 && btf__type_by_id(btf, (__u32)id)->size == size)
		return id;
	return btf__add_int(btf, name, size, BTF_INT_SIGNED);
}

static int lazily(int *id, struct btf *btf, const char *name, uint32_t size)
{
	if (!*id)
		*id = integer_type(btf, name, size);
	return *id;
}

/*
 * An integer attribute is a pointer to an array with that many elements. The kernel refuses arrays
 * of 4 GiB and more, so large values count bytes instead of ints.
 */
static int integer_attribute(struct types *types, uint32_t value)
{
	struct shared wanted = { .words = { 1, value } };
	struct shared *shared = find_shared(types, &wanted);
	int element, id;

	if (!shared)
		return -ENOMEM;
	if (shared->id)
		return shared->id;
	id = lazily(&types->int_id, types->btf, "int", 4);
	element = value < (1u << 30) ? id : lazily(&types->char_id, types->btf, "char", 1);
	if (id < 0 || element < 0)
		return id < 0 ? id : element;
	id = btf__add_array(types->btf, id, element, value);
	if (id > 0)
		id = btf__add_ptr(types->btf, id);
	if (id > 0)
		shared->id = id;
	return id;
}

static int pointer_attribute(struct types *types, uint32_t target)
{
	struct shared wanted = { .words = { 2, target } };
	struct shared *shared = find_shared(types, &wanted);

	if (!shared)
		return -ENOMEM;
	if (!shared->id)
		shared->id = btf__add_ptr(types->btf, (int)target);
	return shared->id;
}

/* values: an array of no declared length, of pointers to what the slots hold. */
static int values_attribute(struct types *types, uint32_t target)
{
	struct shared wanted = { .words = { 3, target } };
	struct shared *shared = find_shared(types, &wanted);
	int index = lazily(&types->int_id, types->btf, "int", 4);
	int pointer = pointer_attribute(types, target);

	if (!shared)
		return -ENOMEM;
	if (index < 0 || pointer < 0)
		return index < 0 ? index : pointer;
	if (!shared->id)
		shared->id = btf__add_array(types->btf, index, pointer, 0);
	return shared->id;
}

/* int (void): libbpf only asks that it is a prototype. */
static int program_prototype(struct types *types)
{
	struct shared wanted = { .words = { 4 } };
	struct shared *shared = find_shared(types, &wanted);
	int result = lazily(&types->int_id, types->btf, "int", 4);

	if (!shared)
		return -ENOMEM;
	if (result < 0)
		return result;
	if (!shared->id)
		shared->id = btf__add_func_proto(types->btf, result);
	return shared->id;
}

/* --- definitions --------------------------------------------------------------------------------- */

struct attribute {
	const char *name;
	int type;
};

/* The struct's members in order; their types are made first, as a struct's members follow it. */
static int make_attributes(struct types *types, const struct definition *def,
			   struct attribute attributes[ATTRIBUTES_MAX], uint32_t *count)
{
	bool numa = def->map_flags & BPF_F_NUMA_NODE;
	uint32_t n = 0;

	attributes[n++] = (struct attribute){ "type", integer_attribute(types, def->type) };
	if (def->max_entries)
		attributes[n++] = (struct attribute){ "max_entries",
						      integer_attribute(types, def->max_entries) };
	if (def->map_flags)
		attributes[n++] =
			(struct attribute){ "map_flags", integer_attribute(types, def->map_flags) };
	if (numa)
		attributes[n++] =
			(struct attribute){ "numa_node", integer_attribute(types, def->numa_node) };
	if (def->key_type)
		attributes[n++] =
			(struct attribute){ "key", pointer_attribute(types, def->key_type) };
	else if (def->key_size)
		attributes[n++] =
			(struct attribute){ "key_size", integer_attribute(types, def->key_size) };
	if (def->pinning)
		attributes[n++] =
			(struct attribute){ "pinning", integer_attribute(types, def->pinning) };
	/* values stands last, and sets the size of the values itself */
	if (def->values)
		attributes[n++] =
			(struct attribute){ "values", values_attribute(types, def->values) };
	else if (def->value_type)
		attributes[n++] =
			(struct attribute){ "value", pointer_attribute(types, def->value_type) };
	else if (def->value_size)
		attributes[n++] = (struct attribute){ "value_size",
						      integer_attribute(types, def->value_size) };
	*count = n;
	for (uint32_t i = 0; i < n; i++)
		if (attributes[i].type < 0)
			return attributes[i].type;
	return 0;
}

/* The anonymous struct for a definition; an existing one where an equal map came before. */
static int definition_struct(struct types *types, const struct definition *def)
{
	struct attribute attributes[ATTRIBUTES_MAX];
	struct shared wanted = { .words = { 5 } };
	struct shared *shared;
	uint32_t count, values;
	int id, err;

	memcpy(&wanted.words[1], def, sizeof(*def));
	shared = find_shared(types, &wanted);
	if (!shared)
		return -ENOMEM;
	if (shared->id)
		return shared->id;
	err = make_attributes(types, def, attributes, &count);
	if (err)
		return err;
	values = def->values ? 1 : 0;
	id = btf__add_struct(types->btf, NULL, (count - values) * POINTER_SIZE);
	for (uint32_t i = 0; id > 0 && i < count; i++) {
		err = btf__add_field(types->btf, attributes[i].name, attributes[i].type,
				     i * POINTER_SIZE * 8, 0);
		if (err)
			return err;
	}
	if (id > 0)
		shared->id = id;
	return id;
}

static struct definition own_definition(const struct elfmap_map *map)
{
	const struct elfmap_map_def *def = &map->def;

	return (struct definition){
		.type = def->type,
		.key_size = def->key_size,
		.value_size = def->value_size,
		.max_entries = def->max_entries,
		.map_flags = def->map_flags,
		.numa_node = def->map_flags & BPF_F_NUMA_NODE ? def->numa_node : 0,
		.key_type = map->key_type_id,
		.value_type = map->value_type_id,
	};
}

/* The struct of a map's slots, 0 where it has none to tell libbpf of. */
static int slots_type(struct types *types, const struct elfmap_map *map)
{
	struct definition inner;

	if (map->def.type == BPF_MAP_TYPE_PROG_ARRAY)
		return slots_are_declarable(map) ? program_prototype(types) : 0;
	if (!map->inner)
		return 0;
	inner = own_definition(map->inner);
	return definition_struct(types, &inner);
}

/* The one pin that libbpf has a word for. */
bool synthesise_is_pinned_by_name(const struct elfmap_map *map)
{
	if (!(map->def.has & ELFMAP_DEF_PINNING))
		return false;
	return map->def.pin == ELFMAP_PIN_BY_NAME   ? map->def.pinning == PIN_BY_NAME :
	       map->def.pin == ELFMAP_PIN_BY_NUMBER ? map->def.pinning == IPROUTE2_PIN_GLOBAL_NS :
						      false;
}

static int synthesise_map(struct types *types, struct elfmap_map *map)
{
	struct definition def = own_definition(map);
	int values = slots_type(types, map);
	int id;

	if (values < 0)
		return values;
	def.values = (uint32_t)values;
	if (!values)
		def.value_size = synthesise_value_size(map);
	if (synthesise_is_pinned_by_name(map))
		def.pinning = PIN_BY_NAME;
	id = definition_struct(types, &def);
	if (id < 0)
		return id;
	map->image_btf_id = (uint32_t)id;
	map->values_offset = btf__type_by_id(types->btf, (__u32)id)->size;
	map->image_size = map->values_offset;
	if (slots_are_declarable(map))
		map->image_size += (map->slots[map->nr_slots - 1].key + 1) * POINTER_SIZE;
	return 0;
}

uint32_t synthesise_value_size(const struct elfmap_map *map)
{
	/* values implies it, and for maps of maps the kernel takes no other; some have 0 */
	return is_outer_type(map->def.type) || slots_are_declarable(map) ? sizeof(uint32_t) :
									   map->def.value_size;
}

bool slots_are_declarable(const struct elfmap_map *map)
{
	return map->nr_slots && map->slots[map->nr_slots - 1].key < DECLARED_SLOTS_MAX &&
	       map->def.key_size == sizeof(uint32_t);
}

/* --- the section --------------------------------------------------------------------------------- */

/*
 * Native maps stay where they are. Legacy ones follow, inner before outer: libbpf creates maps in
 * this order, and what is to be stored must exist.
 */
static int order_maps(struct elfmap_object *object)
{
	size_t next = 0;

	object->order = calloc(object->nr_maps ? object->nr_maps : 1, sizeof(*object->order));
	if (!object->order)
		return -ENOMEM;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < object->nr_maps; i++) {
			struct elfmap_map *map = &object->maps[i];
			int rank = map->native ? 0 : is_outer_type(map->def.type) ? 2 : 1;

			if (rank == round)
				object->order[next++] = map;
		}
	}
	return 0;
}

static int place_maps(struct elfmap_object *object)
{
	size_t native = read_find_section(&object->view, ".maps");
	uint64_t offset = object->nr_maps > object->nr_legacy ?
				  object->view.sections[native].header.sh_size :
				  0;

	offset = (offset + POINTER_SIZE - 1) / POINTER_SIZE * POINTER_SIZE;
	for (size_t i = 0; i < object->nr_maps; i++) {
		struct elfmap_map *map = object->order[i];

		if (map->native) {
			map->image_offset = (uint32_t)map->offset;
			map->image_size = (uint32_t)map->size;
			map->image_btf_id = map->btf_id;
			continue;
		}
		map->image_offset = (uint32_t)offset;
		offset += map->image_size;
		if (offset > OBJECT_SIZE_MAX) {
			log_error("%s: the definitions and their slots take more than %u bytes",
				  object->view.name, OBJECT_SIZE_MAX);
			return -E2BIG;
		}
	}
	object->maps_size = (uint32_t)offset;
	return 0;
}

int synthesise_object(struct elfmap_object *object)
{
	struct types types = { .btf = object->btf };
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (!object->maps[i].native)
			err = synthesise_map(&types, &object->maps[i]);
	tdestroy(types.shared, free);
	if (!err)
		err = order_maps(object);
	if (!err)
		err = place_maps(object);
	if (!err)
		err = datasec_synthesise(object);
	if (err == -ENOMEM || !err)
		return err;
	if (err != -E2BIG)
		log_error("%s: cannot synthesise BTF: %s", object->view.name, strerror(-err));
	return err;
}
