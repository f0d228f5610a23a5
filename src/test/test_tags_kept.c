// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What tags look like and what they keep: their form in BTF, slots that libbpf cannot be told of,
 * and texts with characters that mean something in a tag.
 */
#include <stdio.h>
#include <string.h>
#include <linux/bpf.h>

#include <bpf/libbpf.h>
#include <sha1.h>

#include "test/image_tags.h"
#include "test/opening.h"
#include "test/tests.h"

/* The words of struct bpf_elf_map. */
enum {
	ENTRIES = 3,
	INNER_IDX = 8,
};

/* --- form ---------------------------------------------------------------------------------- */

/* Each tag stands on the variable itself, behind all other types, and libbpf reads it. */
static void assert_tags_are_last(const struct test_object *image)
{
	struct btf *btf = image_btf(image);
	bool seen = false;

	for (__u32 id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		ck_assert(!seen || btf_is_decl_tag(type));
		seen |= btf_is_decl_tag(type);
		if (!btf_is_decl_tag(type))
			continue;
		ck_assert_int_eq(btf_decl_tag(type)->component_idx, -1);
		ck_assert(btf_is_var(btf__type_by_id(btf, type->type)));
		ck_assert_int_eq(strncmp(btf__name_by_offset(btf, type->name_off), "elfmap:", 7),
				 0);
	}
	ck_assert(seen);
	btf__free(btf);
}

START_TEST(test_form)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name), image = convert(&object);

		assert_tags_are_last(&image);
		object_free(&image);
		object_free(&object);
	}
}
END_TEST

/* The words of a tag are an interface: other versions of elfmap read them. */
START_TEST(test_words)
{
	char digest[SHA1_DIGEST_STRING_LENGTH], expected[128];
	struct test_object object = object_load("tailcalls"), image = convert(&object);

	ck_assert_ptr_nonnull(SHA1File("testdata/tailcalls.o", digest));
	snprintf(expected, sizeof(expected),
		 "elfmap:layout=bpf_elf_map36,has=61,id=11259066,pinning=1,sha1=%s", digest);
	ck_assert(image_has_tag(&image, "verdicts", expected));
	ck_assert(image_has_tag(&image, "steps",
				"elfmap:layout=bpf_elf_map36,has=61,id=42,pinning=2"));
	ck_assert(image_has_tag(&image, "trace", "elfmap:layout=bpf_elf_map36,has=61,pinning=2"));
	ck_assert_uint_eq(image_nr_tags(&image), 3);
	object_free(&image);
	object_free(&object);

	object = object_load("nested");
	image = convert(&object);
	ck_assert(image_has_tag(&image, "later",
				"elfmap:layout=bpf_elf_map36,has=61,inner_id=20,inner=template"));
	ck_assert(image_has_tag(&image, "template",
				"elfmap:layout=bpf_elf_map36,has=61,id=20,inner_idx=4294967295"));
	object_free(&image);
	object_free(&object);
}
END_TEST

static size_t nr_bpf_maps(const struct test_object *image)
{
	struct bpf_object *object = bpf_object__open_mem(image->bytes, image->size, NULL);
	struct bpf_map *map;
	size_t count = 0;

	ck_assert_ptr_nonnull(object);
	bpf_object__for_each_map(map, object)
		count++;
	bpf_object__close(object);
	return count;
}

/* Without tags it is any BTF-defined object; all else is the same to libbpf. */
START_TEST(test_untagged)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object original = object_load(*name), tagged = convert(&original);
		struct test_object image = untagged_image(*name);
		struct elfmap_object *object = open_object(&image, NULL);
		struct elfmap_map *map = NULL;

		ck_assert_uint_eq(image_nr_tags(&image), 0);
		while ((map = elfmap_object__next_map(object, map))) {
			ck_assert_str_eq(elfmap_map__layout(map), "BTF-defined");
			ck_assert_uint_eq(elfmap_map__def(map)->id, 0);
			ck_assert_uint_eq(elfmap_map__def(map)->pin, ELFMAP_PIN_BY_NAME);
			ck_assert_uint_eq(elfmap_map__nr_extra_fields(map), 0);
		}
		ck_assert_uint_eq(nr_bpf_maps(&image), nr_bpf_maps(&tagged));
		elfmap_object__close(object);
		object_free(&image);
		object_free(&tagged);
		object_free(&original);
	}
}
END_TEST

/* --- slots --------------------------------------------------------------------------------- */

/* Frees the object. */
static struct elfmap_object *convert_and_open(struct test_object object, struct test_object *image)
{
	struct elfmap_object *opened;

	*image = convert(&object);
	opened = open_object(image, NULL);
	object_free(&object);
	return opened;
}

