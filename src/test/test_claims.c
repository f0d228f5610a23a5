// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Layouts that something beside the definitions tells, or nothing: Android's stated size,
 * ebpf-for-windows' own size, zeros behind a short one, and the user's word.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/byte_order.h"
#include "test/opening.h"
#include "test/tests.h"

static void check_layout(const struct test_object *object, const char *map, const char *layout,
			 const char *evidence)
{
	struct elfmap_object *opened = open_object(object, NULL);

	ck_assert_str_eq(elfmap_map__layout(map_of(opened, map)), layout);
	ck_assert_str_eq(elfmap_map__evidence(map_of(opened, map)), evidence);
	elfmap_object__close(opened);
}

/* --- Android ------------------------------------------------------------------------------- */

#define STATED "size_of_bpf_map_def"
#define SAYS_SO "content: section size_of_bpf_map_def says so (116 bytes)"

/* android.o that states this size, as so many bytes, in one byte order. */
static struct test_object stating(uint64_t stated, size_t bytes, bool big)
{
	struct test_object object = object_load("android"), swapped;
	uint64_t words = big ? htobe64(stated) : htole64(stated);
	uint32_t word = big ? htobe32((uint32_t)stated) : htole32((uint32_t)stated);

	object_resize_section(&object, STATED, bytes);
	object_symbol(&object, "definition_size")->st_size = bytes;
	memcpy(object_section_bytes(&object, STATED), bytes == 4 ? (void *)&word : (void *)&words,
	       bytes < sizeof(words) ? bytes : sizeof(words));
	if (!big)
		return object;
	/* data stays as it is */
	swapped = big_endian(&object);
	object_free(&object);
	return swapped;
}

START_TEST(test_android)
{
	static const struct {
		uint64_t stated;
		size_t bytes;
		bool is_so;
	} cases[] = {
		{ 116, 4, true },
		{ 116, 8, true },
		{ 115, 4, false },
		{ 120, 8, false },
		{ 0, 4, false },
		{ 0, 8, false },
		{ 116 | 1ull << 32, 8, false },
		{ 116ull << 32, 8, false },
		{ 116u << 24, 4, false },
		{ 116, 2, false },
		{ 116, 0, false },
		{ 116, 12, false },
	};

	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_object object = stating(cases[i / 2].stated, cases[i / 2].bytes, i % 2);

		if (cases[i / 2].is_so)
			check_layout(&object, "stats", "android", SAYS_SO);
		else
			assert_refused(&object, NULL, ENOTSUP, "definitions of 116 bytes",
				       "no known layout has this size");
		object_free(&object);
	}
}
END_TEST

/* BTF names the members, whatever the section states. */
START_TEST(test_android_btf)
{
	struct test_object object = object_load("android.btf");

	memset(object_section_bytes(&object, STATED), 0, 8);
	check_layout(&object, "stats", "android", "BTF: it names the members (116 bytes)");
	object_free(&object);
}
END_TEST

/* --- ebpf-for-windows ---------------------------------------------------------------------- */

#define OWN_SIZE "content: each definition begins with its own size"

START_TEST(test_windows)
{
	struct test_object object = object_load("windows24");

	check_layout(&object, "ports", "ebpf_for_windows", OWN_SIZE " (24 bytes)");
	/* what a padded definition of libbpf's would be, too */
	*object_map_word(&object, "by_interface", 5) = 0;
	check_layout(&object, "ports", "ebpf_for_windows", OWN_SIZE " (24 bytes)");
	object_free(&object);
	object = object_load("windows");
	check_layout(&object, "limits", "ebpf_for_windows", OWN_SIZE " (36 bytes)");
	object_free(&object);
}
END_TEST

/* Maps of elf24.o, or of elf28.o, as local storages, whose type is the definition's size. */
static struct test_object storages(const char *name, const char *const *maps, uint32_t size,
				   uint32_t entries)
{
	struct test_object object = object_load(name);

	for (; *maps; maps++) {
		uint32_t *words = object_map_word(&object, *maps, 0);

		memset(words, 0, size);
		words[0] = size;
		words[1] = 4;
		words[2] = 8;
		words[3] = entries;
		words[4] = BPF_F_NO_PREALLOC;
	}
	return object;
}

START_TEST(test_storages)
{
	static const char *const maps24[] = { "counts", "marks", "jumps", NULL };
	static const char *const maps28[] = { "seen", "drops", "policy", "next", NULL };
	struct test_object object = storages("elf24", maps24, 24, 0);

	check_layout(&object, "marks", "bpf_map_def24",
		     "size: nothing makes the fifth word an id or the last one a pinning (24 "
		     "bytes)");
	object_free(&object);
	object = storages("elf28", maps28, 28, 0);
	check_layout(&object, "seen", "bpf_elf_map28",
		     "size: the words in which layouts of this size differ have no effect here (28 "
		     "bytes)");
	object_free(&object);
	/* one storage does not make the others Windows' */
	object = storages("elf24", (const char *const[]){ "marks", NULL }, 24, 1);
	check_layout(&object, "marks", "bpf_elf_map24",
		     "content: a section ID/KEY names the fifth word as an id (24 bytes)");
	object_free(&object);
}
END_TEST

