// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Maps of maps: which is whose inner map, and what stands in which slot. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/expected.h"
#include "test/opening.h"
#include "test/tests.h"

/* The words of struct bpf_elf_map. */
enum {
	TYPE,
	KEY_SIZE,
	VALUE_SIZE,
	ENTRIES,
	FLAGS,
	ID,
	PINNING,
	INNER_ID,
	INNER_IDX,
};

/* Of struct bpf_map_def. */
#define INNER_MAP_IDX 5

/* --- what testdata/ says ------------------------------------------------------------------- */

START_TEST(test_inner_maps)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *object = open_name(*name);
		struct elfmap_map *map = NULL;

		while ((map = elfmap_object__next_map(object, map))) {
			const char *expected = expected_map(*name, elfmap_map__name(map))->inner;
			const struct elfmap_map *inner = elfmap_map__inner(map);

			if (expected)
				ck_assert_ptr_nonnull(inner);
			if (inner)
				ck_assert_pstr_eq(elfmap_map__name(inner), expected);
		}
		elfmap_object__close(object);
	}
}
END_TEST

struct slot {
	__u32 key;
	const char *target;
};

/* The slots of a map, NULL-terminated. */
static void check_slots(const struct elfmap_object *object, const char *map,
			const struct slot *slots)
{
	const struct elfmap_map *found = map_of(object, map);
	const char *target;
	size_t count = 0;
	__u32 key;

	for (; slots[count].target; count++) {
		ck_assert_int_eq(elfmap_map__slot(found, count, &key, &target), 0);
		ck_assert_uint_eq(key, slots[count].key);
		ck_assert_str_eq(target, slots[count].target);
	}
	ck_assert_uint_eq(elfmap_map__nr_slots(found), count);
	ck_assert_int_eq(elfmap_map__slot(found, count, &key, &target), -ERANGE);
	ck_assert_int_eq(elfmap_map__slot(found, SIZE_MAX, NULL, NULL), -ERANGE);
}

#define assert_slots(object, map, ...) \
	check_slots(object, map, (const struct slot[]){ __VA_ARGS__, { 0, NULL } })

/* Two inner maps in an outer one, one in two, none, and a hash. */
START_TEST(test_slots)
{
	struct elfmap_object *object = open_name("nested");

	assert_slots(object, "by_direction", { 0, "ingress_stats" }, { 1, "egress_stats" });
	assert_slots(object, "mirror", { 0, "ingress_stats" }, { 1, "egress_stats" });
	assert_slots(object, "later", { 0, NULL });
	assert_slots(object, "by_mark", { 7, "mark_stats" });
	assert_slots(object, "template", { 0, NULL });
	elfmap_object__close(object);
}
END_TEST

/* A definition that names its inner map by position says nothing of slots. */
START_TEST(test_no_slots_by_position)
{
	struct elfmap_object *object = open_name("def24");

	assert_slots(object, "by_queue", { 0, NULL });
	assert_slots(object, "by_mark", { 0, NULL });
	elfmap_object__close(object);
}
END_TEST

/* --- by id --------------------------------------------------------------------------------- */

/* nested with one word of one map changed. */
static struct test_object nested_with(const char *map, size_t word, uint32_t value)
{
	struct test_object object = object_load("nested");

	*object_map_word(&object, map, word) = value;
	return object;
}

