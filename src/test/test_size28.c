// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Two layouts have 28 bytes: what speaks for which, and when there is no telling. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/opening.h"
#include "test/tests.h"

#define ELF_MAP "bpf_elf_map28"
#define MAP_DEF "bpf_map_def28"

#define NO_EFFECT "size: the words in which layouts of this size differ have no effect here"
#define BY_ID "content: a section ID/KEY names the sixth word as an id"
#define BY_PINNING "content: a last word of 1 or 2 without BPF_F_NUMA_NODE is a pinning"
#define BY_NODE "content: BPF_F_NUMA_NODE is set and the last word is a node"
#define BY_OUTER "content: a map of maps of 28 bytes names its inner map by position"

/* Words of a definition, by their place. */
enum {
	TYPE = 0,
	FLAGS = 4,
	SIXTH = 5, /* id or inner_map_idx */
	LAST = 6,  /* pinning or numa_node */
};

/* A change to a map of the object below. */
struct change {
	const char *map;
	size_t word;
	uint32_t value;
};

/* elf28 with nothing in it that speaks for a layout: maps seen, drops, policy and next. */
static struct test_object neutral_object(void)
{
	static const char *const maps[] = { "seen", "drops", "policy", "next" };
	struct test_object object = object_load("elf28");

	object_rename_section(&object, "7/4", "other");
	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		*object_map_word(&object, maps[i], SIXTH) = 0;
		*object_map_word(&object, maps[i], LAST) = 0;
	}
	return object;
}

static struct test_object changed_object(const struct change changes[2])
{
	struct test_object object = neutral_object();

	for (size_t i = 0; i < 2 && changes[i].map; i++)
		*object_map_word(&object, changes[i].map, changes[i].word) = changes[i].value;
	return object;
}

static void check_read_as(struct test_object *object, const char *layout, const char *evidence)
{
	struct elfmap_object *opened = open_object(object, NULL);
	struct elfmap_map *map = NULL;
	size_t count = 0;

	for (; (map = elfmap_object__next_map(opened, map)); count++) {
		ck_assert_str_eq(elfmap_map__layout(map), layout);
		ck_assert_msg(!strncmp(elfmap_map__evidence(map), evidence, strlen(evidence)),
			      "%s, not %s", elfmap_map__evidence(map), evidence);
	}
	ck_assert_uint_eq(count, 4);
	elfmap_object__close(opened);
	object_free(object);
}

/* One sign in one map is enough for all of them. */
START_TEST(test_evidence)
{
	static const struct {
		struct change changes[2];
		const char *layout, *evidence;
	} cases[] = {
		{ { { NULL, 0, 0 } }, ELF_MAP, NO_EFFECT },
		/* an id that no section names, or a position of what is no outer map */
		{ { { "next", SIXTH, 7 } }, ELF_MAP, NO_EFFECT },
		{ { { "seen", SIXTH, 1 }, { "drops", SIXTH, 4096 } }, ELF_MAP, NO_EFFECT },
		{ { { "policy", LAST, 1 } }, ELF_MAP, BY_PINNING },
		{ { { "seen", LAST, 2 } }, ELF_MAP, BY_PINNING },
		{ { { "next", LAST, 2 }, { "seen", LAST, 5 } }, ELF_MAP, BY_PINNING },
		{ { { "seen", FLAGS, BPF_F_NUMA_NODE }, { "seen", LAST, 0 } }, MAP_DEF, BY_NODE },
		{ { { "seen", FLAGS, BPF_F_NUMA_NODE }, { "seen", LAST, 1 } }, MAP_DEF, BY_NODE },
		{ { { "seen", FLAGS, BPF_F_NUMA_NODE }, { "seen", LAST, 1023 } }, MAP_DEF, BY_NODE },
		{ { { "policy", TYPE, BPF_MAP_TYPE_ARRAY_OF_MAPS } }, MAP_DEF, BY_OUTER },
		{ { { "policy", TYPE, BPF_MAP_TYPE_HASH_OF_MAPS } }, MAP_DEF, BY_OUTER },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_object object = changed_object(cases[i].changes);

		check_read_as(&object, cases[i].layout, cases[i].evidence);
	}
}
END_TEST

