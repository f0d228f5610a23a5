/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "btf_append.h"
#include "cleanup.h"
#include "datasec.h"
#include "iproute2.h"
#include "log.h"
#include "own_btf.h"
#include "synthesise.h"
#include "types.h"
#include "visible.h"

/* Members of a definition, at most: type to values. */
#define ATTRIBUTES_MAX 8

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

	attributes[n++] = (struct attribute){ "type", types_integer(types, def->type) };
	if (def->max_entries)
		attributes[n++] =
			(struct attribute){ "max_entries", types_integer(types, def->max_entries) };
	if (def->map_flags)
		attributes[n++] =
			(struct attribute){ "map_flags", types_integer(types, def->map_flags) };
	if (numa)
		attributes[n++] =
			(struct attribute){ "numa_node", types_integer(types, def->numa_node) };
	if (def->key_type)
		attributes[n++] = (struct attribute){ "key", types_pointer(types, def->key_type) };
	else if (def->key_size)
		attributes[n++] =
			(struct attribute){ "key_size", types_integer(types, def->key_size) };
	if (def->pinning)
		attributes[n++] =
			(struct attribute){ "pinning", types_integer(types, def->pinning) };
	/* values stands last, and sets the size of the values itself */
	if (def->values)
		attributes[n++] = (struct attribute){ "values", types_values(types, def->values) };
	else if (def->value_type)
		attributes[n++] =
			(struct attribute){ "value", types_pointer(types, def->value_type) };
	else if (def->value_size)
		attributes[n++] =
			(struct attribute){ "value_size", types_integer(types, def->value_size) };
	*count = n;
	for (uint32_t i = 0; i < n; i++)
		if (attributes[i].type < 0)
			return attributes[i].type;
	return 0;
}

/*
 * The anonymous struct for a definition; an existing one where an equal map came before. NULL without
 * memory.
 */
static struct shared *definition_struct(struct types *types, const struct shared *wanted)
{
	struct attribute attributes[ATTRIBUTES_MAX];
	uint32_t words[3 * ATTRIBUTES_MAX], count;
	struct shared *shared = types_find(types, wanted);

	if (!shared || shared->id)
		return shared;
	if (make_attributes(types, &wanted->def, attributes, &count))
		return NULL;
	/* struct btf_member */
	for (uint32_t i = 0; i < count; i++) {
		words[3 * i] = btf_append_string(types->added, attributes[i].name);
		words[3 * i + 1] = (uint32_t)attributes[i].type;
		words[3 * i + 2] = i * POINTER_SIZE * 8;
	}
	shared->size = (count - (wanted->def.values ? 1 : 0)) * POINTER_SIZE;
	shared->id = (int)btf_append_type(types->added,
					  &(struct btf_appended){ .kind = BTF_KIND_STRUCT,
								  .vlen = count,
								  .type = shared->size,
								  .words = words,
								  .nr_words = 3 * (size_t)count });
	return shared;
}

static struct shared own_definition(const struct elfmap_map *map)
{
	const struct elfmap_map_def *def = &map->def;

	return (struct shared){
		.def = {
			.kind = SHARED_DEFINITION,
			.type = def->type,
			.key_size = def->key_size,
			.value_size = def->value_size,
			.max_entries = def->max_entries,
			.map_flags = def->map_flags,
			.numa_node = def->map_flags & BPF_F_NUMA_NODE ? def->numa_node : 0,
			.pinning = 0,
			.key_type = map->key_type_id,
			.value_type = map->value_type_id,
			.values = 0,
		},
		.id = 0,
		.size = 0,
	};
}

