/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "fields.h"
#include "members.h"
#include "messages.h"
#include "tag_words.h"
#include "tags.h"
#include "zeroed.h"

/* --- pairs --------------------------------------------------------------------------------------- */

/* One pair of a tag; both are ends of the copy that they are cut out of. */
struct pair {
	const char *key;
	char *value;
};

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 :
				      -1;
}

static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '%' && hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
			*to++ = (char)(hex_digit(text[1]) << 4 | hex_digit(text[2]));
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* Cut the next pair off *rest; false at the end. */
static bool next_pair(char **rest, struct pair *pair)
{
	char *text, *value;

	while ((text = strsep(rest, ","))) {
		value = strchr(text, '=');
		if (!value)
			continue;
		*value++ = '\0';
		unescape(text);
		unescape(value);
		*pair = (struct pair){ text, value };
		return true;
	}
	return false;
}

static bool parse_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno && *number <= most;
}

static int parse_sha1(struct elfmap_map *map, const char *text)
{
	char digest[SHA1_SIZE + 1] = "";

	if (strlen(text) != 2 * SHA1_SIZE)
		return -EINVAL;
	for (size_t i = 0; i < SHA1_SIZE; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		digest[i] = (char)(high << 4 | low);
	}
	map->sha1 = (const uint8_t *)texts_keep_bytes(&map->object->texts, digest, SHA1_SIZE);
	return map->sha1 ? 0 : -ENOMEM;
}

static bool is_kept_member(const char *key)
{
	for (size_t i = 0; i < TAG_NR_MEMBERS; i++)
		if (!strcmp(tag_members[i], key))
			return true;
	return !strcmp(key, "value_size");
}

/* What kind of field a key names, and where the name begins; false where it names none. */
static bool find_field(const char *key, enum elfmap_field_kind *kind, const char **name)
{
	for (size_t i = 0; i < TAG_NR_FIELD_PREFIXES; i++) {
		size_t length = strlen(tag_field_prefixes[i]);

		if (strncmp(key, tag_field_prefixes[i], length) != 0)
			continue;
		*kind = (enum elfmap_field_kind)i;
		*name = key + length;
		return true;
	}
	return false;
}

static int read_field(struct elfmap_map *map, const struct pair *pair)
{
	struct extra_field field = { 0 };
	bool is_text;

	if (!find_field(pair->key, &field.kind, &field.name))
		return 0;
	is_text = field.kind == ELFMAP_FIELD_TEXT;
	if (!is_text && !parse_number(pair->value, UINT64_MAX, &field.value))
		return -EINVAL;
	field.name = texts_keep(&map->object->texts, field.name);
	if (is_text)
		field.text = texts_keep(&map->object->texts, pair->value);
	if (!field.name || (is_text && !field.text))
		return -ENOMEM;
	return fields_add(map, field);
}

/* A text of the definition, kept by the object. */
static int read_kept(struct elfmap_map *map, const char *value, const char **to)
{
	*to = texts_keep(&map->object->texts, value);
	return *to ? 0 : -ENOMEM;
}

static int read_pin(struct elfmap_map *map, const char *value)
{
	for (size_t i = 0; i < TAG_NR_PINS; i++) {
		if (strcmp(tag_pins[i], value) != 0)
			continue;
		map->def.pin = (uint32_t)i;
		return 0;
	}
	return -EINVAL;
}

static int read_pair(struct elfmap_map *map, const struct pair *pair)
{
	uint64_t number;

	if (!strcmp(pair->key, "layout"))
		return read_kept(map, pair->value, &map->layout);
	if (!strcmp(pair->key, "inner"))
		return read_kept(map, pair->value, &map->def.inner_name);
	if (!strcmp(pair->key, "pin_path"))
		return read_kept(map, pair->value, &map->def.pin_path);
	if (!strcmp(pair->key, "pin"))
		return read_pin(map, pair->value);
	if (!strcmp(pair->key, "has")) {
		if (!parse_number(pair->value, UINT32_MAX, &number))
			return -EINVAL;
		map->def.has = (uint32_t)number;
		return 0;
	}
	if (!strcmp(pair->key, "sha1"))
		return parse_sha1(map, pair->value);
	if (is_kept_member(pair->key)) {
		if (!parse_number(pair->value, UINT32_MAX, &number))
			return -EINVAL;
		members_set(&map->def, members_find(pair->key), (uint32_t)number);
		return 0;
	}
	return read_field(map, pair);
}

int tags_refuse(const struct elfmap_map *map, const char *text)
{
	map_error(map, "the tag \"%.200s\" cannot be read", text);
	return -EINVAL;
}

/* The text of a tag behind "elfmap:"; NULL for any other type. */
static const char *tag_text(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);
	const char *text;

	if (!btf_is_decl_tag(type) || btf_decl_tag(type)->component_idx != -1)
		return NULL;
	text = btf__name_by_offset(btf, type->name_off);
	return text && !strncmp(text, TAG_PREFIX, strlen(TAG_PREFIX)) ? text + strlen(TAG_PREFIX) :
									NULL;
}

struct elfmap_map **tags_index_variables(const struct btf *btf, struct elfmap_map *maps,
					 size_t count)
{
	struct elfmap_map **by_variable = zeroed(btf__type_cnt(btf), sizeof(*by_variable));

	for (size_t i = 0; by_variable && i < count; i++)
		if (maps[i].native)
			by_variable[maps[i].btf_var] = &maps[i];
	return by_variable;
}