START_TEST(test_tail_call_id)
{
	struct test_object object = neutral_object();

	*object_map_word(&object, "next", SIXTH) = 7;
	object_rename_section(&object, "other", "0x7/4");
	check_read_as(&object, ELF_MAP, BY_ID);

	/* the id of what is no prog array is no sign */
	object = neutral_object();
	*object_map_word(&object, "seen", SIXTH) = 7;
	object_rename_section(&object, "other", "8/4");
	check_read_as(&object, ELF_MAP, NO_EFFECT);
}
END_TEST

static void check_ambiguous(struct test_object *object, const char *map)
{
	char text[64];

	snprintf(text, sizeof(text), "map \"%s\": its 28 bytes read differently", map);
	assert_refused(object, NULL, EINVAL, text, ELF_MAP, MAP_DEF, "name the layout");
	object_free(object);
}

/* Signs for both, or none although the readings differ in effect. */
START_TEST(test_contradictions)
{
	static const struct {
		struct change changes[2];
		const char *map;
	} cases[] = {
		{ { { "seen", TYPE, BPF_MAP_TYPE_HASH_OF_MAPS }, { "policy", LAST, 2 } }, "seen" },
		{ { { "policy", LAST, 2 }, { "next", TYPE, BPF_MAP_TYPE_ARRAY_OF_MAPS } },
		  "policy" },
		{ { { "seen", FLAGS, BPF_F_NUMA_NODE }, { "policy", LAST, 1 } }, "policy" },
		{ { { "drops", LAST, 3 } }, "drops" },
		{ { { "drops", LAST, UINT32_MAX } }, "drops" },
		{ { { "seen", FLAGS, BPF_F_NUMA_NODE }, { "seen", LAST, 1024 } }, "seen" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_object object = changed_object(cases[i].changes);

		if (cases[i].changes[0].word == TYPE)
			*object_map_word(&object, "seen", SIXTH) = 1;
		check_ambiguous(&object, cases[i].map);
	}
}
END_TEST

START_TEST(test_contradiction_by_id)
{
	struct test_object object = neutral_object();

	*object_map_word(&object, "next", SIXTH) = 7;
	*object_map_word(&object, "next", FLAGS) = BPF_F_NUMA_NODE;
	object_rename_section(&object, "other", "7/4");
	check_ambiguous(&object, "next");
}
END_TEST

/* Who names the layout is believed, whatever speaks against it. */
START_TEST(test_named_layout)
{
	struct test_object object = neutral_object();
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = ELF_MAP };
	struct elfmap_object *opened;

	*object_map_word(&object, "drops", LAST) = 77;
	*object_map_word(&object, "drops", SIXTH) = 3;
	opened = open_object(&object, &opts);
	ck_assert_str_eq(elfmap_map__layout(map_of(opened, "drops")), ELF_MAP);
	ck_assert_str_eq(elfmap_map__evidence(map_of(opened, "drops")),
			 "option: asked for (28 bytes)");
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "drops"))->pinning, 77);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "drops"))->id, 3);
	elfmap_object__close(opened);

	opts.layout = MAP_DEF;
	opened = open_object(&object, &opts);
	ck_assert_str_eq(elfmap_map__layout(map_of(opened, "drops")), MAP_DEF);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "drops"))->numa_node, 77);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "drops"))->inner_map_idx, 3);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "drops"))->pinning, 0);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* BTF is better evidence than any content. */
START_TEST(test_btf_before_content)
{
	struct test_object object = object_load("elf28.btf");
	struct elfmap_object *opened;

	*object_map_word(&object, "seen", FLAGS) = BPF_F_NUMA_NODE;
	*object_map_word(&object, "seen", LAST) = 0;
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_map__layout(map_of(opened, "seen")), ELF_MAP);
	ck_assert_str_eq(elfmap_map__evidence(map_of(opened, "seen")),
			 "BTF: it names the members (28 bytes)");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

Suite *size28_suite(void)
{
	return suite_of("size28", test_evidence, test_tail_call_id, test_contradictions,
			test_contradiction_by_id, test_named_layout, test_btf_before_content);
}
