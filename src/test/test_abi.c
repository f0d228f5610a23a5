// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What programs are linked to: the header, the version script, the shared library and the archive
 * name the same functions, and nothing besides.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/exports.h"
#include "test/run.h"
#include "test/tests.h"

/* End the test unless both have the same names. Frees both. */
static void assert_same(struct exports a, const char *a_name, struct exports b, const char *b_name)
{
	size_t i;

	for (i = 0; i < a.count && i < b.count; i++) {
		int order = strcmp(a.names[i], b.names[i]);

		ck_assert_msg(!order, "%s has %s, %s has not", order < 0 ? a_name : b_name,
			      order < 0 ? a.names[i] : b.names[i], order < 0 ? b_name : a_name);
	}
	ck_assert_msg(i == a.count, "%s has %s, %s has not", a_name, a.names[i], b_name);
	ck_assert_msg(i == b.count, "%s has %s, %s has not", b_name, b.names[i], a_name);
	ck_assert_uint_gt(a.count, 0);
	exports_free(&a);
	exports_free(&b);
}

START_TEST(test_script)
{
	bool sorted;

	assert_same(exports_of_header(), "elfmap.h", exports_of_script(&sorted, false),
		    "libelfmap.map");
	ck_assert_msg(sorted, "libelfmap.map is not sorted");
}
END_TEST

START_TEST(test_shared)
{
	char *path CLEANUP(cleanup_free) = built_file("libelfmap.so");
	bool sorted;

	assert_same(exports_of_script(&sorted, true), "libelfmap.map", exports_of_shared(path),
		    "libelfmap.so");
}
END_TEST

START_TEST(test_archive)
{
	char *path CLEANUP(cleanup_free) = built_file("libelfmap.a");

	assert_same(exports_of_header(), "elfmap.h", exports_of_archive(path), "libelfmap.a");
}
END_TEST

/* Names of others would clash: a program has one space of names. */
START_TEST(test_prefix)
{
	struct exports exports = exports_of_header();

	for (size_t i = 0; i < exports.count; i++)
		ck_assert_msg(!strncmp(exports.names[i], "elfmap_", strlen("elfmap_")), "%s",
			      exports.names[i]);
	exports_free(&exports);
}
END_TEST

static bool needs(const struct dynamic *dynamic, const char *library)
{
	return strstr(dynamic->needed, library);
}

START_TEST(test_dynamic)
{
	char *path CLEANUP(cleanup_free) = built_file("libelfmap.so");
	struct dynamic dynamic = dynamic_of(path);

	ck_assert(!dynamic.text_relocations);
	ck_assert(!dynamic.own_path);
	ck_assert_msg(needs(&dynamic, "libbpf.so.1 ") && needs(&dynamic, "libelf.so.1 "), "%s",
		      dynamic.needed);
	/* these are the tool's */
	ck_assert_msg(!needs(&dynamic, "libmd") && !needs(&dynamic, "libmnl") &&
			      !needs(&dynamic, "libjson-c"),
		      "%s", dynamic.needed);
}
END_TEST

/* The file's name, the soname and what the library says go by the header. */
START_TEST(test_version)
{
	char *path CLEANUP(cleanup_free) = built_file("libelfmap.so");
	char *file CLEANUP(cleanup_free) = realpath(path, NULL);
	struct dynamic dynamic = dynamic_of(path);
	char expected[64];

	snprintf(expected, sizeof(expected), "libelfmap.so.%d", ELFMAP_MAJOR_VERSION);
	ck_assert_str_eq(dynamic.soname, expected);
	snprintf(expected, sizeof(expected), "%d.%d.%d", ELFMAP_MAJOR_VERSION, ELFMAP_MINOR_VERSION,
		 ELFMAP_PATCH_VERSION);
	ck_assert_str_eq(elfmap_version_string(), expected);
	ck_assert_ptr_nonnull(file);
	ck_assert_str_eq(strstr(file, "libelfmap.so.") + strlen("libelfmap.so."), expected);
}
END_TEST

Suite *abi_suite(void)
{
	return suite_of("abi", test_script, test_shared, test_archive, test_prefix, test_dynamic,
			test_version);
}