static bool begins(const char *text, const char *word)
{
	return !strncmp(text, word, strlen(word));
}

/* Those on variables that are not about a slot, which is read once there are programs. */
static bool is_of_map(const char *text)
{
	return !begins(text, TAG_SLOT) && !begins(text, TAG_MAP);
}

static int read_map(struct elfmap_map *map, const char *text)
{
	CLEANUP(cleanup_free) char *copy = strdup(text);
	char *rest = copy;
	struct pair pair;
	int err = copy ? 0 : -ENOMEM;

	/* libbpf's attributes say how it pins, not what the original said */
	map->converted = true;
	map->evidence = "BTF: translated before, as its tag says";
	map->def.pin = ELFMAP_PIN_BY_NUMBER;
	map->def.pinning = 0;
	map->def.has &= ~(uint32_t)ELFMAP_DEF_PINNING;
	while (!err && next_pair(&rest, &pair))
		err = read_pair(map, &pair);
	/* words that the layout did not have, and that setters gave the map since */
	map->def.has |= (map->def.map_flags ? (uint32_t)ELFMAP_DEF_MAP_FLAGS : 0) |
			(map->def.numa_node ? (uint32_t)ELFMAP_DEF_NUMA_NODE : 0);
	if (err == -EINVAL)
		return tags_refuse(map, text);
	return err;
}

static int read_maps(struct elfmap_object *object, struct elfmap_map *maps, size_t count)
{
	CLEANUP(cleanup_free)
	struct elfmap_map **by_variable = tags_index_variables(object->btf, maps, count);
	uint32_t types = btf__type_cnt(object->btf);

	if (!by_variable)
		return -ENOMEM;
	for (uint32_t id = 1; id < types; id++) {
		const char *text = tag_text(object->btf, id);
		struct elfmap_map *map;
		int err;

		map = text && is_of_map(text) ?
			      by_variable[btf__type_by_id(object->btf, id)->type] :
			      NULL;
		if (!map)
			continue;
		err = map->converted ? tags_refuse(map, text) : read_map(map, text);
		if (err)
			return err;
		object->nr_converted++;
	}
	return 0;
}

/* --- structs with hidden fields ------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(struct elfmap_map *const *)a)->name,
		      (*(struct elfmap_map *const *)b)->name);
}

static struct elfmap_map **index_by_name(struct elfmap_map *maps, size_t count)
{
	struct elfmap_map **by_name = zeroed(count + 1, sizeof(*by_name));

	for (size_t i = 0; by_name && i < count; i++)
		by_name[i] = &maps[i];
	if (by_name)
		qsort(by_name, count, sizeof(*by_name), compare_names);
	return by_name;
}

/* The struct that a tag is on is that of the map that it names. */
static int read_definition(const struct btf *btf, uint32_t struct_id, const char *text,
			   struct elfmap_map **by_name, size_t count)
{
	CLEANUP(cleanup_free) char *copy = strdup(text);
	struct elfmap_map key, *wanted = &key, **found;
	char *rest = copy;
	struct pair pair;

	if (!copy)
		return -ENOMEM;
	if (!btf_is_struct(btf__type_by_id(btf, struct_id)) || !next_pair(&rest, &pair))
		return 0;
	key.name = pair.value;
	found = bsearch(&wanted, by_name, count, sizeof(*by_name), compare_names);
	if (found)
		(*found)->btf_id = struct_id;
	return 0;
}

static int read_definitions(const struct btf *btf, struct elfmap_map *maps, size_t count)
{
	CLEANUP(cleanup_free) struct elfmap_map **by_name = NULL;
	uint32_t types = btf__type_cnt(btf);
	int err = 0;

	for (uint32_t id = 1; !err && id < types; id++) {
		const char *text = tag_text(btf, id);

		if (!text || !begins(text, TAG_MAP))
			continue;
		if (!by_name)
			by_name = index_by_name(maps, count);
		err = by_name ? read_definition(btf, btf__type_by_id(btf, id)->type, text, by_name,
						count) :
				-ENOMEM;
	}
	return err;
}

int tags_read(struct elfmap_object *object, struct elfmap_map *maps, size_t count)
{
	int err = read_maps(object, maps, count);

	return err ? err : read_definitions(object->btf, maps, count);
}

/* --- slots --------------------------------------------------------------------------------------- */

static int read_slot(uint32_t variable, const char *text, tag_slot_fn fn, void *ctx)
{
	CLEANUP(cleanup_free) char *copy = strdup(text);
	struct tag_slot slot = { .variable = variable, .is_good = true, .text = text };
	uint64_t key = UINT64_MAX;
	char *rest = copy;
	struct pair pair;

	if (!copy)
		return -ENOMEM;
	while (next_pair(&rest, &pair)) {
		if (!strcmp(pair.key, "slot"))
			slot.is_good &= parse_number(pair.value, UINT32_MAX, &key);
		if (!strcmp(pair.key, "target"))
			slot.target = pair.value;
	}
	slot.is_good &= slot.target && key <= UINT32_MAX;
	slot.key = (uint32_t)key;
	return fn(&slot, ctx);
}

int tags_for_each_slot(const struct btf *btf, tag_slot_fn fn, void *ctx)
{
	uint32_t types = btf__type_cnt(btf);
	int err = 0;

	for (uint32_t id = 1; !err && id < types; id++) {
		const char *text = tag_text(btf, id);

		if (text && begins(text, TAG_SLOT))
			err = read_slot(btf__type_by_id(btf, id)->type, text, fn, ctx);
	}
	return err;
}
