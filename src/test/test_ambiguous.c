// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Sizes that several layouts have: what speaks for which, over all definitions of an object
 * together, and when there is no telling. For 28 bytes see test_size28.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/byte_order.h"
#include "test/opening.h"
#include "test/tests.h"

#define NONE20 "size: no section ID/KEY makes the fifth word an id"
#define BY_ID20 "content: a section ID/KEY names the fifth word as an id, and it is no valid flags"
#define NONE24 "size: nothing makes the fifth word an id or the last one a pinning"
#define BY_ID24 "content: a section ID/KEY names the fifth word as an id"
#define BY_PINNING24 "content: a last word of 1 or 2 in a map that has no inner one is a pinning"
#define BY_OUTER24 "content: a map of maps of 24 bytes names its inner map by position"
#define NONE40 "size: no relocation makes a pointer of any of its words"

#define DEF20 "bpf_map_def20"
#define ELF20 "bpf_elf_map20"
#define DEF24 "bpf_map_def24"
#define ELF24 "bpf_elf_map24"
#define ELF24_U8 "bpf_elf_map24_u8"
#define ELF40 "bpf_elf_map40"
#define GOEBPF "goebpf40"

#define OUTER BPF_MAP_TYPE_ARRAY_OF_MAPS

/* Words of a definition, by their place. */
enum {
	TYPE = 0,
	KEY_SIZE = 1,
	ENTRIES = 3,
	FIFTH = 4, /* flags or id */
	SIXTH = 5, /* inner_map_idx or pinning */
};

/* A change to a map. */
struct change {
	const char *map;
	size_t word;
	uint32_t value;
};

struct reading {
	struct change changes[3];
	const char *sections[2]; /* names of two code sections; NULL: they tell nothing */
	const char *layout;	 /* or else two that do not agree, in map "refused" */
	const char *evidence;
	const char *refused;
};

/* --- objects ------------------------------------------------------------------------------- */

/* Words from the fifth on are 0 in these maps. */
static void clear(struct test_object *object, const char *const *maps, size_t nr_words)
{
	for (; *maps; maps++)
		memset(object_map_word(object, *maps, FIFTH), 0, (nr_words - FIFTH) * 4);
}

/* elf20 with nothing in it that speaks for a layout: maps counts, limits, and jumps for programs. */
static struct test_object neutral20(void)
{
	struct test_object object = object_load("elf20");

	clear(&object, (const char *const[]){ "counts", "limits", "jumps", NULL }, 5);
	object_rename_section(&object, "42/0", "first");
	object_rename_section(&object, "42/1", "second");
	return object;
}

/* The same of elf24: maps counts, marks, and jumps for programs. */
static struct test_object neutral24(void)
{
	struct test_object object = object_load("elf24");

	clear(&object, (const char *const[]){ "counts", "marks", "jumps", NULL }, 6);
	object_rename_section(&object, "7/3", "first");
	object_rename_section(&object, "classifier", "second");
	return object;
}

static void apply(struct test_object *object, const struct reading *reading)
{
	static const char *const names[] = { "first", "second" };

	for (size_t i = 0; i < 3 && reading->changes[i].map; i++)
		*object_map_word(object, reading->changes[i].map, reading->changes[i].word) =
			reading->changes[i].value;
	for (size_t i = 0; i < 2; i++) {
		if (reading->sections[i])
			object_rename_section(object, names[i], reading->sections[i]);
	}
}

/* --- readings ------------------------------------------------------------------------------ */

/* Every map is read as one layout. Frees the object. */
static void check_read_as(struct test_object *object, const char *layout, const char *evidence)
{
	struct elfmap_object *opened = open_object(object, NULL);
	struct elfmap_map *map = NULL;
	char begin[128];

	/* the size follows */
	snprintf(begin, sizeof(begin), "%s (", evidence);
	while ((map = elfmap_object__next_map(opened, map))) {
		ck_assert_str_eq(elfmap_map__layout(map), layout);
		ck_assert_msg(!strncmp(elfmap_map__evidence(map), begin, strlen(begin)),
			      "%s, not %s", elfmap_map__evidence(map), evidence);
	}
	elfmap_object__close(opened);
	object_free(object);
}

