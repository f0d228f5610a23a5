// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What gobpf's, DataDog's and katran's loaders did with their definitions, and the fields that only
 * their authors know. For goebpf see test_layout_pointers.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/opening.h"
#include "test/repaired.h"
#include "test/tests.h"

#define NAMESPACE_SIZE 256
#define NOBODY 65534

/* --- gobpf's pins -------------------------------------------------------------------------- */

/* Where gobpf, or DataDog, pins a map. */
static const struct pinned {
	const char *object, *map, *section;
	size_t pinning, namespace; /* offsets */
} pinned[] = {
	{ "gobpf", "totals", "maps/totals", 20, 24 },
	{ "gobpf.btf", "totals", "maps/totals", 20, 24 },
	{ "datadog", "telemetry", "maps/telemetry", 24, 28 },
};
#define NR_PINNED (sizeof(pinned) / sizeof(pinned[0]))

static struct test_object with_pin(const struct pinned *at, uint32_t pinning, const char *namespace)
{
	struct test_object object = object_load(at->object);
	uint8_t *bytes = object_section_bytes(&object, at->section);

	memcpy(bytes + at->pinning, &pinning, sizeof(pinning));
	memset(bytes + at->namespace, 0, NAMESPACE_SIZE);
	memcpy(bytes + at->namespace, namespace, strlen(namespace));
	return object;
}

/* Opened with a bpffs of ours; the map's pin, below it, must be this and the map's name. */
static void check_pin(struct test_object object, const char *map, const char *expected)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/bpf" };
	struct elfmap_object *opened = open_object(&object, &opts);

	ck_assert_pstr_eq(elfmap_map__pin_path(map_of(opened, map)), expected);
	elfmap_object__close(opened);
	object_free(&object);
}

START_TEST(test_namespace)
{
	const struct pinned *at = &pinned[_i];
	char expected[512], full[NAMESPACE_SIZE + 1];

	snprintf(expected, sizeof(expected), "/bpf/mine/globals/%s", at->map);
	check_pin(with_pin(at, 2, "mine"), at->map, expected);
	snprintf(expected, sizeof(expected), "/bpf/a/b/globals/%s", at->map);
	check_pin(with_pin(at, 2, "a/b"), at->map, expected);
	check_pin(with_pin(at, 2, "/a/b"), at->map, expected);
	snprintf(expected, sizeof(expected), "/bpf/..a/globals/%s", at->map);
	check_pin(with_pin(at, 2, "..a"), at->map, expected);

	/* no zero at its end: what stands behind it is not part of it */
	memset(full, 'n', NAMESPACE_SIZE);
	full[100] = '/';
	full[NAMESPACE_SIZE] = '\0';
	snprintf(expected, sizeof(expected), "/bpf/%s/globals/%s", full, at->map);
	check_pin(with_pin(at, 2, full), at->map, expected);
}
END_TEST

START_TEST(test_bad_namespace)
{
	static const char *const climbing[] = { "..", "../etc", "a/../b", "a/.." };
	const struct pinned *at = &pinned[_i];
	struct test_object object = with_pin(at, 2, "");
	char map[64];

	snprintf(map, sizeof(map), "section %s: map \"%s\": ", at->section, at->map);
	assert_refused(&object, NULL, EINVAL, map, "pinning 2 needs a namespace");
	object_free(&object);
	for (size_t i = 0; i < sizeof(climbing) / sizeof(climbing[0]); i++) {
		object = with_pin(at, 2, climbing[i]);
		assert_refused(&object, NULL, EINVAL, map, climbing[i], "without \"..\"");
		object_free(&object);
	}
}
END_TEST

START_TEST(test_other_pinnings)
{
	const struct pinned *at = &pinned[_i];

	/* gobpf refused to load 1, and only a user can say where: as with 3 */
	check_pin(with_pin(at, 1, "mine"), at->map, NULL);
	check_pin(with_pin(at, 0, "mine"), at->map, NULL);
	check_pin(with_pin(at, 3, "mine"), at->map, NULL);
	check_pin(with_pin(at, 7, "mine"), at->map, NULL);
}
END_TEST