/* The struct of a map's slots, 0 where it has none to tell libbpf of. */
static int slots_type(struct types *types, const struct elfmap_map *map)
{
	struct shared inner, *shared;

	if (map->def.type == BPF_MAP_TYPE_PROG_ARRAY)
		return slots_are_declarable(map) ? types_program_prototype(types) : 0;
	if (!map->inner)
		return 0;
	inner = own_definition(map->inner);
	shared = definition_struct(types, &inner);
	return shared ? shared->id : -ENOMEM;
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
	struct shared wanted = own_definition(map), *shared;
	int values = slots_type(types, map);

	if (values < 0)
		return values;
	wanted.def.values = (uint32_t)values;
	if (!values)
		wanted.def.value_size = synthesise_value_size(map);
	if (synthesise_is_pinned_by_name(map))
		wanted.def.pinning = PIN_BY_NAME;
	shared = definition_struct(types, &wanted);
	if (!shared)
		return -ENOMEM;
	map->image_btf_id = (uint32_t)shared->id;
	map->values_offset = shared->size;
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

/* Give the map that is next in order its place behind those before, which take *size bytes. */
static void place_map(struct elfmap_map *map, uint64_t *size)
{
	if (map->native) {
		map->image_offset = (uint32_t)map->offset;
		map->image_size = map->size;
		return;
	}
	map->image_offset = (uint32_t)*size;
	*size += map->image_size;
}

/*
 * Native maps stay where they are. Legacy ones follow, inner before outer: libbpf creates maps in
 * this order, and what is to be stored must exist.
 */
static int place_maps(struct elfmap_object *object)
{
	size_t native = read_find_section(&object->view, ".maps"), next = 0;
	uint64_t size = object->nr_maps > object->nr_legacy ?
				object->view.sections[native].header.sh_size :
				0;

	free(object->order);
	object->order = malloc((object->nr_maps + 1) * sizeof(*object->order));
	if (!object->order)
		return -ENOMEM;
	size = (size + POINTER_SIZE - 1) / POINTER_SIZE * POINTER_SIZE;
	for (int round = object->nr_maps > object->nr_legacy ? 0 : 1; next < object->nr_maps;
	     round++) {
		for (size_t i = 0; i < object->nr_maps; i++) {
			struct elfmap_map *map = &object->maps[i];
			int rank = map->native ? 0 : is_outer_type(map->def.type) ? 2 : 1;

			if (rank != round)
				continue;
			object->order[next++] = map;
			place_map(map, &size);
			if (size > OBJECT_SIZE_MAX) {
				log_error("%s: the definitions and their slots take more than %u "
					  "bytes",
					  object->view.name, OBJECT_SIZE_MAX);
				return -E2BIG;
			}
		}
	}
	object->maps_size = (uint32_t)size;
	return 0;
}

/* A BTF-defined map keeps its struct, unless that is not for libbpf's eyes or was changed. */
static int synthesise_native(struct types *types, struct elfmap_map *map)
{
	int id;

	map->image_btf_id = map->shown_btf_id;
	if (!map->shown_btf_id || (!map->changed && !visible_hides(types->btf, map->shown_btf_id)))
		return 0;
	id = visible_struct(types, map);
	if (id < 0)
		return id;
	map->image_btf_id = (uint32_t)id;
	map->object->nr_shown++;
	return 0;
}

static int synthesise_structs(struct elfmap_object *object, struct btf_append *added)
{
	struct types types = { .btf = object->btf, .added = added };
	int err = 0;

	object->nr_shown = 0;
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = object->maps[i].native ? synthesise_native(&types, &object->maps[i]) :
					       synthesise_map(&types, &object->maps[i]);
	types_release(&types);
	return err;
}

/* What is appended to the object's BTF; *sections says what is to be changed in it then. */
static int append_all(struct elfmap_object *object, struct btf_append *added,
		      struct datasecs *sections)
{
	int err = synthesise_structs(object, added);

	if (!err && object->nr_legacy)
		err = place_maps(object);
	return err ? err : datasec_append(object, added, sections);
}

/* A variable for each map, and its place in the DATASEC; its name is that of a symbol. */
static void reserve(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	size_t size =
		sizeof(struct btf_type) + sizeof(struct btf_var) + sizeof(struct btf_var_secinfo);

	if (object->nr_legacy)
		btf_append_reserve(&object->added, object->nr_legacy * size,
				   view->sections[view->strtab].header.sh_size);
}

/*
 * Types are appended in the file's byte order. Those of the object change in place, in the host's: its
 * endianness is that meanwhile, by which libbpf forgets the copy in another one that it may have.
 */
static int synthesise(struct elfmap_object *object)
{
	enum btf_endianness order = btf__endianness(object->btf);
	CLEANUP(datasecs_release) struct datasecs sections = { 0 };
	int err = btf__set_endianness(object->btf, BTF_HOST_ENDIANNESS);

	if (!err)
		err = btf_append_begin(object->btf, NULL, object->view.swapped, &object->added);
	if (!err)
		reserve(object);
	if (!err)
		err = append_all(object, &object->added, &sections);
	if (!err && object->added.failed)
		err = -ENOMEM;
	if (!err)
		datasec_change(object, &sections);
	btf__set_endianness(object->btf, order);
	if (err && err != -ENOMEM && err != -E2BIG)
		log_error("%s: cannot synthesise BTF: %s", object->view.name, strerror(-err));
	return err;
}

/* What is left of the last time. */
static int forget(struct elfmap_object *object)
{
	int err = own_btf_restore(object);

	btf_append_release(&object->added);
	btf__free(object->whole_btf);
	object->whole_btf = NULL;
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].btf_var >= btf__type_cnt(object->btf))
			object->maps[i].btf_var = 0;
	return err;
}

int synthesise_object(struct elfmap_object *object)
{
	int err = 0;

	if (object->is_synthesised || object->refusal)
		return 0;
	if (object->is_appended)
		err = forget(object);
	object->is_appended = true;
	free(object->image);
	object->image = NULL;
	if (!err)
		err = synthesise(object);
	object->is_synthesised = !err;
	return err;
}

/* Most who have an object translated do not ask for it. */
static int make_whole(struct elfmap_object *object)
{
	CLEANUP(btf_append_release) struct btf_append nothing = { 0 };
	CLEANUP(cleanup_free) uint8_t *bytes = NULL;
	size_t size;
	int err = btf_append_begin(object->btf, &object->added, object->view.swapped, &nothing);

	if (!err)
		err = btf_append_size(&nothing, &size);
	if (err)
		return err;
	bytes = malloc(size);
	if (!bytes)
		return -ENOMEM;
	btf_append_put(&nothing, bytes);
	object->whole_btf = btf__new(bytes, (__u32)size);
	return object->whole_btf ?
		       btf__set_endianness(object->whole_btf, btf__endianness(object->btf)) :
		       -errno;
}

int synthesise_whole(struct elfmap_object *object, const struct btf **btf)
{
	int err = synthesise_object(object);

	if (!err && object->added.nr_types && !object->whole_btf)
		err = make_whole(object);
	*btf = object->whole_btf ? object->whole_btf : object->btf;
	return err;
}
