/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects, maps and programs as JSON. The names of members are an interface: scripts read them.
 */
#include "describe.h"
#include "json.h"
#include "object.h"
#include "remarks.h"

static struct json_object *describe_slots(const struct elfmap_map *map)
{
	struct json_object *slots = json_new_array();
	struct json_object *slot;
	const char *target;
	__u32 key;
	size_t i;

	for (i = 0; i < elfmap_map__nr_slots(map); i++) {
		if (elfmap_map__slot(map, i, &key, &target))
			break;
		slot = json_new_object();
		json_add_number(slot, "key", key);
		json_add_string(slot, "target", target);
		json_append(slots, slot);
	}
	return slots;
}

static void describe_definition(struct json_object *object, const struct elfmap_map_def *def)
{
	json_add_number(object, "type", def->type);
	json_add_string(object, "type_name", map_type_name(def->type));
	json_add_number(object, "key_size", def->key_size);
	json_add_number(object, "value_size", def->value_size);
	json_add_number(object, "max_entries", def->max_entries);
	json_add_number(object, "map_flags", def->map_flags);
	json_add_number(object, "numa_node", def->numa_node);
	json_add_number(object, "id", def->id);
	json_add_number(object, "inner_id", def->inner_id);
	json_add_number(object, "inner_idx",
			def->inner_idx == (__u32)-1 ? -1 : (long long)def->inner_idx);
	json_add_number(object, "inner_map_idx", def->inner_map_idx);
	json_add_number(object, "pinning", def->pinning);
}

/* Those that no member above stands for. */
static struct json_object *describe_fields(const struct elfmap_map *map)
{
	struct json_object *fields = json_new_object();
	enum elfmap_field_kind kind;
	const char *name;
	const char *text;
	__u64 value;
	size_t i;

	for (i = 0; !elfmap_map__extra_field(map, i, &name, &kind, &value, &text); i++) {
		if (text)
			json_add_string(fields, name, text);
		else
			json_add_number(fields, name, (long long)value);
	}
	return fields;
}

struct json_object *describe_map(const struct elfmap_map *map)
{
	const struct elfmap_map *inner = elfmap_map__inner(map);
	struct json_object *object = json_new_object();

	json_add_string(object, "name", elfmap_map__name(map));
	json_add_string(object, "section", elfmap_map__section(map));
	json_add_number(object, "offset", (long long)elfmap_map__offset(map));
	json_add_string(object, "layout", elfmap_map__layout(map));
	json_add_string(object, "evidence", elfmap_map__evidence(map));
	describe_definition(object, elfmap_map__def(map));
	json_add(object, "fields", describe_fields(map));
	json_add_string(object, "inner", inner ? elfmap_map__name(inner) : NULL);
	json_add_string(object, "pin_path", elfmap_map__pin_path(map));
	json_add_number(object, "btf_id", elfmap_map__btf_id(map));
	json_add_number(object, "btf_key_type_id", elfmap_map__btf_key_type_id(map));
	json_add_number(object, "btf_value_type_id", elfmap_map__btf_value_type_id(map));
	json_add(object, "slots", describe_slots(map));
	return object;
}

static struct json_object *describe_tail_call(const struct elfmap_program *program)
{
	struct json_object *object;
	const struct elfmap_map *map;
	__u32 key = 0;

	map = elfmap_program__tail_call(program, &key);
	if (!map)
		return NULL;
	object = json_new_object();
	json_add_string(object, "map", elfmap_map__name(map));
	json_add_number(object, "key", key);
	return object;
}

struct json_object *describe_program(const struct elfmap_program *program)
{
	struct json_object *object = json_new_object();
	__u32 type = elfmap_program__type(program);

	json_add_string(object, "name", elfmap_program__name(program));
	json_add_string(object, "section", elfmap_program__section(program));
	json_add_number(object, "insns", (long long)elfmap_program__insn_cnt(program));
	json_add_number(object, "type", type);
	json_add_string(object, "type_name", type ? program_type_name(type) : NULL);
	json_add_number(object, "expected_attach_type",
			elfmap_program__expected_attach_type(program));
	json_add_bool(object, "subprogram", elfmap_program__is_subprogram(program));
	json_add(object, "tail_call", describe_tail_call(program));
	return object;
}

struct json_object *describe_object(struct elfmap_object *obj)
{
	struct json_object *object = json_new_object();
	struct json_object *maps = json_new_array();
	struct json_object *programs = json_new_array();
	struct elfmap_program *program = NULL;
	struct elfmap_map *map = NULL;
	char sha1[41];

	object_sha1_text(obj, sha1);
	json_add_string(object, "file", elfmap_object__name(obj));
	json_add_bool(object, "legacy", elfmap_object__is_legacy(obj));
	json_add_string(object, "byte_order", object_byte_order(obj));
	json_add_string(object, "sha1", sha1);
	while ((map = elfmap_object__next_map(obj, map)))
		json_append(maps, describe_map(map));
	json_add(object, "maps", maps);
	while ((program = elfmap_object__next_program(obj, program)))
		json_append(programs, describe_program(program));
	json_add(object, "programs", programs);
	json_add(object, "repairs", remarks_describe(obj, ELFMAP_REMARK_REPAIR));
	json_add(object, "notes", remarks_describe(obj, ELFMAP_REMARK_NOTE));
	return object;
}
