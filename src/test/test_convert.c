// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * convert as a command: where the translation goes, and what becomes of what was there. Needs no
 * rights; what the translation is worth is for other suites.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/kernel.h"
#include "test/object_edit.h"
#include "test/opening.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

#define ORIGINAL "testdata/def20.o"

/* End the test unless a file holds the translation of ORIGINAL. */
static void assert_translation(const char *path)
{
	struct test_object original = object_load("def20"), expected = convert(&original), found;
	FILE *file = fopen(path, "re");

	ck_assert_ptr_nonnull(file);
	found.bytes = malloc(expected.size + 1);
	ck_assert_ptr_nonnull(found.bytes);
	found.size = fread(found.bytes, 1, expected.size + 1, file);
	ck_assert_uint_eq(found.size, expected.size);
	ck_assert_mem_eq(found.bytes, expected.bytes, expected.size);
	fclose(file);
	object_free(&original);
	object_free(&expected);
	object_free(&found);
}

static void assert_files(const char *expected)
{
	char *tree = list_tree(scratch_directory());

	ck_assert_str_eq(tree, expected);
	free(tree);
}

/* A copy of ORIGINAL that may be changed. */
static const char *copy_original(const char *name)
{
	return scratch_object(name, object_load("def20"));
}

/* The file is there, with the rights that any new file has, and nothing beside it. */
START_TEST(test_new_file)
{
	const char *target = scratch_path("new.o");
	struct stat st;

	umask(027);
	tool_works("convert " ORIGINAL " %s", target);
	assert_translation(target);
	ck_assert_int_eq(stat(target, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	assert_files("new.o\n");
}
END_TEST

/* The old file itself can be converted, and once more, which changes nothing. */
START_TEST(test_in_place)
{
	const char *path = copy_original("object.o");
	struct run run;

	tool_works("convert %s %s", path, path);
	assert_translation(path);
	run = tool("convert %s %s", path, path);
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "warning: ") && strstr(run.err, "no legacy map definitions"),
		      "%s", run.err);
	free_run(&run);
	assert_translation(path);
	assert_files("object.o\n");
}
END_TEST

/* A symbolic link stays one, and what it points to is replaced. */
START_TEST(test_symbolic_link)
{
	const char *target = scratch_file("target", "as it was\n", 10);

	ck_assert_int_eq(symlink("target", scratch_path("link")), 0);
	tool_works("convert " ORIGINAL " %s", scratch_path("link"));
	assert_translation(target);
	assert_files("link -> target\ntarget\n");
}
END_TEST

/* The translation goes into a pipe, with nothing else; it is not for terminals or beside JSON. */
START_TEST(test_standard_output)
{
	const char *target = scratch_path("new.o");
	struct run run =
		run("sh", "-c", "\"$0\" convert \"$1\" - >\"$2\"", tool_path(), ORIGINAL, target);

	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
	assert_translation(target);
	run = tool("convert -j " ORIGINAL " -");
	assert_status(&run, 2);
	ck_assert_str_eq(run.out, "");
	free_run(&run);
}
END_TEST

/* Devices are written to and stay what they are; one that is full is no success. */
START_TEST(test_devices)
{
	struct stat st;

	tool_works("convert " ORIGINAL " /dev/null");
	ck_assert_int_eq(stat("/dev/null", &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
	assert_refusal(tool("convert " ORIGINAL " /dev/full"), "/dev/full",
		       "No space left on device");
}
END_TEST

/* A target that was there stays as it was if there is nothing to replace it with. */
START_TEST(test_target_stays)
{
	const char *target = scratch_file("target", "as it was\n", 10);
	const char *bad = scratch_file("text", "no object\n", 10);
	char *content;

	assert_refusal(tool("convert %s %s", bad, target), bad);
	content = output_of("cat %s", target);
	ck_assert_str_eq(content, "as it was\n");
	free(content);
	assert_files("target\ntext\n");
}
END_TEST

/* A target that cannot be written is named, and leaves nothing. */
START_TEST(test_bad_targets)
{
	const char *directory = scratch_path("directory"), *missing = scratch_path("missing/new.o");

	ck_assert_int_eq(mkdir(directory, 0755), 0);
	assert_refusal(tool("convert " ORIGINAL " %s", directory), directory, "directory");
	assert_refusal(tool("convert " ORIGINAL " %s", missing), missing,
		       "No such file or directory");
	assert_refusal(tool("convert " ORIGINAL " /proc/new.o"), "/proc/new.o");
	assert_files("directory/\n");
}
END_TEST

/* -v tells how each map was read. */
START_TEST(test_verbose)
{
	struct run run = tool("-v convert " ORIGINAL " %s", scratch_path("new.o"));

	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(strstr(run.err, "flows: section maps"), "%s", run.err);
	ck_assert_msg(strstr(run.err, "bpf_map_def20"), "%s", run.err);
	free_run(&run);
}
END_TEST

Suite *convert_suite(void)
{
	return suite_of("convert", test_new_file, test_in_place, test_symbolic_link,
			test_standard_output, test_devices, test_target_stays, test_bad_targets,
			test_verbose);
}
