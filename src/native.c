/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "entries.h"
#include "fields.h"
#include "log.h"
#include "members.h"
#include "native.h"
#include "sort.h"
#include "tags.h"
#include "visible.h"
#include "zeroed.h"

/* An integer attribute: a pointer to an array whose length is the value. */
static bool read_integer(const struct btf *btf, uint32_t id, uint32_t *value)
{
	int resolved = btf__resolve_type(btf, id);
	const struct btf_type *type = resolved < 0 ? NULL : btf__type_by_id(btf, (__u32)resolved);

	if (!type || !btf_is_ptr(type))
		return false;
	type = btf__type_by_id(btf, type->type);
	if (!type || !btf_is_array(type))
		return false;
	*value = btf_array(type)->nelems;
	return true;
}

/* A type attribute: a pointer to the type of key or value. */
static void read_type(const struct btf *btf, uint32_t id, uint32_t *type_id, uint32_t *size)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	__s64 resolved;

	if (!type || !btf_is_ptr(type))
		return;
	resolved = btf__resolve_size(btf, type->type);
	if (resolved < 0 || resolved > UINT32_MAX)
		return;
	*type_id = type->type;
	*size = (uint32_t)resolved;
}

static void read_attribute(struct elfmap_map *map, const struct btf *btf, const char *name,
			   uint32_t id)
{
	/* pinning is libbpf's PIN_BY_NAME here, not a number of iproute2's */
	const struct member *member = visible_is_known(name) ? members_find(name) : NULL;
	uint32_t number;

	if (member) {
		if (read_integer(btf, id, &number))
			members_set(&map->def, member, number);
		return;
	}
	if (!strcmp(name, "key"))
		read_type(btf, id, &map->key_type_id, &map->def.key_size);
	else if (!strcmp(name, "value"))
		read_type(btf, id, &map->value_type_id, &map->def.value_size);
	else if (!strcmp(name, "values"))
		map->def.value_size = sizeof(uint32_t);
}

static void read_variable(struct elfmap_map *map, const struct btf *btf,
			  const struct btf_var_secinfo *info)
{
	const struct btf_type *var = btf__type_by_id(btf, info->type);
	const struct btf_type *type;

	if (!var || !btf_is_var(var))
		return;
	map->btf_var = info->type;
	map->btf_id = entries_struct_id(btf, var->type);
	map->shown_btf_id = map->btf_id;
	type = map->btf_id ? btf__type_by_id(btf, map->btf_id) : NULL;
	for (uint32_t i = 0; type && i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;
		const char *name = btf__name_by_offset(btf, member->name_off);

		if (name)
			read_attribute(map, btf, name, member->type);
	}
}

/* --- fields that struct elfmap_map_def has no member for ----------------------------------------- */

/* __ulong(name, value): an enum with one value. */
static bool read_long(const struct btf *btf, uint32_t id, uint64_t *value)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	if (!type || !btf_is_any_enum(type) || btf_vlen(type) != 1)
		return false;
	*value = btf_is_enum(type) ? (uint32_t)btf_enum(type)->val :
				     btf_enum64_value(btf_enum64(type));
	return true;
}

/* __type(name, type): a pointer to it, which is told by its name. */
static bool read_type_name(const struct btf *btf, uint32_t id, const char **name)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	if (!type || !btf_is_ptr(type))
		return false;
	type = btf__type_by_id(btf, type->type);
	*name = type ? btf__name_by_offset(btf, type->name_off) : NULL;
	return true;
}

static int read_extra(struct elfmap_map *map, const struct btf *btf, const char *name, uint32_t id)
{
	struct texts *texts = &map->object->texts;
	struct extra_field field = { .kind = ELFMAP_FIELD_NUMBER };
	const char *text = NULL;
	uint32_t number;

	if (read_integer(btf, id, &number)) {
		field.value = number;
	} else if (!read_long(btf, id, &field.value)) {
		if (!read_type_name(btf, id, &text))
			return 0;
		field.kind = ELFMAP_FIELD_TYPE;
		field.text = texts_keep(texts, text ? text : "");
		if (!field.text)
			return -ENOMEM;
	}
	/* types are appended later, which may move the names */
	field.name = texts_keep(texts, name);
	return field.name ? fields_add(map, field) : -ENOMEM;
}