/* Refused with both layouts named, the map, and what to do. Frees the object. */
static void check_ambiguous(struct test_object *object, const char *map, const char *a,
			    const char *b)
{
	char text[64], first[64], second[64];

	snprintf(text, sizeof(text), "map \"%s\": its ", map);
	snprintf(first, sizeof(first), " as %s", a);
	snprintf(second, sizeof(second), " as %s", b);
	assert_refused(object, NULL, EINVAL, text, "read differently", first, second,
		       "name the layout (--layout)");
	object_free(object);
}

static void check_reading(struct test_object object, const struct reading *reading, const char *a,
			  const char *b)
{
	apply(&object, reading);
	if (reading->layout)
		check_read_as(&object, reading->layout, reading->evidence);
	else
		check_ambiguous(&object, reading->refused, a, b);
}

/* --- 20 bytes ------------------------------------------------------------------------------ */

static const struct reading readings20[] = {
	{ .layout = DEF20, .evidence = NONE20 },
	{ { { "jumps", FIFTH, 42 } }, { "42/0" }, ELF20, BY_ID20, NULL },
	{ { { "jumps", FIFTH, 42 } }, { NULL, "0x2a/1" }, ELF20, BY_ID20, NULL },
	/* a flag, but none that a prog array may have */
	{ { { "jumps", FIFTH, BPF_F_NO_PREALLOC } }, { "1/0" }, ELF20, BY_ID20, NULL },
	{ { { "jumps", FIFTH, BPF_F_RDONLY_PROG } }, { "0x80/0" }, ELF20, BY_ID20, NULL },
	/* no section has that number, or not one of a prog array */
	{ { { "jumps", FIFTH, 42 } }, { "43/0" }, DEF20, NONE20, NULL },
	{ { { "counts", FIFTH, 42 } }, { "42/0" }, DEF20, NONE20, NULL },
	{ { { "jumps", FIFTH, 8 } }, { NULL }, DEF20, NONE20, NULL },
	/* an id, or flags that a prog array may have */
	{ { { "jumps", FIFTH, 4 } }, { "4/0" }, NULL, NULL, "jumps" },
	{ { { "jumps", FIFTH, 8 } }, { "8/0" }, NULL, NULL, "jumps" },
	{ { { "jumps", FIFTH, 16 } }, { NULL, "16/1" }, NULL, NULL, "jumps" },
	{ { { "jumps", FIFTH, 28 } }, { "28/0" }, NULL, NULL, "jumps" },
	/* another map says it for all */
	{ { { "jumps", FIFTH, 8 },
	    { "counts", TYPE, BPF_MAP_TYPE_PROG_ARRAY },
	    { "counts", FIFTH, 42 } },
	  { "8/0", "42/1" },
	  ELF20,
	  BY_ID20,
	  NULL },
};

START_TEST(test_20)
{
	check_reading(neutral20(), &readings20[_i], DEF20, ELF20);
}
END_TEST

/* --- 24 bytes ------------------------------------------------------------------------------ */

