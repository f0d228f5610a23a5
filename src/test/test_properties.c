// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What holds for every legacy object, tried on thousands that are made up: see seeds.h for how to
 * try one of them again.
 */
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/byte_order.h"
#include "test/seeds.h"
#include "test/tests.h"

/* Objects for each property; how long they take is what limits them. */
#define SEEDS 1500

static const struct generate_options options = {
	.pins = true,
	.mixed_attach_types = true,
	.addends = true,
};

/* --- decoding is the truth ----------------------------------------------------------------- */

static void check_words(const struct elfmap_map_def *def, const struct elfmap_map_def *truth,
			const char *name)
{
	expect_equal(def->has, truth->has, "map %s", name);
	expect_equal(def->type, truth->type, "map %s", name);
	expect_equal(def->key_size, truth->key_size, "map %s", name);
	expect_equal(def->value_size, truth->value_size, "map %s", name);
	expect_equal(def->max_entries, truth->max_entries, "map %s", name);
	expect_equal(def->map_flags, truth->map_flags, "map %s", name);
	expect_equal(def->numa_node, truth->numa_node, "map %s", name);
	expect_equal(def->id, truth->id, "map %s", name);
	expect_equal(def->pinning, truth->pinning, "map %s", name);
	expect_equal(def->inner_id, truth->inner_id, "map %s", name);
	expect_equal(def->inner_idx, truth->has & ELFMAP_DEF_INNER_IDX ? truth->inner_idx : 0,
		     "map %s", name);
	expect_equal(def->inner_map_idx, truth->inner_map_idx, "map %s", name);
}

static void check_links(const struct elfmap_map *map, const struct generated_map *truth)
{
	const struct elfmap_map *inner = elfmap_map__inner(map);

	expect_equal(!inner, !truth->inner, "inner map of %s", truth->name);
	if (inner)
		expect(!strcmp(elfmap_map__name(inner), truth->inner->name),
		       "inner map of %s: %s, expected %s", truth->name, elfmap_map__name(inner),
		       truth->inner->name);
	expect_equal(elfmap_map__nr_slots(map), truth->nr_slots, "map %s", truth->name);
	for (size_t i = 0; i < truth->nr_slots; i++) {
		const char *target;
		__u32 key;

		expect(!elfmap_map__slot(map, i, &key, &target), "map %s: no slot %zu", truth->name,
		       i);
		expect_equal(key, truth->slots[i].key, "map %s, slot %zu", truth->name, i);
		expect(!strcmp(target, truth->slots[i].target), "map %s, slot %u: %s, expected %s",
		       truth->name, key, target, truth->slots[i].target);
	}
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), more = strlen(end);

	return length >= more && strcmp(text + length - more, end) == 0;
}

/* By the numbers that need no file of the system's, or by a path or a namespace. */
static void check_pin(const struct elfmap_map *map, const struct generated_map *truth)
{
	const char *path = elfmap_map__pin_path(map), *slash = path ? strrchr(path, '/') : NULL;
	char below_namespace[sizeof(truth->namespace) + sizeof(truth->name) + 16];

	if (*truth->pin_path || *truth->namespace) {
		snprintf(below_namespace, sizeof(below_namespace), "/%s/globals/%s",
			 truth->namespace, truth->name);
		expect(path && (strcmp(path, truth->pin_path) == 0 ||
				ends_in(path, below_namespace)),
		       "map %s: pinned as %s", truth->name, path ? path : "nothing");
		return;
	}
	if (truth->def.pinning == 0)
		expect(!path, "map %s: pinned as %s", truth->name, path);
	if (truth->def.pinning == 1 || truth->def.pinning == 2)
		expect(slash && !strcmp(slash + 1, truth->name), "map %s: pinned as %s",
		       truth->name, path ? path : "nothing");
	if (truth->def.pinning == 2)
		expect(strstr(path, "/tc/globals/"), "map %s: pinned as %s", truth->name, path);
}

/* BTF names members, so two layouts with the same words are one to it. */
static void check_layout(const struct elfmap_map *map, const struct generated *generated)
{
	const char *layout = elfmap_map__layout(map), *evidence = elfmap_map__evidence(map);

	expect(!strcmp(layout, generated->layout->name) ||
		       (generated->has_btf && !strcmp(layout, "btf")),
	       "map %s: read as %s", elfmap_map__name(map), layout);
	expect_equal(!strncmp(evidence, "BTF: ", 5), generated->has_btf, "evidence: %s", evidence);
}

static void check_types(struct elfmap_object *object, const struct elfmap_map *map,
			const struct generated_map *truth, const struct generated *generated)
{
	const struct btf *btf = elfmap_object__btf(object);
	const struct btf_type *type;
	__s64 key_size, value_size;

	expect_equal(elfmap_map__btf_key_type_id(map) != 0, truth->is_typed, "map %s", truth->name);
	expect_equal(elfmap_map__btf_value_type_id(map) != 0, truth->is_typed, "map %s",
		     truth->name);
	if (truth->is_typed) {
		key_size = btf__resolve_size(btf, elfmap_map__btf_key_type_id(map));
		value_size = btf__resolve_size(btf, elfmap_map__btf_value_type_id(map));
		expect(key_size == truth->def.key_size && value_size == truth->def.value_size,
		       "map %s: types of %lld and %lld bytes", truth->name, (long long)key_size,
		       (long long)value_size);
	}
	if (!generated->has_btf)
		return;
	type = btf__type_by_id(btf, elfmap_map__btf_id(map));
	expect(type && btf_is_struct(type), "map %s: no struct", truth->name);
	expect_equal(type->size, made_layout_size(generated->layout), "map %s", truth->name);
}