/* Those that only the author knows, and the one that libbpf and the kernel know beside the members. */
static int read_extras(struct elfmap_map *map)
{
	const struct btf *btf = map->object->btf;
	const struct btf_type *type = map->btf_id ? btf__type_by_id(btf, map->btf_id) : NULL;
	int err = 0;

	for (uint32_t i = 0; type && !err && i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;
		const char *name = btf__name_by_offset(btf, member->name_off);

		if (name && *name && (!visible_is_known(name) || !strcmp(name, "map_extra")))
			err = read_extra(map, btf, name, member->type);
	}
	return err;
}

/* --- maps by their variables ---------------------------------------------------------------------- */

/* The symbols in the section, by name. */
struct symbol_names {
	struct symbol_name {
		const char *name;
		size_t symbol;
	} * names;
	size_t count;
};

static int compare_names(const void *a, const void *b)
{
	const struct symbol_name *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int collect_names(const struct elf_view *view, size_t section, struct symbol_names *out)
{
	struct symbol_name *names = zeroed(view->nr_symbols + 1, sizeof(*names));
	size_t count = 0;

	if (!names)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_symbols; i++)
		if (view->symbols[i].st_shndx == section &&
		    ELF64_ST_TYPE(view->symbols[i].st_info) != STT_SECTION)
			names[count++] =
				(struct symbol_name){ read_symbol_name(view, &view->symbols[i]),
						      i };
	sort(names, count, sizeof(*names), compare_names);
	*out = (struct symbol_names){ names, count };
	return 0;
}

/* 0 where there is none. */
static size_t find_symbol(const struct symbol_names *names, const char *name)
{
	const struct symbol_name wanted = { name, 0 }, *found;

	found = bsearch(&wanted, names->names, names->count, sizeof(wanted), compare_names);
	return found ? found->symbol : 0;
}

static int read_map(struct elfmap_object *object, size_t index, const struct symbol_names *names,
		    const struct btf_var_secinfo *info, struct elfmap_map *map)
{
	const struct elf_view *view = &object->view;
	const struct btf_type *var = btf__type_by_id(object->btf, info->type);
	const char *name = var ? btf__name_by_offset(object->btf, var->name_off) : NULL;
	size_t symbol = name ? find_symbol(names, name) : 0;

	if (!symbol) {
		log_error("%s: section .maps: variable \"%s\" has no symbol", view->name,
			  name ? name : "?");
		return -EINVAL;
	}
	*map = (struct elfmap_map){
		.object = object,
		.name = read_symbol_name(view, &view->symbols[symbol]),
		.section = (uint32_t)index,
		.offset = view->symbols[symbol].st_value,
		.size = info->size,
		.symbol = (uint32_t)symbol,
		.native = true,
		.own_fd = -1,
		.layout = "BTF-defined",
		.evidence = "libbpf's own form, in section .maps",
	};
	read_variable(map, object->btf, info);
	map->def.pin = ELFMAP_PIN_BY_NAME;
	return 0;
}

static int compare_offsets(const void *a, const void *b)
{
	const struct elfmap_map *left = a, *right = b;

	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

int native_read(struct elfmap_object *object, size_t index, struct elfmap_map **maps, size_t *count)
{
	int id = btf__find_by_name_kind(object->btf, ".maps", BTF_KIND_DATASEC);
	const struct btf_type *datasec = id < 0 ? NULL : btf__type_by_id(object->btf, (__u32)id);
	uint32_t nr = datasec ? btf_vlen(datasec) : 0;
	struct symbol_names names = { NULL, 0 };
	struct elfmap_map *found;
	int err;

	if (!nr) {
		log_error("%s: section .maps: the object's BTF lists no maps in it",
			  object->view.name);
		return -EINVAL;
	}
	found = zeroed(nr, sizeof(*found));
	if (!found)
		return -ENOMEM;
	err = collect_names(&object->view, index, &names);
	for (uint32_t i = 0; !err && i < nr; i++)
		err = read_map(object, index, &names, btf_var_secinfos(datasec) + i, &found[i]);
	free(names.names);
	if (!err)
		err = tags_read(object, found, nr);
	for (uint32_t i = 0; !err && i < nr; i++)
		err = read_extras(&found[i]);
	if (err) {
		for (uint32_t i = 0; i < nr; i++)
			free(found[i].fields);
		free(found);
		return err;
	}
	sort(found, nr, sizeof(*found), compare_offsets);
	*maps = found;
	*count = nr;
	return 0;
}