/* That loader went by the section's name. */
START_TEST(test_name_of_section)
{
	const struct pinned *at = &pinned[_i];
	struct test_object object = with_pin(at, 2, "mine");

	object_rename_section(&object, at->section, "maps/other");
	check_pin(object, at->map, "/bpf/mine/globals/other");
	object = with_pin(at, 2, "mine");
	object_rename_section(&object, at->section, "maps/..");
	assert_refused(&object, NULL, EINVAL, at->map, "..");
	object_free(&object);
}
END_TEST

/* --- pins that the loader is told ---------------------------------------------------------- */

#define LEFT_OPEN "map policy: pinning 3 leaves the path to the loader\n"

/* A load that is not refused as it should be changes nothing, then, but fails otherwise. */
static void give_up_rights(void)
{
	if (geteuid() == 0)
		ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
}

/* Refused before anything is in the kernel, with what to do about it. */
START_TEST(test_loaders_path)
{
	struct elfmap_object *opened = open_name(_i ? "gobpf.btf" : "gobpf");
	struct elfmap_map *policy = map_of(opened, "policy");
	char *notes = remarks_of(opened, ELFMAP_REMARK_NOTE);
	size_t descriptors = count_descriptors();

	ck_assert_ptr_nonnull(strstr(notes, LEFT_OPEN));
	free(notes);
	give_up_rights();
	ck_assert_int_eq(elfmap_object__load(opened), -EINVAL);
	assert_one_error("section maps/policy: map \"policy\"", "pinning 3",
			 "--pin-path policy=PATH");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_int_eq(elfmap_map__fd(policy), -ENOENT);

	ck_assert_int_eq(elfmap_map__set_pin_path(policy, "/sys/fs/bpf/policy"), 0);
	ck_assert_str_eq(elfmap_map__pin_path(policy), "/sys/fs/bpf/policy");
	notes = remarks_of(opened, ELFMAP_REMARK_NOTE);
	ck_assert_ptr_null(strstr(notes, LEFT_OPEN));
	free(notes);
	elfmap_object__close(opened);
}
END_TEST

/* A directory for all pins is a path for this one. */
START_TEST(test_directory_for_all)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .pin_dir = "/bpf/all" };
	struct test_object object = object_load("gobpf");
	struct elfmap_object *opened = open_object(&object, &opts);
	char *notes CLEANUP(cleanup_free) = remarks_of(opened, ELFMAP_REMARK_NOTE);

	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "policy")), "/bpf/all/policy");
	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "totals")), "/bpf/all/totals");
	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "sleepers")), "/bpf/all/sleepers");
	ck_assert_ptr_null(strstr(notes, LEFT_OPEN));
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* --- inner maps that only the loader knows ------------------------------------------------- */

#define UNKNOWN(map)                                                                             \
	"map " map ": the object does not say which its inner map is; its own loader sets that " \
	"(bpf_map__set_inner_map_fd)\n"

/* It can be converted, and libbpf opens that, for a loader which sets the inner map. */
static void check_converts(struct elfmap_object *opened, const char *outer)
{
	struct test_object image = image_of(opened);
	struct bpf_object *plain = bpf_object__open_mem(image.bytes, image.size, NULL);
	struct bpf_map *map;

	ck_assert_ptr_nonnull(plain);
	map = bpf_object__find_map_by_name(plain, outer);
	ck_assert_ptr_nonnull(map);
	ck_assert_uint_eq(bpf_map__type(map), BPF_MAP_TYPE_ARRAY_OF_MAPS);
	ck_assert_ptr_null(bpf_map__inner_map(map));
	bpf_object__close(plain);
	assert_sound_image(&image);
	object_free(&image);
}