static const struct reading readings24[] = {
	{ .layout = DEF24, .evidence = NONE24 },
	{ { { "marks", FIFTH, BPF_F_NO_PREALLOC } }, { NULL }, DEF24, NONE24, NULL },
	{ { { "counts", FIFTH, 7 } }, { "7/3" }, DEF24, NONE24, NULL },
	{ { { "jumps", FIFTH, 7 } }, { "8/3" }, DEF24, NONE24, NULL },
	{ { { "jumps", FIFTH, 7 } }, { "7/3" }, ELF24, BY_ID24, NULL },
	{ { { "jumps", FIFTH, 8 } }, { "8/3" }, ELF24, BY_ID24, NULL },
	{ { { "counts", SIXTH, 1 } }, { NULL }, ELF24, BY_PINNING24, NULL },
	{ { { "jumps", SIXTH, 2 } }, { NULL }, ELF24, BY_PINNING24, NULL },
	{ { { "counts", TYPE, OUTER }, { "counts", SIXTH, 1 } }, { NULL }, DEF24, BY_OUTER24, NULL },
	{ { { "jumps", TYPE, BPF_MAP_TYPE_HASH_OF_MAPS } }, { NULL }, DEF24, BY_OUTER24, NULL },
	/* signs of both */
	{ { { "counts", TYPE, OUTER }, { "counts", SIXTH, 1 }, { "marks", SIXTH, 2 } },
	  { NULL },
	  NULL,
	  NULL,
	  "counts" },
	{ { { "marks", SIXTH, 1 }, { "jumps", TYPE, OUTER } }, { NULL }, NULL, NULL, "marks" },
	{ { { "marks", TYPE, OUTER }, { "jumps", FIFTH, 7 } }, { "7/3" }, NULL, NULL, "jumps" },
	/* a number of bpf_pinning, or nothing: a position means nothing in a map without inner ones */
	{ { { "counts", SIXTH, 3 } }, { NULL }, NULL, NULL, "counts" },
};

START_TEST(test_24)
{
	check_reading(neutral24(), &readings24[_i], DEF24, ELF24);
}
END_TEST

/* Where the highest byte comes first, a pinning that was one byte is another word. */
static const struct reading readings24_big[] = {
	{ .layout = DEF24, .evidence = NONE24 },
	{ { { "counts", SIXTH, 2 } }, { NULL }, ELF24, BY_PINNING24, NULL },
	{ { { "jumps", FIFTH, 7 } }, { "7/3" }, ELF24, BY_ID24, NULL },
	{ { { "counts", SIXTH, 2u << 24 } }, { NULL }, ELF24_U8, BY_PINNING24, NULL },
	{ { { "counts", SIXTH, 2u << 24 }, { "marks", SIXTH, 1u << 24 } },
	  { NULL },
	  ELF24_U8,
	  BY_PINNING24,
	  NULL },
	{ { { "jumps", FIFTH, 7 }, { "marks", SIXTH, 1u << 24 } },
	  { "7/3" },
	  ELF24_U8,
	  BY_ID24,
	  NULL },
};

START_TEST(test_24_big_endian)
{
	const struct reading *reading = &readings24_big[_i];
	struct test_object object = neutral24(), big;

	apply(&object, reading);
	big = big_endian(&object);
	object_free(&object);
	check_read_as(&big, reading->layout, reading->evidence);
}
END_TEST

START_TEST(test_24_big_endian_contradictions)
{
	static const struct reading outer = { .changes = { { "counts", TYPE, OUTER },
							   { "marks", SIXTH, 1u << 24 } } };
	/* a byte here and a word there */
	static const struct reading both = { .changes = { { "counts", SIXTH, 2u << 24 },
							  { "marks", SIXTH, 2 } } };
	struct test_object object = neutral24(), big;

	apply(&object, _i ? &both : &outer);
	big = big_endian(&object);
	object_free(&object);
	check_ambiguous(&big, _i ? "counts" : "marks", _i ? ELF24 : DEF24, ELF24_U8);
}
END_TEST

START_TEST(test_24_big_endian_pinning)
{
	struct test_object object = neutral24(), big;
	struct elfmap_object *opened;

	*object_map_word(&object, "counts", SIXTH) = 2u << 24;
	big = big_endian(&object);
	opened = open_object(&big, NULL);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "counts"))->pinning, 2);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "marks"))->pinning, 0);
	elfmap_object__close(opened);
	object_free(&big);
	object_free(&object);
}
END_TEST

/* --- 40 bytes ------------------------------------------------------------------------------ */

static struct test_object neutral40(void)
{
	struct test_object object = object_load("elf40");

	clear(&object, (const char *const[]){ "near", "by_kind", "kind", "shared", NULL }, 10);
	*object_map_word(&object, "by_kind", TYPE) = BPF_MAP_TYPE_ARRAY;
	return object;
}