static void assert_slot(const struct elfmap_object *object, const char *name, size_t i,
			__u32 expected, const char *expected_target)
{
	const char *target;
	__u32 key;

	ck_assert_int_eq(elfmap_map__slot(map_of(object, name), i, &key, &target), 0);
	ck_assert_uint_eq(key, expected);
	ck_assert_str_eq(target, expected_target);
}

/* A prog array whose keys reach beyond what libbpf is told of: all its slots are in tags. */
START_TEST(test_high_tail_call)
{
	struct test_object original = object_load("tailcalls"), image;
	struct elfmap_object *object;
	__u32 key;

	*object_map_word(&original, "steps", ENTRIES) = 100000;
	object_rename_section(&original, "42/1", "42/70000");
	object = convert_and_open(original, &image);
	ck_assert(image_has_tag(&image, "steps", "elfmap:slot=0,target=parse"));
	ck_assert(image_has_tag(&image, "steps", "elfmap:slot=70000,target=decide"));
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 2);
	assert_slot(object, "steps", 0, 0, "parse");
	assert_slot(object, "steps", 1, 70000, "decide");
	assert_slot(object, "verdicts", 1, 1, "drop");
	ck_assert_ptr_eq(elfmap_program__tail_call(program_of(object, "decide"), &key),
			 map_of(object, "steps"));
	ck_assert_uint_eq(key, 70000);
	ck_assert_uint_eq(elfmap_program__type(program_of(object, "decide")),
			  BPF_PROG_TYPE_SCHED_CLS);
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* The same for an inner map, in an array and in a hash. */
START_TEST(test_high_inner_idx)
{
	static const char *const outers[] = { "by_direction", "by_mark" };
	static const char *const inners[] = { "egress_stats", "mark_stats" };
	struct test_object original = object_load("nested"), image;
	struct elfmap_object *object;

	*object_map_word(&original, "by_direction", ENTRIES) = 1 << 20;
	*object_map_word(&original, "mirror", ENTRIES) = 1 << 20;
	for (size_t i = 0; i < 2; i++)
		*object_map_word(&original, inners[i], INNER_IDX) = 70000;
	object = convert_and_open(original, &image);
	for (size_t i = 0; i < 2; i++) {
		const struct elfmap_map *map = map_of(object, outers[i]);

		assert_slot(object, outers[i], elfmap_map__nr_slots(map) - 1, 70000, inners[i]);
		ck_assert_uint_eq(elfmap_map__def(map_of(object, inners[i]))->inner_idx, 70000);
	}
	assert_slot(object, "mirror", 0, 0, "ingress_stats");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* A slot that was cleared stays so, though the section's name is ID/KEY and the tag has the id. */
START_TEST(test_cleared_tail_call)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct test_object image;

	elfmap_program__clear_tail_call(program_of(object, "parse"));
	image = image_of(object);
	elfmap_object__close(object);
	object = open_object(&image, NULL);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "steps")), 1);
	ck_assert_ptr_null(elfmap_program__tail_call(program_of(object, "parse"), NULL));
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* --- characters ---------------------------------------------------------------------------- */

/* All that means something in a tag, and what does not print. */
#define ODD "%41,b=c d\xc3\xa9%"

/* Write a text of the same length over one that stands in the file. */
static void overwrite(struct test_object *object, const char *text, const char *new_text)
{
	uint8_t *place = memmem(object->bytes, object->size, text, strlen(text) + 1);

	ck_assert_ptr_nonnull(place);
	ck_assert_uint_eq(strlen(text), strlen(new_text));
	memcpy(place, new_text, strlen(new_text));
}