/* Slots are in the order of their keys, whatever the order of the maps. */
START_TEST(test_slot_order)
{
	struct test_object changed = nested_with("ingress_stats", INNER_IDX, 1);
	struct elfmap_object *object;

	*object_map_word(&changed, "egress_stats", INNER_IDX) = 0;
	object = open_object(&changed, NULL);
	assert_slots(object, "mirror", { 0, "egress_stats" }, { 1, "ingress_stats" });
	/* the first map of that id is the template still */
	ck_assert_str_eq(elfmap_map__name(elfmap_map__inner(map_of(object, "mirror"))),
			 "ingress_stats");
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

/* -1 is no slot, for any of the maps that share the id. */
START_TEST(test_not_stored)
{
	struct test_object changed = nested_with("ingress_stats", INNER_IDX, UINT32_MAX);
	struct elfmap_object *object = open_object(&changed, NULL);

	assert_slots(object, "by_direction", { 1, "egress_stats" });
	ck_assert_str_eq(elfmap_map__name(elfmap_map__inner(map_of(object, "by_direction"))),
			 "ingress_stats");
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

/* A hash has no slot that is beyond it. */
START_TEST(test_hash_key)
{
	struct test_object changed = nested_with("mark_stats", INNER_IDX, 0xfffffffe);
	struct elfmap_object *object = open_object(&changed, NULL);

	assert_slots(object, "by_mark", { 0xfffffffe, "mark_stats" });
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

static void check_nested_refused(struct test_object *object, const char *map, const char *text)
{
	char name[64];

	snprintf(name, sizeof(name), "section maps: map \"%s\"", map);
	assert_refused(object, NULL, EINVAL, name, text);
	object_free(object);
}

START_TEST(test_no_inner_id)
{
	struct test_object object = nested_with("later", INNER_ID, 0);

	check_nested_refused(&object, "later", "is a map of maps (type 12) with inner_id 0");
	object = nested_with("by_mark", INNER_ID, 0);
	check_nested_refused(&object, "by_mark", "is a map of maps (type 13) with inner_id 0");
}
END_TEST

START_TEST(test_unknown_inner_id)
{
	struct test_object object = nested_with("later", INNER_ID, 21);

	check_nested_refused(&object, "later", "inner_id 21: no map in this object has that id");
}
END_TEST

START_TEST(test_nested_twice)
{
	struct test_object object = nested_with("template", TYPE, BPF_MAP_TYPE_ARRAY_OF_MAPS);

	*object_map_word(&object, "template", INNER_ID) = 30;
	check_nested_refused(&object, "later",
			     "its inner map \"template\" is a map of maps itself");
	/* itself */
	object = nested_with("later", ID, 20);
	*object_map_word(&object, "template", ID) = 0;
	check_nested_refused(&object, "later", "its inner map \"later\" is a map of maps itself");
}
END_TEST

START_TEST(test_slot_beyond)
{
	struct test_object object = nested_with("egress_stats", INNER_IDX, 2);

	check_nested_refused(&object, "egress_stats",
			     "inner_idx 2: its outer map \"by_direction\" has 2 entries");
	object = nested_with("mirror", ENTRIES, 1);
	check_nested_refused(&object, "egress_stats",
			     "inner_idx 1: its outer map \"mirror\" has 1 entries");
	object = nested_with("egress_stats", INNER_IDX, 0xfffffffe);
	check_nested_refused(&object, "egress_stats", "inner_idx 4294967294");
}
END_TEST

/* More than fit into a hash of maps cannot all be stored. */
START_TEST(test_hash_too_small)
{
	struct test_object object = nested_with("by_mark", ENTRIES, 1);

	*object_map_word(&object, "by_mark", INNER_ID) = 10;
	check_nested_refused(&object, "by_mark", "2 initial slots: it has 1 entries");
}
END_TEST

/* iproute2 stores all of them in turn: the last one stays, and that is said. */
START_TEST(test_slot_twice)
{
	struct test_object changed = nested_with("egress_stats", INNER_IDX, 0);
	struct elfmap_object *object = open_object(&changed, NULL);

	assert_message(ELFMAP_LOG_WARNING, "section maps: map \"by_direction\": slot 0");
	assert_message(ELFMAP_LOG_WARNING, "\"ingress_stats\"");
	assert_message(ELFMAP_LOG_WARNING, "\"egress_stats\": the last one gets it");
	assert_slots(object, "by_direction", { 0, "egress_stats" });
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

START_TEST(test_key_size)
{
	struct test_object object = nested_with("by_mark", KEY_SIZE, 8);

	check_nested_refused(&object, "by_mark", "key size 8: expected 4, as \"mark_stats\"");
}
END_TEST

/* Several maps share an id only as inner maps. */
START_TEST(test_duplicate_id)
{
	struct test_object object = object_load("tailcalls");

	*object_map_word(&object, "trace", ID) = 42;
	assert_refused(&object, NULL, EINVAL, "section maps: maps \"steps\" and \"trace\"",
		       "both have id 42");
	object_free(&object);
	object = object_load("tailcalls");
	*object_map_word(&object, "verdicts", ID) = 42;
	assert_refused(&object, NULL, EINVAL, "\"steps\" and \"verdicts\" both have id 42");
	object_free(&object);
}
END_TEST

/* --- by position --------------------------------------------------------------------------- */

START_TEST(test_positions)
{
	struct test_object changed = object_load("def24");
	struct elfmap_object *object;

	*object_map_word(&changed, "by_queue", INNER_MAP_IDX) = 2;
	*object_map_word(&changed, "by_mark", INNER_MAP_IDX) = 0;
	object = open_object(&changed, NULL);
	ck_assert_str_eq(elfmap_map__name(elfmap_map__inner(map_of(object, "by_queue"))),
			 "session");
	ck_assert_str_eq(elfmap_map__name(elfmap_map__inner(map_of(object, "by_mark"))), "counter");
	/* a word that only outer maps use */
	ck_assert_ptr_null(elfmap_map__inner(map_of(object, "counter")));
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

/* 0 may mean that only the loader knows: so it must where 0 is no inner map. */
START_TEST(test_position_unset)
{
	struct test_object changed = object_load("def28");
	struct elfmap_object *object;

	*object_map_word(&changed, "by_queue", INNER_MAP_IDX) = 0;
	*object_map_word(&changed, "by_mark", INNER_MAP_IDX) = 0;
	object = open_object(&changed, NULL);
	ck_assert_ptr_null(elfmap_map__inner(map_of(object, "by_queue")));
	ck_assert_ptr_null(elfmap_map__inner(map_of(object, "by_mark")));
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

START_TEST(test_bad_positions)
{
	static const struct {
		uint32_t position;
		const char *text;
	} bad[] = {
		{ 4, "inner_map_idx 4: the section has 4 maps" },
		{ UINT32_MAX, "inner_map_idx 4294967295: the section has 4 maps" },
		{ 1, "its inner map \"by_queue\" is a map of maps itself" },
		{ 3, "its inner map \"by_mark\" is a map of maps itself" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct test_object object = object_load("def24");

		*object_map_word(&object, "by_queue", INNER_MAP_IDX) = bad[i].position;
		check_nested_refused(&object, "by_queue", bad[i].text);
	}
}
END_TEST

/* A layout without a word for it: the loader sets the inner map, so opening is no error. */
START_TEST(test_no_word)
{
	struct test_object changed = object_load("def20");
	struct elfmap_object *object;

	*object_map_word(&changed, "totals", TYPE) = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	object = open_object(&changed, NULL);
	ck_assert_ptr_null(elfmap_map__inner(map_of(object, "totals")));
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(object, "totals")), 0);
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

Suite *nesting_suite(void)
{
	return suite_of("nesting", test_inner_maps, test_slots, test_no_slots_by_position,
			test_slot_order, test_not_stored, test_hash_key, test_no_inner_id,
			test_unknown_inner_id, test_nested_twice, test_slot_beyond,
			test_hash_too_small, test_slot_twice, test_key_size, test_duplicate_id,
			test_positions, test_position_unset, test_bad_positions, test_no_word);
}