START_TEST(test_40)
{
	struct test_object object = object_load("elf40");

	check_read_as(&object, ELF40, NONE40);
	object = object_load("goebpf");
	check_read_as(&object, GOEBPF, "content: relocations make pointers of its last words");
	/* NULL pointers, or nothing of what bpf_elf_map has there: the same */
	object = neutral40();
	check_read_as(&object, ELF40, NONE40);
	for (size_t word = 5; word < 10; word++) {
		object = neutral40();
		*object_map_word(&object, "shared", word) = 1;
		check_read_as(&object, ELF40, NONE40);
	}
}
END_TEST

/* goebpf's loader gives an array a key size, which iproute2's would not. */
START_TEST(test_40_without_pointers)
{
	struct test_object object = neutral40();

	*object_map_word(&object, "shared", KEY_SIZE) = 0;
	check_ambiguous(&object, "shared", ELF40, GOEBPF);
}
END_TEST

/* Pointers in one map, and in another words where no relocation makes a pointer. */
START_TEST(test_40_contradiction)
{
	struct test_object object = object_load("goebpf");

	*object_map_word(&object, "routes", 6) = 2;
	check_ambiguous(&object, "lengths", ELF40, GOEBPF);
}
END_TEST

/* --- sections of their own ----------------------------------------------------------------- */

START_TEST(test_across_sections)
{
	struct test_object object = object_load("sections20");

	*object_map_word(&object, "marks", TYPE) = BPF_MAP_TYPE_PROG_ARRAY;
	*object_map_word(&object, "marks", 2) = 4;
	*object_map_word(&object, "marks", FIFTH) = 42;
	object_rename_section(&object, "classifier", "42/0");
	check_read_as(&object, ELF20, BY_ID20);
}
END_TEST

static void add_map(struct test_object *object, uint32_t type, uint32_t last)
{
	uint32_t words[6] = { type, 4, 4, 2, 0, last };
	size_t section =
		object_add_section(object, "maps/extra", SHT_PROGBITS, words, sizeof(words));

	object_add_symbol(object, "extra",
			  (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
				       .st_shndx = (Elf64_Section)section,
				       .st_size = sizeof(words) });
}

/* What a map in a section of its own says counts for those in section maps, and against. */
START_TEST(test_beside_section)
{
	struct test_object object = neutral24();

	add_map(&object, BPF_MAP_TYPE_ARRAY, 2);
	check_read_as(&object, ELF24, BY_PINNING24);
	object = neutral24();
	add_map(&object, OUTER, 0);
	check_read_as(&object, DEF24, BY_OUTER24);
	object = neutral24();
	*object_map_word(&object, "counts", SIXTH) = 1;
	add_map(&object, OUTER, 0);
	check_ambiguous(&object, "counts", DEF24, ELF24);
}
END_TEST

/* --- what the message says ----------------------------------------------------------------- */

/* A refusal gives reasons that are so: a section does name it an id, and there is a difference. */
START_TEST(test_reasons)
{
	struct test_object object = neutral20();

	apply(&object,
	      &(struct reading){ .changes = { { "jumps", FIFTH, 8 } }, .sections = { "8/0" } });
	collect_messages();
	ck_assert_ptr_null(elfmap_object__open_mem(object.bytes, object.size, NULL));
	ck_assert_ptr_null(strstr(messages(ELFMAP_LOG_ERROR), "no section ID/KEY makes"));
	ck_assert_ptr_null(strstr(messages(ELFMAP_LOG_ERROR), "have no effect here"));
	object_free(&object);
}
END_TEST

#define NR(readings) (sizeof(readings) / sizeof((readings)[0]))

Suite *ambiguous_suite(void)
{
	Suite *suite = suite_of("ambiguous", test_24_big_endian_pinning, test_40,
				test_40_without_pointers, test_40_contradiction,
				test_across_sections, test_beside_section, test_reasons);

	add_loop_test(suite, test_20, NR(readings20));
	add_loop_test(suite, test_24, NR(readings24));
	add_loop_test(suite, test_24_big_endian, NR(readings24_big));
	add_loop_test(suite, test_24_big_endian_contradictions, 2);
	return suite;
}