/* --- longer than known --------------------------------------------------------------------- */

START_TEST(test_padded)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = "bpf_map_def_padded" };

	for (size_t word = 5; word < 12; word++) {
		struct test_object object = object_load("padded");

		*object_map_word(&object, "marks", word) = 1u << 31;
		assert_refused(&object, NULL, ENOTSUP, "definitions of 48 bytes",
			       "no known layout has this size");
		/* nor is it left out because the user says so */
		assert_refused(&object, &opts, EINVAL, "map \"marks\"", "what follows is not zero");
		object_free(&object);
	}
}
END_TEST

/* --- the user's word ----------------------------------------------------------------------- */

static struct elfmap_object *open_as(const char *name, const char *layout)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = layout };
	struct test_object object = object_load(name);
	struct elfmap_object *opened = open_object(&object, &opts);
	struct elfmap_map *map = NULL;

	object_free(&object);
	while ((map = elfmap_object__next_map(opened, map))) {
		ck_assert_str_eq(elfmap_map__layout(map), layout);
		ck_assert_ptr_nonnull(strstr(elfmap_map__evidence(map), "option: asked for ("));
	}
	return opened;
}

/* It counts before any sign, and before BTF. */
START_TEST(test_named)
{
	static const struct {
		const char *object, *layout, *map;
		uint32_t map_flags, id, pinning;
	} cases[] = {
		{ "elf20", "bpf_map_def20", "jumps", 42, 0, 0 },
		{ "elf20.btf", "bpf_map_def20", "jumps", 42, 0, 0 },
		{ "def20", "bpf_elf_map20", "flows", 0, BPF_F_NO_COMMON_LRU, 0 },
		{ "elf24", "bpf_map_def24", "jumps", 7, 0, 0 },
		{ "elf24", "bpf_elf_map24", "jumps", 0, 7, 2 },
		{ "elf24.btf", "bpf_map_def24", "jumps", 7, 0, 0 },
		{ "sections20", "bpf_elf_map20", "marks", 0, 1, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct elfmap_object *opened = open_as(cases[i].object, cases[i].layout);
		const struct elfmap_map_def *def = elfmap_map__def(map_of(opened, cases[i].map));

		ck_assert_uint_eq(def->map_flags, cases[i].map_flags);
		ck_assert_uint_eq(def->id, cases[i].id);
		ck_assert_uint_eq(def->pinning, cases[i].pinning);
		elfmap_object__close(opened);
	}
}
END_TEST

/* What is refused for two readings is read with the user's word. */
START_TEST(test_named_where_ambiguous)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .layout = "bpf_elf_map20" };
	struct test_object object = object_load("elf20");
	struct elfmap_object *opened;

	*object_map_word(&object, "jumps", 4) = 8;
	object_rename_section(&object, "42/0", "8/0");
	object_rename_section(&object, "42/1", "8/1");
	assert_refused(&object, NULL, EINVAL, "bpf_map_def20", "bpf_elf_map20", "--layout");
	opened = open_object(&object, &opts);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "jumps"))->id, 8);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "jumps")), 2);
	elfmap_object__close(opened);
	opts.layout = "bpf_map_def20";
	opened = open_object(&object, &opts);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "jumps"))->map_flags, 8);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "jumps")), 0);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* aya's bytes are iproute2's; by its rules a pinning of 1 is by name. */
START_TEST(test_aya)
{
	static const char *const names[] = { "aya28", "aya28.btf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct elfmap_object *opened = open_as(names[i], "aya28");
		const struct elfmap_map *map = map_of(opened, "COUNTERS");

		ck_assert_uint_eq(elfmap_map__def(map)->pin, ELFMAP_PIN_BY_NAME);
		ck_assert_uint_eq(elfmap_map__def(map)->pinning, 1);
		ck_assert_str_eq(elfmap_map__pin_path(map), "/sys/fs/bpf/COUNTERS");
		ck_assert_ptr_null(elfmap_map__pin_path(map_of(opened, "BLOCKLIST")));
		elfmap_object__close(opened);

		opened = open_name(names[i]);
		map = map_of(opened, "COUNTERS");
		ck_assert_str_ne(elfmap_map__layout(map), "aya28");
		ck_assert_uint_eq(elfmap_map__def(map)->pin, ELFMAP_PIN_BY_NUMBER);
		ck_assert_ptr_nonnull(strstr(elfmap_map__pin_path(map), "/tc/"));
		elfmap_object__close(opened);
	}
}
END_TEST

Suite *claims_suite(void)
{
	return suite_of("claims", test_android, test_android_btf, test_windows, test_storages,
			test_padded, test_named, test_named_where_ambiguous, test_aya);
}