START_TEST(test_katran)
{
	struct elfmap_object *opened = open_name(_i ? "katran.btf" : "katran");
	char *notes CLEANUP(cleanup_free) = remarks_of(opened, ELFMAP_REMARK_NOTE);

	ck_assert_str_eq(notes, UNKNOWN("caches") UNKNOWN("by_source"));
	ck_assert_ptr_null(elfmap_map__inner(map_of(opened, "caches")));
	ck_assert_ptr_null(elfmap_map__inner(map_of(opened, "by_source")));
	check_converts(opened, "caches");
	collect_messages();
	/* nothing in it is pinned */
	ck_assert_int_lt(elfmap_object__load(opened), 0);
	assert_one_error("section maps: map \"caches\"", "inner map", "bpf_map__set_inner_map_fd");
	elfmap_object__close(opened);
}
END_TEST

static void make_outer(struct test_object *object, const char *map, uint32_t inner_map_idx)
{
	*object_map_word(object, map, 0) = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	*object_map_word(object, map, 2) = sizeof(uint32_t);
	*object_map_word(object, map, 4) = 0;
	*object_map_word(object, map, 5) = inner_map_idx;
}

/* Where each map has a section of its own, only DataDog's loader knows what is counted. */
START_TEST(test_datadog_position)
{
	struct test_object object = object_load("datadog");
	struct elfmap_object *opened;
	char *notes;

	make_outer(&object, "connections", 1);
	opened = open_object(&object, NULL);
	ck_assert_ptr_null(elfmap_map__inner(map_of(opened, "connections")));
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "connections"))->inner_map_idx, 1);
	notes = remarks_of(opened, ELFMAP_REMARK_NOTE);
	ck_assert_ptr_nonnull(strstr(notes, UNKNOWN("connections")));
	free(notes);
	check_converts(opened, "connections");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* Two of its definitions in section maps are counted as samples' are. */
START_TEST(test_datadog_in_one_section)
{
	struct test_object object = object_load("datadog");
	struct elfmap_object *opened;
	Elf64_Sym second;

	object_resize_section(&object, "maps/connections", 568);
	memcpy(object_section_bytes(&object, "maps/connections") + 284,
	       object_section_bytes(&object, "maps/telemetry"), 284);
	second = *object_symbol(&object, "connections");
	second.st_value = 284;
	object_add_symbol(&object, "second", second);
	object_rename_section(&object, "maps/connections", "maps");
	make_outer(&object, "connections", 1);
	opened = open_object(&object, NULL);
	ck_assert_ptr_eq(elfmap_map__inner(map_of(opened, "connections")),
			 map_of(opened, "second"));
	/* its pin goes by the symbol there */
	ck_assert_str_eq(elfmap_map__def(map_of(opened, "second"))->pin_path,
			 "monitor/globals/second");
	elfmap_object__close(opened);
	make_outer(&object, "connections", 2);
	assert_refused(&object, NULL, EINVAL, "map \"connections\"", "inner_map_idx 2", "2 maps");
	object_free(&object);
}
END_TEST

/* --- fields -------------------------------------------------------------------------------- */

static __u64 number_of(const struct elfmap_map *map, const char *name)
{
	__u64 value = 0;

	ck_assert_int_eq(elfmap_map__field(map, name, &value), 0);
	return value;
}

/* The number of the extra field of that name, which must be there. */
static size_t extra_of(const struct elfmap_map *map, const char *wanted)
{
	const char *name;

	for (size_t i = 0; i < elfmap_map__nr_extra_fields(map); i++) {
		ck_assert_int_eq(elfmap_map__extra_field(map, i, &name, NULL, NULL, NULL), 0);
		if (!strcmp(name, wanted))
			return i;
	}
	ck_abort_msg("no field %s", wanted);
}

