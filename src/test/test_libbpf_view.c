// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The image as libbpf reads it: each map with the attributes of its definition. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/expected.h"
#include "test/opening.h"
#include "section_names.h"
#include "test/tests.h"

/* The words of struct bpf_elf_map. */
enum {
	TYPE,
	KEY_SIZE,
	VALUE_SIZE,
	ENTRIES,
	FLAGS,
};

static struct bpf_object *open_image(const struct test_object *image, const char *name)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "image");
	struct bpf_object *opened = bpf_object__open_mem(image->bytes, image->size, &opts);

	ck_assert_msg(opened, "%s: %s", name, strerror(errno));
	return opened;
}

static void check_map(const struct bpf_map *map, const struct expected_map *expected)
{
	__u32 value_size = expected->def.value_size;

	/* samples left out what is always the same */
	if (!value_size && (expected->def.type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
			    expected->def.type == BPF_MAP_TYPE_HASH_OF_MAPS))
		value_size = 4;
	ck_assert_uint_eq(bpf_map__type(map), expected->def.type);
	ck_assert_uint_eq(bpf_map__key_size(map), expected->def.key_size);
	ck_assert_uint_eq(bpf_map__value_size(map), value_size);
	ck_assert_uint_eq(bpf_map__max_entries(map), expected->def.max_entries);
	ck_assert_uint_eq(bpf_map__map_flags(map), expected->def.map_flags);
	ck_assert_uint_eq(bpf_map__numa_node(map), expected->def.numa_node);
	ck_assert_uint_eq(bpf_map__map_extra(map), 0);
	ck_assert(bpf_map__autocreate(map));
}

static void check_maps(const struct bpf_object *opened, const char *name)
{
	const struct bpf_map *map;
	size_t count = 0;

	bpf_object__for_each_map(map, opened) {
		if (bpf_map__is_internal(map))
			continue;
		check_map(map, expected_map(name, bpf_map__name(map)));
		count++;
	}
	ck_assert_uint_eq(count, expected_count(name));
}

START_TEST(test_maps)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name), image = convert(&object);
		struct bpf_object *opened = open_image(&image, *name);

		check_maps(opened, *name);
		bpf_object__close(opened);
		object_free(&image);
		object_free(&object);
	}
}
END_TEST

static char said[1024];

static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	size_t used = strlen(said);

	return level == LIBBPF_DEBUG ?
		       0 :
		       vsnprintf(said + used, sizeof(said) - used, format, arguments);
}

/*
 * What libbpf would write to the stderr of any program that opens the image. It has no use for what
 * some objects have for their own loader, and says so of the original too.
 */
START_TEST(test_quiet)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name), image = convert(&object);
		struct bpf_object *opened;

		libbpf_set_print(hear);
		opened = open_image(&image, *name);
		ck_assert_msg(!strstr(said, "skipping section"), "%s: %s", *name, said);
		bpf_object__close(opened);
		object_free(&image);
		object_free(&object);
	}
}
END_TEST

/* Inner maps are created first: libbpf goes by their place in the section. */
START_TEST(test_order)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *object = open_name(*name);
		struct test_object image = image_of(object);
		const struct elfmap_map *outer = NULL;

		while ((outer = elfmap_object__next_map(object, outer))) {
			const struct elfmap_map *inner = elfmap_map__inner(outer);

			if (inner)
				ck_assert_uint_lt(
					object_symbol(&image, elfmap_map__name(inner))->st_value,
					object_symbol(&image, elfmap_map__name(outer))->st_value);
		}
		elfmap_object__close(object);
		object_free(&image);
	}
}
END_TEST

/* The programs that libbpf finds are those of the object, in their sections. */
static void check_programs(const struct elfmap_object *object, const struct bpf_object *opened)
{
	const struct image_options plain = { 0 };
	struct section_names names;
	const struct elfmap_program *program = NULL;
	struct bpf_program *found;
	size_t count = 0, expected = 0;

	ck_assert_int_eq(section_names_make(object, &plain, &names), 0);
	while ((program = elfmap_object__next_program(object, program))) {
		if (elfmap_program__is_subprogram(program))
			continue;
		found = bpf_object__find_program_by_name(opened, elfmap_program__name(program));
		ck_assert_ptr_nonnull(found);
		ck_assert_str_eq(bpf_program__section_name(found),
				 section_names_of(&names, program)->name);
		ck_assert_uint_eq(bpf_program__insn_cnt(found), elfmap_program__insn_cnt(program));
		expected++;
	}
	section_names_release(&names);
	bpf_object__for_each_program(found, opened)
		count++;
	ck_assert_uint_eq(count, expected);
}

