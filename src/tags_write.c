/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "fields.h"
#include "iproute2.h"
#include "members.h"
#include "rel_maps.h"
#include "slots.h"
#include "synthesise.h"
#include "tag_words.h"
#include "tags.h"
#include "visible.h"

static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '%' || c == ',' || c == '=' || c < ' ' || c >= 0x7f)
			fprintf(out, "%%%02X", c);
		else
			fputc(c, out);
	}
}

static void put_text(FILE *out, const char *key, const char *value)
{
	fprintf(out, ",%s=", key);
	put_escaped(out, value);
}

static void put_pin(FILE *out, const struct elfmap_map *map)
{
	if (map->def.pin && map->def.pin < TAG_NR_PINS)
		put_text(out, "pin", tag_pins[map->def.pin]);
	if (map->def.pin_path)
		put_text(out, "pin_path", map->def.pin_path);
	/* the object namespace is the original's, whatever becomes of this file */
	if (map->def.pin != ELFMAP_PIN_BY_NUMBER || map->def.pinning != IPROUTE2_PIN_OBJECT_NS)
		return;
	fputs(",sha1=", out);
	for (size_t i = 0; i < SHA1_SIZE; i++)
		fprintf(out, "%02x", read_sha1(&map->object->view)[i]);
}

static void put_fields(FILE *out, const struct elfmap_map *map)
{
	for (size_t i = 0; i < map->nr_fields; i++) {
		const struct extra_field *field = &map->fields[i];

		fprintf(out, ",%s", tag_field_prefixes[field->kind]);
		put_escaped(out, field->name);
		if (field->kind == ELFMAP_FIELD_TEXT) {
			fputc('=', out);
			put_escaped(out, field->text);
		} else {
			fprintf(out, "=%" PRIu64, field->value);
		}
	}
}

static void put_map(FILE *out, const struct elfmap_map *map)
{
	fputs(TAG_PREFIX "layout=", out);
	put_escaped(out, map->layout);
	if (map->def.has)
		fprintf(out, ",has=%u", map->def.has);
	for (size_t i = 0; i < TAG_NR_MEMBERS; i++) {
		uint32_t value = members_get(&map->def, members_find(tag_members[i]));

		if (value)
			fprintf(out, ",%s=%u", tag_members[i], value);
	}
	/* what values or the kernel's rule for maps of maps leave no room for */
	if (map->def.value_size != synthesise_value_size(map))
		fprintf(out, ",value_size=%u", map->def.value_size);
	if (map->inner)
		put_text(out, "inner", map->inner->name);
	put_pin(out, map);
	put_fields(out, map);
}

static void put_slot(FILE *out, const struct map_slot *slot)
{
	fprintf(out, TAG_PREFIX "slot=%u", slot->key);
	put_text(out, "target", slot_target(slot));
}

/* A tag with the text that was written; closes the stream. */
static int add_tag(struct btf *btf, uint32_t to, FILE *stream, char **text)
{
	int err = fclose(stream) ? -errno : 0;

	if (!err)
		err = btf__add_decl_tag(btf, *text, (int)to, -1);
	free(*text);
	*text = NULL;
	return err < 0 ? err : 0;
}

/* Of slots that are declared nowhere, but for those that have one already. */
static int add_slot_tags(struct btf *btf, const struct elfmap_map *map,
			 const struct image_options *options)
{
	int err = 0;

	for (size_t i = 0; !err && i < map->nr_slots; i++) {
		const struct map_slot *slot = &map->slots[i];
		char *text = NULL;
		size_t size;
		FILE *stream;

		if (rel_maps_declares(map, slot, options) || (map->native && !slot->is_added))
			continue;
		stream = open_memstream(&text, &size);
		if (!stream)
			return -errno;
		put_slot(stream, slot);
		err = add_tag(btf, map->btf_var, stream, &text);
	}
	return err;
}

static int add_map_tags(struct btf *btf, const struct elfmap_map *map,
			const struct image_options *options)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	int err;

	if (!stream)
		return -errno;
	put_map(stream, map);
	err = add_tag(btf, map->btf_var, stream, &text);
	return err ? err : add_slot_tags(btf, map, options);
}

/* To the struct with the fields that the one in the image leaves out. */
static int add_definition_tag(struct btf *btf, const struct elfmap_map *map)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return -errno;
	fputs(TAG_PREFIX TAG_MAP, stream);
	put_escaped(stream, map->name);
	return add_tag(btf, map->btf_id, stream, &text);
}

static int add_tags(struct btf *btf, const struct elfmap_map *map,
		    const struct image_options *options)
{
	int err;

	if (!map->native)
		return add_map_tags(btf, map, options);
	err = add_slot_tags(btf, map, options);
	if (err || !visible_hides(btf, map->btf_id) || map->btf_id != map->shown_btf_id)
		return err;
	return add_definition_tag(btf, map);
}

int tags_add(const struct elfmap_object *object, const struct image_options *options,
	     struct btf *btf)
{
	int err = 0;

	for (size_t i = 0; !err && i < object->nr_maps; i++)
		err = add_tags(btf, &object->maps[i], options);
	return err;
}
