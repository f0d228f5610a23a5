// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Sections with definitions of several sizes, as static linking leaves them, and static maps of one
 * name. What is not known is refused: a definition that is read wrongly corrupts in silence.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/aged.h"
#include "test/opening.h"
#include "test/repaired.h"
#include "test/tests.h"

#define MIXED_SIZES "section maps holds definitions of different sizes, as after static linking"
#define UNTYPED "5 map symbols without a type or size: now typed and sized"

/* The maps of mixedsizes.o: three of 20 bytes, two of 36. */
static const struct {
	const char *name;
	size_t offset, size;
} maps[] = {
	{ "packets", 0, 20 }, { "marks", 20, 20 }, { "flows", 40, 20 },
	{ "shared", 60, 36 }, { "jumps", 96, 36 },
};
#define NR_MAPS (sizeof(maps) / sizeof(maps[0]))

/* --- padding ------------------------------------------------------------------------------- */

/* Bytes between the definitions of 20 and those of 36, each of this value. */
static struct test_object padded(const char *name, size_t padding, uint8_t value)
{
	struct test_object object = object_load(name);
	uint8_t *bytes;

	object_resize_section(&object, "maps", 132 + padding);
	bytes = object_section_bytes(&object, "maps");
	memmove(bytes + 60 + padding, bytes + 60, 72);
	memset(bytes + 60, value, padding);
	object_symbol(&object, "shared")->st_value += padding;
	object_symbol(&object, "jumps")->st_value += padding;
	return object;
}

START_TEST(test_padding)
{
	struct test_object object;

	assert_repaired("mixedsizes", padded("mixedsizes", 4, 0), MIXED_SIZES);
	assert_repaired("mixedsizes.btf", padded("mixedsizes.btf", 4, 0), MIXED_SIZES);
	/* without sizes, BTF says how long each struct is */
	object = padded("mixedsizes.btf", 4, 0);
	age_map_symbols(&object);
	assert_repaired("mixedsizes.btf", object, MIXED_SIZES, UNTYPED);
}
END_TEST