START_TEST(test_programs)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *object = open_name(*name);
		struct test_object image = image_of(object);
		struct bpf_object *opened = open_image(&image, *name);

		check_programs(object, opened);
		bpf_object__close(opened);
		object_free(&image);
		elfmap_object__close(object);
	}
}
END_TEST

/* counter with one word of its map changed, as libbpf then sees that map. */
static void check_word(size_t word, uint32_t value, __u32 (*get)(const struct bpf_map *map))
{
	struct test_object object = object_load("counter.btf"), image;
	struct bpf_object *opened;

	*object_map_word(&object, "packets", word) = value;
	image = convert(&object);
	opened = open_image(&image, "counter.btf");
	ck_assert_uint_eq(get(bpf_object__find_map_by_name(opened, "packets")), value);
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}

static __u32 map_type(const struct bpf_map *map)
{
	return bpf_map__type(map);
}

/* No value is too large to be written as the length of an array. */
START_TEST(test_large_values)
{
	static const uint32_t values[] = { 1,	       0x3fffffff, 0x40000000, 0x7fffffff,
					   0x80000000, 0xfffffffe, 0xffffffff };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		check_word(TYPE, values[i], map_type);
		check_word(KEY_SIZE, values[i], bpf_map__key_size);
		check_word(VALUE_SIZE, values[i], bpf_map__value_size);
		check_word(ENTRIES, values[i], bpf_map__max_entries);
		check_word(FLAGS, values[i] & ~(__u32)BPF_F_NUMA_NODE, bpf_map__map_flags);
	}
	check_word(KEY_SIZE, 0, bpf_map__key_size);
	check_word(VALUE_SIZE, 0, bpf_map__value_size);
	check_word(ENTRIES, 0, bpf_map__max_entries);
}
END_TEST

/* A node counts where the flags say so, and only there. */
START_TEST(test_numa_node)
{
	struct test_object object = object_load("def28"), image;
	struct bpf_object *opened;
	const struct bpf_map *map;

	*object_map_word(&object, "near", 6) = 5;
	*object_map_word(&object, "counter", 6) = 3;
	image = convert(&object);
	opened = open_image(&image, "def28");
	map = bpf_object__find_map_by_name(opened, "near");
	ck_assert_uint_eq(bpf_map__numa_node(map), 5);
	ck_assert_uint_eq(bpf_map__map_flags(map), BPF_F_NUMA_NODE);
	ck_assert_uint_eq(bpf_map__numa_node(bpf_object__find_map_by_name(opened, "counter")), 0);
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Types of key and value reach the kernel through libbpf. */
START_TEST(test_annotations)
{
	struct test_object object = object_load("annotated.btf"), image = convert(&object);
	struct bpf_object *opened = open_image(&image, "annotated.btf");
	struct elfmap_object *ours = open_object(&object, NULL);
	const struct bpf_map *map = bpf_object__find_map_by_name(opened, "talkers");

	ck_assert_uint_ne(bpf_map__btf_key_type_id(map), 0);
	ck_assert_uint_eq(bpf_map__btf_key_type_id(map),
			  elfmap_map__btf_key_type_id(map_of(ours, "talkers")));
	ck_assert_uint_eq(bpf_map__btf_value_type_id(map),
			  elfmap_map__btf_value_type_id(map_of(ours, "talkers")));
	map = bpf_object__find_map_by_name(opened, "stale");
	ck_assert_uint_eq(bpf_map__btf_key_type_id(map), 0);
	ck_assert_uint_eq(bpf_map__btf_value_type_id(map), 0);
	elfmap_object__close(ours);
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Global pins are pins by name for libbpf, which has no word for the others. */
START_TEST(test_pins)
{
	struct test_object object = object_load("elf36"), image = convert(&object);
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "image", .pin_root_path = "/pins");
	struct bpf_object *opened = bpf_object__open_mem(image.bytes, image.size, &opts);

	ck_assert_ptr_nonnull(opened);
	ck_assert_str_eq(bpf_map__pin_path(bpf_object__find_map_by_name(opened, "peers")),
			 "/pins/peers");
	ck_assert_ptr_null(bpf_map__pin_path(bpf_object__find_map_by_name(opened, "stats")));
	ck_assert_ptr_null(bpf_map__pin_path(bpf_object__find_map_by_name(opened, "scratch")));
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

Suite *libbpf_view_suite(void)
{
	return suite_of("libbpf_view", test_maps, test_quiet, test_order, test_programs,
			test_large_values, test_numa_node, test_annotations, test_pins);
}
