// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Big-endian objects are the same objects, and their images the same images. */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include <bpf/libbpf.h>

#include "test/byte_order.h"
#include "test/opening.h"
#include "test/tests.h"

/* An object in the other byte order, opened with its name there. */
static struct elfmap_object *open_swapped(const char *name)
{
	struct test_object object = object_load(name), swapped = big_endian(&object);
	struct elfmap_object *opened = open_object(&swapped, NULL);

	object_free(&object);
	object_free(&swapped);
	return opened;
}

static void check_map(const struct elfmap_map *little, const struct elfmap_map *big)
{
	ck_assert_str_eq(elfmap_map__name(big), elfmap_map__name(little));
	ck_assert_str_eq(elfmap_map__section(big), elfmap_map__section(little));
	ck_assert_uint_eq(elfmap_map__offset(big), elfmap_map__offset(little));
	ck_assert_str_eq(elfmap_map__layout(big), elfmap_map__layout(little));
	ck_assert_str_eq(elfmap_map__evidence(big), elfmap_map__evidence(little));
	ck_assert(same_definition(elfmap_map__def(big), elfmap_map__def(little)));
	ck_assert_uint_eq(elfmap_map__btf_id(big), elfmap_map__btf_id(little));
	ck_assert_uint_eq(elfmap_map__btf_key_type_id(big), elfmap_map__btf_key_type_id(little));
	ck_assert_uint_eq(elfmap_map__nr_slots(big), elfmap_map__nr_slots(little));
	for (size_t i = 0; i < elfmap_map__nr_slots(little); i++) {
		const char *target, *big_target;
		__u32 key, big_key;

		ck_assert_int_eq(elfmap_map__slot(little, i, &key, &target), 0);
		ck_assert_int_eq(elfmap_map__slot(big, i, &big_key, &big_target), 0);
		ck_assert_uint_eq(big_key, key);
		ck_assert_str_eq(big_target, target);
	}
}

START_TEST(test_definitions)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *little, *big;
		const struct elfmap_map *map = NULL, *big_map = NULL;
		const struct elfmap_program *program = NULL, *big_program = NULL;

		if (!object_has_only_words(*name))
			continue;
		little = open_name(*name);
		big = open_swapped(*name);
		ck_assert(elfmap_object__is_big_endian(big));
		ck_assert(!elfmap_object__is_big_endian(little));
		while ((map = elfmap_object__next_map(little, map))) {
			big_map = elfmap_object__next_map(big, big_map);
			ck_assert_ptr_nonnull(big_map);
			check_map(map, big_map);
		}
		ck_assert_ptr_null(elfmap_object__next_map(big, big_map));
		while ((program = elfmap_object__next_program(little, program))) {
			big_program = elfmap_object__next_program(big, big_program);
			ck_assert_ptr_nonnull(big_program);
			ck_assert_str_eq(elfmap_program__name(big_program),
					 elfmap_program__name(program));
			ck_assert_uint_eq(elfmap_program__insn_cnt(big_program),
					  elfmap_program__insn_cnt(program));
		}
		elfmap_object__close(little);
		elfmap_object__close(big);
	}
}
END_TEST

/* To translate and to swap is to swap and to translate; tags hold the SHA-1, which differs. */
START_TEST(test_images)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .no_tags = true };

	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object, swapped, image, swapped_image, expected;

		if (!object_has_only_words(*name))
			continue;
		object = object_load(*name);
		swapped = big_endian(&object);
		image = convert_with(&object, &opts);
		swapped_image = convert_with(&swapped, &opts);
		expected = big_endian(&image);
		ck_assert_uint_eq(swapped_image.bytes[EI_DATA], ELFDATA2MSB);
		ck_assert_uint_eq(swapped_image.size, expected.size);
		for (size_t i = 0; i < expected.size; i++)
			ck_assert_msg(swapped_image.bytes[i] == expected.bytes[i],
				      "%s: byte %zu of %zu", *name, i, expected.size);
		object_free(&object);
		object_free(&swapped);
		object_free(&image);
		object_free(&swapped_image);
		object_free(&expected);
	}
}
END_TEST

/* Types are the host's when a caller looks at them. */
START_TEST(test_btf)
{
	struct elfmap_object *object = open_swapped("annotated.btf");
	const struct btf *btf = elfmap_object__btf(object);
	const struct elfmap_map *map = map_of(object, "talkers");
	const struct btf_type *type = btf__type_by_id(btf, elfmap_map__btf_value_type_id(map));

	ck_assert_str_eq(btf__name_by_offset(btf, type->name_off), "usage");
	ck_assert_uint_eq(type->size, 24);
	elfmap_object__close(object);
}
END_TEST

/* Only machines of that byte order can load it, and the message says so. */
START_TEST(test_load)
{
	struct elfmap_object *object = open_swapped("counter");

	ck_assert_int_eq(elfmap_object__load(object), -ENOTSUP);
	assert_one_error("buffer: big-endian: expected this machine's byte order, little-endian");
	elfmap_object__close(object);
}
END_TEST

/* libbpf before 1.6 says no at open; its own error numbers have texts of their own. */
START_TEST(test_libbpf)
{
	struct test_object object = object_load("counter"), swapped = big_endian(&object);
	struct bpf_object *opened;

	collect_messages();
	opened = elfmap_open_mem(swapped.bytes, swapped.size, NULL);
	if (opened) {
		ck_assert_uint_ge(libbpf_minor_version(), 6);
		ck_assert_ptr_nonnull(bpf_object__find_map_by_name(opened, "packets"));
		bpf_object__close(opened);
	} else {
		ck_assert_int_ne(errno, 0);
		ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 1);
		ck_assert_ptr_null(strstr(messages(ELFMAP_LOG_ERROR), "Unknown error"));
	}
	object_free(&object);
	object_free(&swapped);
}
END_TEST

Suite *byte_order_suite(void)
{
	return suite_of("byte_order", test_definitions, test_images, test_btf, test_load,
			test_libbpf);
}