/* No linker leaves that. */
START_TEST(test_no_padding)
{
	static const struct {
		size_t padding;
		uint8_t value;
	} cases[] = { { 4, 1 }, { 8, 0 }, { 20, 0 }, { 36, 0 }, { 2, 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_object object = padded("mixedsizes", cases[i].padding, cases[i].value);

		assert_refused(&object, NULL, EINVAL, "section maps: ");
		object_free(&object);
	}
}
END_TEST

/* --- symbols that are not there, or elsewhere ---------------------------------------------- */

/* Static maps to which nothing refers, so that only the definitions can tell. */
static struct test_object without_references(void)
{
	struct test_object object = object_load("mixedsizes");

	object_section(&object, ".relclassifier")->sh_size = 0;
	object_section(&object, ".rel12/1")->sh_size = 0;
	return object;
}

/* With an errno or the other: it is not known how long what is left is, or no layout is that long. */
static void check_not_guessed(struct test_object *object, const char *what)
{
	struct elfmap_object *opened;

	collect_messages();
	opened = elfmap_object__open_mem(object->bytes, object->size, NULL);
	ck_assert_msg(!opened, "%s: it was opened", what);
	assert_one_error("section maps: ");
	object_free(object);
}

START_TEST(test_missing_symbol)
{
	for (size_t i = 0; i < 2 * NR_MAPS; i++) {
		struct test_object object = without_references();

		if (i >= NR_MAPS)
			age_map_symbols(&object);
		remove_symbol(&object, maps[i % NR_MAPS].name);
		check_not_guessed(&object, maps[i % NR_MAPS].name);
	}
}
END_TEST

/*
 * A definition of iproute2's, then two of libbpf's of which the second has lost its symbol: they are
 * as long as one that libbpf was proposed, and no such one.
 */
START_TEST(test_missing_last_symbol)
{
	struct test_object object = without_references();
	uint8_t *bytes = object_section_bytes(&object, "maps");
	uint8_t words[76];

	memcpy(words, bytes + 60, 36);
	memcpy(words + 36, bytes + 20, 40);
	memcpy(bytes, words, sizeof(words));
	object_section(&object, "maps")->sh_size = sizeof(words);
	object_symbol(&object, "shared")->st_value = 0;
	object_symbol(&object, "marks")->st_value = 36;
	remove_symbol(&object, "packets");
	remove_symbol(&object, "flows");
	remove_symbol(&object, "jumps");
	age_map_symbols(&object);
	check_not_guessed(&object, "flows");
}
END_TEST

static void check_moved(size_t i, size_t by, bool is_bare)
{
	struct test_object object = without_references();
	char what[64];

	snprintf(what, sizeof(what), "%s%s moved by %zu", is_bare ? "bare " : "", maps[i].name, by);
	if (is_bare)
		age_map_symbols(&object);
	else if (maps[i].offset + by + maps[i].size > 132)
		object_symbol(&object, maps[i].name)->st_size -= by;
	object_symbol(&object, maps[i].name)->st_value += by;
	check_not_guessed(&object, what);
}

/* Into the midst of its definition. */
START_TEST(test_moved_symbol)
{
	for (size_t i = 0; i < NR_MAPS; i++) {
		for (size_t by = 4; by < maps[i].size; by += 4)
			check_moved(i, by, false);
	}
}
END_TEST

/* Where symbols have no size either, what is left on both sides may look like definitions. */
START_TEST(test_moved_bare_symbol)
{
	for (size_t by = 4; by < maps[_i].size; by += 4)
		check_moved((size_t)_i, by, true);
}
END_TEST

/* --- static maps of one name --------------------------------------------------------------- */

/* Definitions are known by their place, whatever they are called then. */
static void check_named(const struct elfmap_object *object, const char *name, size_t offset,
			uint32_t type)
{
	const struct elfmap_map *map = map_of(object, name);

	ck_assert_uint_eq(elfmap_map__offset(map), offset);
	ck_assert_uint_eq(elfmap_map__def(map)->type, type);
}

/* The i-th relocation of a section of the image must be by this map's symbol. */
static void check_reference(const struct test_object *image, const char *section, size_t i,
			    const char *map)
{
	const Elf64_Rel *entry = object_relocation(image, section, i);
	const Elf64_Sym *symbol = object_symbol_at(image, ELF64_R_SYM(entry->r_info));

	ck_assert_str_eq(object_symbol_name(image, symbol), map);
	ck_assert_str_eq(object_section_name(image, symbol->st_shndx), ".maps");
}

START_TEST(test_two_static_maps)
{
	struct test_object object = object_load(_i ? "static_map.btf" : "static_map"), image;
	struct elfmap_object *opened;

	object_rename_symbol(&object, "last", "first");
	/* the last by its name, so that BTF's variable may be that of either */
	object_rename_symbol(&object, "between", "other");
	opened = open_object(&object, NULL);
	check_named(opened, "first", 0, BPF_MAP_TYPE_ARRAY);
	check_named(opened, "first_1", 72, BPF_MAP_TYPE_HASH);
	assert_repairs(
		opened,
		(const char *const[]){
			"2 static maps: now global",
			"a static map whose name is taken or has a dot: now called \"first_1\"",
			"2 references to a map by section and offset: now by the map's symbol",
			NULL });
	image = image_of(opened);
	check_reference(&image, ".relclassifier", 0, "first");
	check_reference(&image, ".relclassifier", 1, "other");
	check_reference(&image, ".relclassifier", 2, "first_1");
	assert_sound_image(&image);
	assert_same_view(&image, &image);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* A global map keeps its name, and what is given to static ones is no one's. */
START_TEST(test_global_keeps_name)
{
	struct test_object object = object_load(_i ? "static_map.btf" : "static_map"), image;
	struct elfmap_object *opened;

	object_rename_symbol(&object, "first", "between");
	object_rename_symbol(&object, "last", "between_1");
	opened = open_object(&object, NULL);
	check_named(opened, "between_2", 0, BPF_MAP_TYPE_ARRAY);
	check_named(opened, "between", 36, BPF_MAP_TYPE_ARRAY);
	check_named(opened, "between_1", 72, BPF_MAP_TYPE_HASH);
	image = image_of(opened);
	check_reference(&image, ".relclassifier", 0, "between_2");
	check_reference(&image, ".relclassifier", 1, "between");
	check_reference(&image, ".relclassifier", 2, "between_1");
	assert_sound_image(&image);
	assert_same_view(&image, &image);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* A pointer to one of two static maps of one name is not taken for one to the other. */
START_TEST(test_inner_of_same_name)
{
	struct test_object object = object_load("goebpf");
	uint64_t offset = object_symbol(&object, "routes")->st_value;

	age_static_maps(&object);
	/* the pointer of by_queue goes to section and offset now */
	memcpy(object_section_bytes(&object, "maps") + 40 + 24, &offset, sizeof(offset));
	object_rename_symbol(&object, "routes", "lengths");
	assert_refused(&object, NULL, EINVAL, "map \"by_queue\"",
		       "its inner map is called \"lengths\" as another static map is");
	object_free(&object);
}
END_TEST

Suite *repairs_sizes_suite(void)
{
	Suite *suite = suite_of("repairs_sizes", test_padding, test_no_padding, test_missing_symbol,
				test_missing_last_symbol, test_moved_symbol, test_two_static_maps,
				test_inner_of_same_name);

	add_loop_test(suite, test_moved_bare_symbol, NR_MAPS);
	/* without BTF and with it */
	add_loop_test(suite, test_two_static_maps, 2);
	add_loop_test(suite, test_global_keeps_name, 2);
	return suite;
}
