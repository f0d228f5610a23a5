/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "fields.h"
#include "iproute2.h"
#include "members.h"
#include "rel_maps.h"
#include "slots.h"
#include "synthesise.h"
#include "tag_text.h"
#include "tag_words.h"
#include "tags.h"
#include "visible.h"

static void put_text(struct tag_text *out, const char *key, const char *value)
{
	tag_text_put(out, ",");
	tag_text_put(out, key);
	tag_text_put(out, "=");
	tag_text_put_escaped(out, value);
}

static void put_number(struct tag_text *out, const char *key, uint64_t value)
{
	tag_text_put(out, ",");
	tag_text_put(out, key);
	tag_text_put(out, "=");
	tag_text_put_number(out, value);
}

static void put_sha1(struct tag_text *out, const uint8_t *sha1)
{
	char digits[2 * SHA1_SIZE + 1];

	digest_text(sha1, digits);
	put_text(out, "sha1", digits);
}

static void put_pin(struct tag_text *out, const struct elfmap_map *map)
{
	if (map->def.pin && map->def.pin < TAG_NR_PINS)
		put_text(out, "pin", tag_pins[map->def.pin]);
	if (map->def.pin_path)
		put_text(out, "pin_path", map->def.pin_path);
	/* the object namespace is the original's, whatever becomes of this file */
	if (map->def.pin == ELFMAP_PIN_BY_NUMBER && map->def.pinning == IPROUTE2_PIN_OBJECT_NS)
		put_sha1(out, read_sha1(&map->object->view));
}

static void put_fields(struct tag_text *out, const struct elfmap_map *map)
{
	for (size_t i = 0; i < map->nr_fields; i++) {
		const struct extra_field *field = &map->fields[i];

		tag_text_put(out, ",");
		tag_text_put(out, tag_field_prefixes[field->kind]);
		tag_text_put_escaped(out, field->name);
		tag_text_put(out, "=");
		if (field->kind == ELFMAP_FIELD_TEXT)
			tag_text_put_escaped(out, field->text);
		else
			tag_text_put_number(out, field->value);
	}
}

static void put_map(struct tag_text *out, const struct elfmap_map *map,
		    const struct member *const *members)
{
	tag_text_begin(out, TAG_PREFIX "layout=");
	tag_text_put_escaped(out, map->layout);
	if (map->def.has)
		put_number(out, "has", map->def.has);
	for (size_t i = 0; i < TAG_NR_MEMBERS; i++) {
		uint32_t value = members_get(&map->def, members[i]);

		if (value)
			put_number(out, tag_members[i], value);
	}
	/* what values or the kernel's rule for maps of maps leave no room for */
	if (map->def.value_size != synthesise_value_size(map))
		put_number(out, "value_size", map->def.value_size);
	if (map->inner)
		put_text(out, "inner", map->inner->name);
	put_pin(out, map);
	put_fields(out, map);
}

/* --- tags -------------------------------------------------------------------------------------- */

#define NR_RECENT 8

/* Where tags go, and the text of the one in the making. */
struct writing {
	const struct image_options *options;
	struct btf_append *btf;
	const struct member *members[TAG_NR_MEMBERS];
	struct tag_text text;
	/* the last ones: most objects have few kinds of maps */
	struct written_tag {
		const struct elfmap_map *map;
		uint32_t text; /* its place */
	} recent[NR_RECENT];
	size_t nr_written;
};

static void append_tag(struct writing *writing, uint32_t text, uint32_t to)
{
	static const uint32_t whole_type = UINT32_MAX;

	btf_append_type(writing->btf, &(struct btf_appended){ .kind = BTF_KIND_DECL_TAG,
							      .name = text,
							      .vlen = 0,
							      .type = to,
							      .words = &whole_type,
							      .nr_words = 1 });
}

/* With the text in the making. */
static int add_tag(struct writing *writing, uint32_t to)
{
	const char *text = tag_text_end(&writing->text);

	if (!text)
		return -ENOMEM;
	append_tag(writing, btf_append_string(writing->btf, text), to);
	return 0;
}

/* Of slots that are declared nowhere, but for those that have one already. */
static int add_slot_tags(struct writing *writing, const struct elfmap_map *map)
{
	int err = 0;

	for (size_t i = 0; !err && i < map->nr_slots; i++) {
		const struct map_slot *slot = &map->slots[i];

		if (rel_maps_declares(map, slot, writing->options) ||
		    (map->native && !slot->is_added))
			continue;
		tag_text_begin(&writing->text, TAG_PREFIX TAG_SLOT);
		tag_text_put_number(&writing->text, slot->key);
		put_text(&writing->text, "target", slot_target(slot));
		err = add_tag(writing, map->btf_var);
	}
	return err;
}

/* Whether two maps differ in nothing that their tags say. */
static bool has_same_tag(const struct elfmap_map *a, const struct elfmap_map *b)
{
	return a->image_btf_id == b->image_btf_id && a->layout == b->layout && !a->inner &&
	       !b->inner && !a->nr_fields && !b->nr_fields &&
	       !memcmp(&a->def, &b->def, sizeof(a->def)) &&
	       synthesise_value_size(a) == synthesise_value_size(b);
}

static int add_map_tag(struct writing *writing, const struct elfmap_map *map)
{
	size_t nr_recent = writing->nr_written < NR_RECENT ? writing->nr_written : NR_RECENT;
	struct written_tag *tag = writing->recent, *end = tag + nr_recent;
	const char *text;

	while (tag < end && !has_same_tag(tag->map, map))
		tag++;
	if (tag == end) {
		tag = &writing->recent[writing->nr_written++ % NR_RECENT];
		put_map(&writing->text, map, writing->members);
		text = tag_text_end(&writing->text);
		if (!text)
			return -ENOMEM;
		tag->map = map;
		tag->text = btf_append_string(writing->btf, text);
	}
	append_tag(writing, tag->text, map->btf_var);
	return 0;
}

/* To the struct with the fields that the one in the image leaves out. */
static int add_definition_tag(struct writing *writing, const struct elfmap_map *map)
{
	tag_text_begin(&writing->text, TAG_PREFIX TAG_MAP);
	tag_text_put_escaped(&writing->text, map->name);
	return add_tag(writing, map->btf_id);
}

static int add_tags(struct writing *writing, const struct elfmap_map *map)
{
	/* libbpf opens a drop-in's image, and only the slots are read from what it opened */
	int err = map->native || writing->options->drop_in ? 0 : add_map_tag(writing, map);

	if (!err)
		err = add_slot_tags(writing, map);
	if (err || !map->native || !visible_hides(map->object->btf, map->btf_id) ||
	    map->btf_id != map->shown_btf_id)
		return err;
	return add_definition_tag(writing, map);
}

int tags_add(const struct elfmap_object *object, const struct image_options *options,
	     struct btf_append *btf)
{
	struct writing writing = { .options = options, .btf = btf };
	int err = 0;

	for (size_t i = 0; i < TAG_NR_MEMBERS; i++)
		writing.members[i] = members_find(tag_members[i]);
	if (!options->drop_in)
		btf_append_reserve(btf,
				   object->nr_legacy *
					   (sizeof(struct btf_type) + sizeof(struct btf_decl_tag)),
				   0);
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = add_tags(&writing, &object->maps[i]);
	tag_text_release(&writing.text);
	return err;
}
