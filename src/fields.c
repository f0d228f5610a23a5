/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "fields.h"
#include "members.h"

int fields_add(struct elfmap_map *map, struct extra_field field)
{
	struct extra_field *grown =
		reallocarray(map->fields, map->nr_fields + 1, sizeof(*map->fields));

	if (!grown)
		return -ENOMEM;
	map->fields = grown;
	grown[map->nr_fields++] = field;
	return 0;
}

/* --- reading ------------------------------------------------------------------------------------- */

static int read_field(struct elfmap_map *map, const struct elfmap_field *field)
{
	struct elfmap_object *object = map->object;
	const uint8_t *bytes = object->view.sections[map->section].data + map->offset;
	struct extra_field extra = { .name = field->name, .kind = field->kind };

	if (field->offset > map->size || field->size > map->size - field->offset)
		return 0;
	if (field->kind == ELFMAP_FIELD_POINTER || members_find(field->name))
		return 0;
	if (field->kind == ELFMAP_FIELD_TEXT) {
		const char *text = (const char *)bytes + field->offset;

		extra.text = texts_keep_bytes(&object->texts, text, strnlen(text, field->size));
		if (!extra.text)
			return -ENOMEM;
	} else {
		if (read_uint(&object->view, bytes + field->offset, field->size, &extra.value))
			return 0;
	}
	return fields_add(map, extra);
}

/* --- from BTF ------------------------------------------------------------------------------------ */

/* What kind of field a member is; false for what is neither number nor text. */
static bool member_kind(const struct btf *btf, const struct btf_type *type, uint32_t i,
			enum elfmap_field_kind *kind)
{
	int id = btf__resolve_type(btf, btf_members(type)[i].type);
	const struct btf_type *member = id < 0 ? NULL : btf__type_by_id(btf, (__u32)id);

	if (!member || btf_member_bitfield_size(type, i) || btf_member_bit_offset(type, i) % 8)
		return false;
	*kind = btf_is_array(member) ? ELFMAP_FIELD_TEXT : ELFMAP_FIELD_NUMBER;
	if (btf_is_array(member))
		return btf__resolve_size(btf, btf_array(member)->type) == 1;
	return btf_is_int(member) || btf_is_any_enum(member);
}

static int read_members(struct elfmap_map *map, const struct btf *btf)
{
	const struct btf_type *type = btf__type_by_id(btf, map->btf_id);
	int err = 0;

	for (uint32_t i = 0; !err && i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;
		const char *name = btf__name_by_offset(btf, member->name_off);
		struct elfmap_field field = { .offset = btf_member_bit_offset(type, i) / 8 };
		__s64 size;

		if (!name || !*name || members_find(name))
			continue;
		size = btf__resolve_size(btf, member->type);
		if (size <= 0 || size > UINT32_MAX || !member_kind(btf, type, i, &field.kind))
			continue;
		field.size = (__u32)size;
		/* types are appended later, which may move the names */
		field.name = texts_keep(&map->object->texts, name);
		err = field.name ? read_field(map, &field) : -ENOMEM;
	}
	return err;
}

static const struct elfmap_field *find_field(const struct elfmap_format *format, const char *name)
{
	for (size_t i = 0; i < format->nr_fields; i++)
		if (!strcmp(format->fields[i].name, name))
			return &format->fields[i];
	return NULL;
}

/* How to show a number is known to layouts only. */
static void take_kinds(struct elfmap_map *map, const struct elfmap_format *format)
{
	for (size_t i = 0; i < map->nr_fields; i++) {
		const struct elfmap_field *known = find_field(format, map->fields[i].name);

		if (known && known->kind == ELFMAP_FIELD_OCTAL)
			map->fields[i].kind = known->kind;
	}
}

int fields_read(struct elfmap_map *map, const struct elfmap_format *format)
{
	int err = 0;

	if (map->btf_id)
		err = read_members(map, map->object->btf);
	for (size_t i = 0; !map->btf_id && !err && i < format->nr_fields; i++)
		err = read_field(map, &format->fields[i]);
	take_kinds(map, format);
	return err;
}

/* --- the public view ----------------------------------------------------------------------------- */

int elfmap_map__field(const struct elfmap_map *map, const char *name, __u64 *value)
{
	const struct member *member = members_find(name);

	for (size_t i = 0; i < map->nr_fields; i++) {
		if (strcmp(map->fields[i].name, name) != 0)
			continue;
		if (fields_is_text(map->fields[i].kind))
			return -EINVAL;
		*value = map->fields[i].value;
		return 0;
	}
	if (!member || (member->has && !(map->def.has & member->has)))
		return -ENOENT;
	*value = members_get(&map->def, member);
	return 0;
}

__u32 elfmap_map__field_type_id(const struct elfmap_map *map, const char *name)
{
	const struct btf *btf = map->object->btf;
	const struct btf_type *type = map->btf_id ? btf__type_by_id(btf, map->btf_id) : NULL;

	for (uint32_t i = 0; type && i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;
		const char *found = btf__name_by_offset(btf, member->name_off);
		const struct btf_type *is;

		if (!found || strcmp(found, name) != 0)
			continue;
		is = btf__type_by_id(btf, member->type);
		return map->native && btf_is_ptr(is) ? is->type : member->type;
	}
	return 0;
}

size_t elfmap_map__nr_extra_fields(const struct elfmap_map *map)
{
	return map->nr_fields;
}

int elfmap_map__extra_field(const struct elfmap_map *map, size_t i, const char **name,
			    enum elfmap_field_kind *kind, __u64 *value, const char **text)
{
	if (i >= map->nr_fields)
		return -ERANGE;
	if (name)
		*name = map->fields[i].name;
	if (kind)
		*kind = map->fields[i].kind;
	if (value)
		*value = map->fields[i].value;
	if (text)
		*text = map->fields[i].text;
	return 0;
}
