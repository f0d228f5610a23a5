// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Names that become files, and types that stand under a name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

#include "test/opening.h"
#include "test/tests.h"

/* --- names --------------------------------------------------------------------------------- */

static char *long_name(size_t length)
{
	static char name[512];

	memset(name, 'n', length);
	name[length] = '\0';
	return name;
}

/* A map and a program of def16 under that name are both refused. */
static void check_bad_name(const char *name, const char *text)
{
	struct test_object object = object_load("def16");

	object_rename_symbol(&object, "totals", name);
	assert_refused(&object, NULL, EINVAL, "section maps: map \"",
		       "the name cannot become a file's: ", text);
	object_free(&object);

	object = object_load("def16");
	object_rename_symbol(&object, "classify", name);
	assert_refused(&object, NULL, EINVAL, "section classifier: program \"",
		       "the name cannot become a file's: ", text);
	object_free(&object);
}

START_TEST(test_bad_names)
{
	check_bad_name("", "it is empty");
	check_bad_name("a/b", "it holds a '/'");
	check_bad_name("/", "it holds a '/'");
	check_bad_name("../../etc/passwd", "it holds a '/'");
	check_bad_name(".", "it is a directory");
	check_bad_name("..", "it is a directory");
	check_bad_name(long_name(256), "it is longer than 255 bytes");
	check_bad_name(long_name(400), "it is longer than 255 bytes");
}
END_TEST

START_TEST(test_odd_names)
{
	static const char *const odd[] = { "...", ".hidden", "a b", "-", "\303\244", "%s%n" };
	struct test_object changed = object_load("def16");
	struct elfmap_object *object;

	object_rename_symbol(&changed, "totals", long_name(255));
	object = open_object(&changed, NULL);
	ck_assert_uint_eq(elfmap_map__def(map_of(object, long_name(255)))->max_entries, 2);
	elfmap_object__close(object);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct test_object copy = object_load("def16");

		object_rename_symbol(&copy, "totals", odd[i]);
		object = open_object(&copy, NULL);
		map_of(object, odd[i]);
		elfmap_object__close(object);
		object_free(&copy);
	}
	object_free(&changed);
}
END_TEST

/* A terminal takes no orders from an object. */
START_TEST(test_control_characters)
{
	struct test_object object = object_load("def16");

	object_rename_symbol(&object, "totals", "a\n\033[2J/b\177");
	assert_refused(&object, NULL, EINVAL, "map \"a??[2J/b?\"");
	object_free(&object);
}
END_TEST

START_TEST(test_same_names)
{
	struct test_object object = object_load("def16");

	object_rename_symbol(&object, "totals", "by_mark");
	assert_refused(&object, NULL, EINVAL, "two maps are called \"by_mark\"",
		       "in section maps at offset 0", "in section maps at offset 16");
	object_free(&object);

	/* a legacy and a BTF-defined one */
	object = object_load("mixed.btf");
	object_rename_symbol(&object, "old_marks", "new_marks");
	assert_refused(&object, NULL, EINVAL, "two maps are called \"new_marks\"",
		       "in section maps ", "in section .maps ");
	object_free(&object);
}
END_TEST

/* --- types of key and value ---------------------------------------------------------------- */

static const char *type_name(struct elfmap_object *object, __u32 id)
{
	const struct btf *btf = elfmap_object__btf(object);
	const struct btf_type *type = btf__type_by_id(btf, id);

	ck_assert_ptr_nonnull(type);
	return btf__name_by_offset(btf, type->name_off);
}

static void check_unannotated(const struct elfmap_object *object, const char *map)
{
	ck_assert_uint_eq(elfmap_map__btf_key_type_id(map_of(object, map)), 0);
	ck_assert_uint_eq(elfmap_map__btf_value_type_id(map_of(object, map)), 0);
}

START_TEST(test_annotations)
{
	struct elfmap_object *object = open_name("annotated.btf");
	const struct elfmap_map *map = map_of(object, "talkers");

	ck_assert_str_eq(type_name(object, elfmap_map__btf_key_type_id(map)), "peer");
	ck_assert_str_eq(type_name(object, elfmap_map__btf_value_type_id(map)), "usage");
	check_unannotated(object, "stale");
	check_unannotated(object, "plain");
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 1);
	assert_message(ELFMAP_LOG_WARNING,
		       "section maps: map \"stale\": key and value of ____btf_map_stale have 4 and "
		       "24 bytes, the definition says 4 and 32: not used");
	elfmap_object__close(object);

	object = open_name("annotated");
	check_unannotated(object, "talkers");
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 0);
	elfmap_object__close(object);
}
END_TEST

/* Both sizes must be the definition's. */
START_TEST(test_annotated_sizes)
{
	for (size_t word = 1; word <= 2; word++) {
		struct test_object changed = object_load("annotated.btf");
		struct elfmap_object *object;

		*object_map_word(&changed, "talkers", word) += 4;
		object = open_object(&changed, NULL);
		check_unannotated(object, "talkers");
		assert_message(ELFMAP_LOG_WARNING, "map \"talkers\": key and value of ");
		elfmap_object__close(object);
		object_free(&changed);
	}
}
END_TEST

/* BTF-defined maps name their types themselves. */
START_TEST(test_native_types)
{
	struct elfmap_object *object = open_name("mixed.btf");

	ck_assert_str_eq(type_name(object,
				   elfmap_map__btf_key_type_id(map_of(object, "new_marks"))),
			 "__u32");
	ck_assert_str_eq(type_name(object,
				   elfmap_map__btf_value_type_id(map_of(object, "new_marks"))),
			 "__u64");
	check_unannotated(object, "old_marks");
	elfmap_object__close(object);
}
END_TEST

/* Change a string of the object's BTF into one of the same length. */
static void change_string(struct test_object *object, const char *from, const char *to)
{
	size_t size = object_section(object, ".BTF")->sh_size, length = strlen(from) + 1;
	uint8_t *bytes = object_section_bytes(object, ".BTF");

	for (size_t i = 1; i + length <= size; i++) {
		if (bytes[i - 1] || memcmp(bytes + i, from, length) != 0)
			continue;
		memcpy(bytes + i, to, length);
		return;
	}
	ck_abort_msg("no string %s", from);
}

static void check_changed(const char *from, const char *to)
{
	struct test_object changed = object_load("annotated.btf");
	struct elfmap_object *object;

	change_string(&changed, from, to);
	object = open_object(&changed, NULL);
	check_unannotated(object, "talkers");
	elfmap_object__close(object);
	object_free(&changed);
}

/* The struct must have the name and the members that the macro gave it. */
START_TEST(test_no_annotation)
{
	check_changed("____btf_map_talkers", "____btf_map_talkerz");
	check_changed("____btf_map_talkers", "____BTF_map_talkers");
	check_changed("key", "kez");
	check_changed("value", "valuz");
}
END_TEST

Suite *naming_suite(void)
{
	return suite_of("naming", test_bad_names, test_odd_names, test_control_characters,
			test_same_names, test_annotations, test_annotated_sizes, test_native_types,
			test_no_annotation);
}