START_TEST(test_odd_path)
{
	static const char totals[] = "/sys/fs/bpf/%41,=\xc3\xa9 k\t%2C";
	static const char marks[] = "/sys/fs/bpf/%,=\xc3\xa9 ks \t%%";
	struct test_object original = object_load("goebpf"), image;
	struct elfmap_object *object;

	overwrite(&original, "/sys/fs/bpf/goebpf_totals", totals);
	overwrite(&original, "/sys/fs/bpf/goebpf_marks", marks);
	object = convert_and_open(original, &image);
	ck_assert_str_eq(elfmap_map__def(map_of(object, "totals"))->pin_path, totals);
	ck_assert_str_eq(elfmap_map__pin_path(map_of(object, "marks")), marks);
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* gobpf's namespace: part of a path, and a field that elfmap has no member for. */
START_TEST(test_odd_field)
{
	struct test_object original = object_load("gobpf_global"), image;
	enum elfmap_field_kind kind;
	struct elfmap_object *object;
	const struct elfmap_map *map;
	const char *name, *text;

	strcpy((char *)object_section_bytes(&original, "maps/totals") + 24, ODD);
	object = convert_and_open(original, &image);
	map = map_of(object, "totals");
	ck_assert_str_eq(elfmap_map__def(map)->pin_path, ODD "/globals/totals");
	ck_assert_uint_eq(elfmap_map__nr_extra_fields(map), 1);
	ck_assert_int_eq(elfmap_map__extra_field(map, 0, &name, &kind, NULL, &text), 0);
	ck_assert_str_eq(name, "namespace");
	ck_assert_int_eq(kind, ELFMAP_FIELD_TEXT);
	ck_assert_str_eq(text, ODD);
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* A member of the author's own whose name has what separates the words of a tag. */
START_TEST(test_odd_member)
{
	static const char name[] = "m=p,%41\xc3s";
	struct test_object original = object_load("def24.btf"), image;
	struct elfmap_object *object;
	__u64 value = 1;

	overwrite(&original, "map_flags", name);
	object = convert_and_open(original, &image);
	ck_assert_int_eq(elfmap_map__field(map_of(object, "counter"), name, &value), 0);
	ck_assert_uint_eq(value, 0);
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* An inner map's name, and that of a program in a slot that is not declared. */
START_TEST(test_odd_names)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .loader = ELFMAP_LOADER_TC };
	struct test_object original = object_load("tailcalls"), image;
	struct elfmap_object *object;

	object_rename_symbol(&original, "decide", ODD);
	image = convert_with(&original, &opts);
	object = open_object(&image, NULL);
	assert_slot(object, "steps", 1, 1, ODD);
	elfmap_object__close(object);
	object_free(&image);
	object_free(&original);

	original = object_load("goebpf");
	object_rename_symbol(&original, "lengths", "len%2Cgths");
	object = convert_and_open(original, &image);
	ck_assert_ptr_eq(elfmap_map__inner(map_of(object, "by_queue")),
			 map_of(object, "len%2Cgths"));
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

static int probe_any(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)section, (void)ctx;
	*why = "the test says so";
	return ELFMAP_EVIDENCE_CONTENT;
}

/* Four words and flags; where it is pinned and what its inner map is are up to the test. */
static int decode_own(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	__u32 *const words[] = { &def->type, &def->key_size, &def->value_size, &def->max_entries,
				 &def->map_flags };

	(void)ctx;
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(elfmap_entry__u32(entry, 4 * i, words[i]), 0);
	def->has = ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID;
	def->id = 0xfffffffe;
	def->pin = ELFMAP_PIN_BY_PATH;
	def->pin_path = elfmap_entry__keep(entry, "own/" ODD);
	return 0;
}

static struct elfmap_object *open_own(const char *layout)
{
	static const struct elfmap_field fields[] = {
		{ "flags_low", 16, 1, ELFMAP_FIELD_NUMBER },
		{ "entries_wide", 12, 8, ELFMAP_FIELD_NUMBER },
	};
	const struct elfmap_format format = {
		.sz = sizeof(struct elfmap_format),
		.name = layout,
		.probe = probe_any,
		.decode = decode_own,
		.fields = fields,
		.nr_fields = 2,
	};
	const struct elfmap_format *const formats[] = { &format };
	const struct elfmap_open_opts opts = { .sz = sizeof(opts),
					       .formats = formats,
					       .nr_formats = 1 };
	struct test_object original = object_load("nolicense"), image;
	struct elfmap_object *object = open_object(&original, &opts);

	image = image_of(object);
	elfmap_object__close(object);
	object = open_object(&image, NULL);
	object_free(&image);
	object_free(&original);
	return object;
}

/* A caller's own layout, whatever its name is: no format of that name is needed to read it. */
START_TEST(test_own_layout)
{
	struct elfmap_object *object = open_own("mine " ODD);
	const struct elfmap_map *map = map_of(object, "lengths");
	__u64 value;

	ck_assert_str_eq(elfmap_map__layout(map), "mine " ODD);
	ck_assert_uint_eq(elfmap_map__def(map)->id, 0xfffffffe);
	ck_assert_str_eq(elfmap_map__def(map)->pin_path, "own/" ODD);
	ck_assert_int_eq(elfmap_map__field(map, "flags_low", &value), 0);
	ck_assert_uint_eq(value, 0);
	ck_assert_int_eq(elfmap_map__field(map, "entries_wide", &value), 0);
	ck_assert_uint_eq(value, elfmap_map__def(map)->max_entries);
	elfmap_object__close(object);
}
END_TEST

/* Its words are there though they are 0. */
START_TEST(test_words_of_own_layout)
{
	struct elfmap_object *object = open_own("mine");

	ck_assert_uint_eq(elfmap_map__def(map_of(object, "lengths"))->has,
			  ELFMAP_DEF_MAP_FLAGS | ELFMAP_DEF_ID);
	elfmap_object__close(object);
}
END_TEST

Suite *tags_kept_suite(void)
{
	return suite_of("tags_kept", test_form, test_words, test_untagged, test_high_tail_call,
			test_high_inner_idx, test_cleared_tail_call, test_odd_path, test_odd_field,
			test_odd_member, test_odd_names, test_own_layout, test_words_of_own_layout);
}