START_TEST(test_android)
{
	static const char *const names[] = { "android", "android.btf", "android.be",
					     "android.be.btf" };
	struct elfmap_object *opened = open_name(names[_i]);
	const struct elfmap_map *map = map_of(opened, "stats");
	enum elfmap_field_kind kind;
	__u64 value;

	ck_assert_uint_eq(number_of(map, "uid"), 1000);
	ck_assert_uint_eq(number_of(map, "gid"), 3003);
	ck_assert_uint_eq(number_of(map, "mode"), 0660);
	ck_assert_uint_eq(number_of(map, "max_kver"), 0xffffffff);
	ck_assert_uint_eq(number_of(map, "bpfloader_max_ver"), 0x10000);
	ck_assert_uint_eq(number_of(map, "max_entries"), 5000);
	ck_assert_uint_eq(number_of(map, "flags"), BPF_F_NO_PREALLOC);
	ck_assert_int_eq(elfmap_map__field(map, "selinux_context", &value), -EINVAL);
	ck_assert_int_eq(elfmap_map__field(map, "numa_node", &value), -ENOENT);
	ck_assert_int_eq(
		elfmap_map__extra_field(map, extra_of(map, "mode"), NULL, &kind, &value, NULL), 0);
	ck_assert_int_eq(kind, ELFMAP_FIELD_OCTAL);
	ck_assert_uint_eq(value, 0660);
	ck_assert_int_eq(
		elfmap_map__extra_field(map, extra_of(map, "uid"), NULL, &kind, NULL, NULL), 0);
	ck_assert_int_eq(kind, ELFMAP_FIELD_NUMBER);
	ck_assert_uint_eq(number_of(map_of(opened, "configuration"), "bpfloader_min_ver"), 2);
	elfmap_object__close(opened);
}
END_TEST

START_TEST(test_notlisted)
{
	static const struct {
		const char *name;
		enum elfmap_field_kind kind;
		__u64 value;
		const char *text;
	} fields[] = {
		{ "tag", ELFMAP_FIELD_TEXT, 0, "class" },
		{ "owner", ELFMAP_FIELD_NUMBER, 101, NULL },
		{ "weight", ELFMAP_FIELD_NUMBER, 3, NULL },
		{ "deprecated", ELFMAP_FIELD_NUMBER, 0, NULL },
	};
	struct elfmap_object *opened = open_name(_i ? "notlisted.be.btf" : "notlisted.btf");
	const struct elfmap_map *map = map_of(opened, "classes");
	const char *name, *text;
	enum elfmap_field_kind kind;
	__u64 value;

	ck_assert_uint_eq(elfmap_map__nr_extra_fields(map), 4);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(elfmap_map__extra_field(map, i, &name, &kind, &value, &text), 0);
		ck_assert_str_eq(name, fields[i].name);
		ck_assert_int_eq(kind, fields[i].kind);
		if (fields[i].text)
			ck_assert_str_eq(text, fields[i].text);
		else
			ck_assert_uint_eq(value, fields[i].value);
	}
	ck_assert_int_eq(elfmap_map__extra_field(map, 4, NULL, NULL, NULL, NULL), -ERANGE);
	ck_assert_uint_eq(number_of(map, "owner"), 101);
	ck_assert_uint_eq(number_of(map_of(opened, "rates"), "owner"), 102);
	ck_assert_uint_eq(number_of(map_of(opened, "rates"), "pinning"), 2);
	ck_assert_int_eq(elfmap_map__field(map, "tag", &value), -EINVAL);
	elfmap_object__close(opened);
}
END_TEST

Suite *layout_rules_suite(void)
{
	Suite *suite = suite_of("layout_rules", test_directory_for_all, test_datadog_position,
				test_datadog_in_one_section);

	add_loop_test(suite, test_namespace, NR_PINNED);
	add_loop_test(suite, test_bad_namespace, NR_PINNED);
	add_loop_test(suite, test_other_pinnings, NR_PINNED);
	add_loop_test(suite, test_name_of_section, NR_PINNED);
	/* without BTF and with it */
	add_loop_test(suite, test_loaders_path, 2);
	add_loop_test(suite, test_katran, 2);
	add_loop_test(suite, test_android, 4);
	add_loop_test(suite, test_notlisted, 2);
	return suite;
}