static void check_maps(struct elfmap_object *object, const struct generated *generated)
{
	const struct elfmap_map *map = NULL;
	size_t count = 0;

	while ((map = elfmap_object__next_map(object, map))) {
		const char *name = elfmap_map__name(map);
		const struct generated_map *truth = generated_find_map(generated, name);

		expect(truth, "a map %s that there is not", name);
		expect(!strcmp(elfmap_map__section(map), truth->section), "map %s: in section %s",
		       name, elfmap_map__section(map));
		expect_equal(elfmap_map__offset(map), truth->offset, "map %s", name);
		check_words(elfmap_map__def(map), &truth->def, name);
		check_links(map, truth);
		check_pin(map, truth);
		check_layout(map, generated);
		check_types(object, map, truth, generated);
		count++;
	}
	expect_equal(count, generated->nr_maps, "maps");
}

static const struct generated_program *find_program(const struct generated *generated,
						    const char *name)
{
	for (size_t i = 0; i < generated->nr_programs; i++) {
		if (!strcmp(generated->programs[i].name, name))
			return &generated->programs[i];
	}
	seed_has_failed("a program %s that there is not", name);
}

static void check_programs(const struct elfmap_object *object, const struct generated *generated)
{
	const struct elfmap_program *program = NULL;
	size_t count = 0;

	while ((program = elfmap_object__next_program(object, program))) {
		const char *name = elfmap_program__name(program);
		const struct generated_program *truth = find_program(generated, name);
		const char *section = generated->sections[truth->section].name;

		expect(!strcmp(elfmap_program__section(program), section),
		       "program %s: in section %s, expected %s", name,
		       elfmap_program__section(program), section);
		expect_equal(elfmap_program__insn_cnt(program), truth->nr_insns, "program %s",
			     name);
		expect_equal(elfmap_program__type(program), truth->prog_type, "program %s", name);
		expect_equal(elfmap_program__is_subprogram(program), false, "program %s", name);
		count++;
	}
	expect_equal(count, generated->nr_programs, "programs");
}

static void decode_in(const struct generated *generated, bool big_endian)
{
	struct test_object bytes = generated_write(generated, big_endian);
	struct elfmap_object *object = expect_open(&bytes);

	expect_equal(elfmap_object__is_big_endian(object), big_endian, "object");
	expect_equal(elfmap_object__is_legacy(object), true, "object");
	check_maps(object, generated);
	check_programs(object, generated);
	elfmap_object__close(object);
	object_free(&bytes);
}

static void decodes(const struct generated *generated)
{
	decode_in(generated, false);
	decode_in(generated, true);
}

START_TEST(test_decode)
{
	for_each_seed(SEEDS, &options, decodes);
}
END_TEST

/* --- conversion ends ----------------------------------------------------------------------- */

static void ends(const struct generated *generated)
{
	struct test_object bytes = generated_write(generated, false);
	struct test_object image = expect_converted(&bytes), other = expect_converted(&bytes);
	struct test_object again = expect_converted(&image);

	expect_same(&other, &image, "image of a second opening");
	expect_same(&again, &image, "image of the image");
	object_free(&bytes);
	object_free(&image);
	object_free(&other);
	object_free(&again);
}

START_TEST(test_end)
{
	for_each_seed(SEEDS, &options, ends);
}
END_TEST

START_TEST(test_end_of_testdata)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name), image = convert(&object);
		struct test_object again = convert(&image);

		ck_assert_uint_eq(again.size, image.size);
		ck_assert_msg(!memcmp(again.bytes, image.bytes, image.size), "%s", *name);
		object_free(&object);
		object_free(&image);
		object_free(&again);
	}
}
END_TEST

/* --- both byte orders ---------------------------------------------------------------------- */

/* The two files of one seed are each other's swap, and so are their images. */
static void swaps(const struct generated *generated)
{
	struct test_object little = generated_write(generated, false);
	struct test_object big = generated_write(generated, true);
	struct test_object little_image = expect_untagged(&little);
	struct test_object big_image = expect_untagged(&big);
	struct test_object swapped = big_endian(&little), swapped_image = big_endian(&little_image);

	if (!made_layout_has_kind(generated->layout, MADE_NAMESPACE) &&
	    !made_layout_has_kind(generated->layout, MADE_PIN_PATH) && !generated->addends)
		expect_same(&swapped, &big, "the object, swapped");
	expect_same(&swapped_image, &big_image, "the image, swapped");
	object_free(&little);
	object_free(&big);
	object_free(&little_image);
	object_free(&big_image);
	object_free(&swapped);
	object_free(&swapped_image);
}

START_TEST(test_byte_orders)
{
	for_each_seed(SEEDS, &options, swaps);
}
END_TEST

/* --- the generator itself ------------------------------------------------------------------ */

static void comes_again(const struct generated *generated)
{
	struct generated *other = generate(generated->seed, &generated->options);
	struct test_object first = generated_write(generated, false);
	struct test_object second = generated_write(other, false);

	expect_same(&second, &first, "the object of a seed");
	object_free(&first);
	object_free(&second);
	generated_free(other);
}

/* The same seed gives the same bytes. */
START_TEST(test_generator)
{
	for_each_seed(SEEDS, &options, comes_again);
}
END_TEST

Suite *properties_suite(void)
{
	return suite_of("properties", test_generator, test_decode, test_end, test_end_of_testdata,
			test_byte_orders);
}
