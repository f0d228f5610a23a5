// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* As much as an object may hold, and more. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/opening.h"
#include "test/tests.h"

/* The words of struct bpf_elf_map. */
enum {
	ENTRIES = 3,
	ID = 5,
	INNER_IDX = 8,
};

/* As many maps as one DATASEC can list. */
START_TEST(test_most_maps)
{
	struct test_object object = object_load("def16"), image;
	struct elfmap_object *opened;

	object_multiply_map(&object, "totals", 65535 - 2);
	image = convert(&object);
	opened = open_object(&image, NULL);
	ck_assert(!elfmap_object__is_legacy(opened));
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "totals65532"))->max_entries, 2);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "by_mark"))->max_entries, 100);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* iproute2 allowed 64. */
START_TEST(test_many_maps)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "many");
	struct test_object object = object_load("def16"), image;
	struct bpf_object *opened;
	const struct bpf_map *map;

	object_multiply_map(&object, "totals", 5000);
	image = convert(&object);
	opened = bpf_object__open_mem(image.bytes, image.size, &opts);
	ck_assert_ptr_nonnull(opened);
	map = bpf_object__find_map_by_name(opened, "totals4999");
	ck_assert_ptr_nonnull(map);
	ck_assert_uint_eq(bpf_map__max_entries(map), 2);
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

START_TEST(test_too_many_maps)
{
	struct test_object object = object_load("def16");

	object_multiply_map(&object, "totals", 65536 - 2);
	assert_refused(&object, NULL, E2BIG, "more than 65535 maps");
	object_free(&object);
}
END_TEST

/* nested with so many more outer maps, and so many more inner maps in each of them. */
static struct test_object with_slots(size_t outers, size_t inners)
{
	struct test_object object = object_load("nested");
	char name[32];

	*object_map_word(&object, "mirror", ENTRIES) = 1 << 20;
	*object_map_word(&object, "by_direction", ENTRIES) = 1 << 20;
	object_multiply_map(&object, "mirror", outers);
	object_multiply_map(&object, "egress_stats", inners);
	for (size_t i = 0; i < inners; i++) {
		snprintf(name, sizeof(name), "egress_stats%zu", i);
		*object_map_word(&object, name, INNER_IDX) = 2 + (uint32_t)i;
	}
	return object;
}

START_TEST(test_many_slots)
{
	struct test_object object = with_slots(98, 998);
	struct elfmap_object *opened = open_object(&object, NULL);
	const char *target;
	__u32 key;

	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "mirror97")), 1000);
	ck_assert_int_eq(elfmap_map__slot(map_of(opened, "mirror97"), 999, &key, &target), 0);
	ck_assert_uint_eq(key, 999);
	ck_assert_str_eq(target, "egress_stats997");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* Every inner map in every outer map: a small file could ask for any number. */
START_TEST(test_too_many_slots)
{
	struct test_object object = with_slots(1100, 998);

	assert_refused(&object, NULL, E2BIG, "more than 1048576 initial slots in the object");
	object_free(&object);
}
END_TEST

/* Append sections of one byte each, as far from each other as can be. */
static void add_aligned_sections(struct test_object *object, size_t count)
{
	size_t old_count = object_header(object)->e_shnum;
	size_t table = (object->size + count + 7) / 8 * 8;
	Elf64_Shdr *headers;

	object->bytes = realloc(object->bytes, table + (old_count + count) * sizeof(*headers));
	ck_assert_ptr_nonnull(object->bytes);
	memset(object->bytes + object->size, 0, table - object->size);
	headers = (void *)(object->bytes + table);
	memcpy(headers, object_section_at(object, 0), old_count * sizeof(*headers));
	for (size_t i = 0; i < count; i++)
		headers[old_count + i] = (Elf64_Shdr){ .sh_type = SHT_PROGBITS,
						       .sh_offset = object->size + i,
						       .sh_size = 1,
						       .sh_addralign = 1 << 16 };
	object_header(object)->e_shoff = table;
	object_header(object)->e_shnum = (Elf64_Half)(old_count + count);
	object->size = table + (old_count + count) * sizeof(*headers);
}

/* Alignment too is room that a file can ask for. */
START_TEST(test_alignment)
{
	struct test_object object = object_load("counter");
	struct elfmap_object *opened;
	size_t size;

	add_aligned_sections(&object, 5000);
	opened = open_object(&object, NULL);
	ck_assert_ptr_null(elfmap_object__image(opened, &size));
	ck_assert_int_eq(errno, E2BIG);
	assert_one_error("buffer: cannot write the image: ");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

Suite *bounds_suite(void)
{
	return suite_of("bounds", test_most_maps, test_many_maps, test_too_many_maps,
			test_many_slots, test_too_many_slots, test_alignment);
}
