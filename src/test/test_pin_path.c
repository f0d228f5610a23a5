// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * load --pin-path: for maps whose path only their loader knows, and for any other, of originals and
 * of conversions.
 */
#include <stdlib.h>
#include <string.h>

#include "test/kernel.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

/* gobpf.o, which has a map with PIN_CUSTOM_NS, as it is or converted. */
static const char *enter_with_gobpf(int converted)
{
	const char *path = scratch_path("converted.o");

	enter_kernel();
	if (!converted)
		return "testdata/gobpf.o";
	free(tool_output("convert testdata/gobpf.o %s", path));
	return path;
}

/* Load with these words; where it says that the map is pinned, "" for nowhere. For free(). */
static char *said_path(const char *path, const char *map, const char *words)
{
	struct run run = tool("load -j %s %s", path, words);
	struct json_object *json;
	const char *said;
	char *copy;

	assert_status(&run, 0);
	json = parse_json(run.out);
	said = member_text(member_named(json, "maps", map), "pin_path");
	copy = strdup(said ? said : "");
	json_object_put(json);
	free_run(&run);
	return copy;
}

static void assert_path(const char *path, const char *words, const char *expected)
{
	char *said = said_path(path, "policy", words);

	ck_assert_str_eq(said, expected);
	if (*expected)
		ck_assert_str_eq(map_info_of_pin(expected).name, "policy");
	free(said);
}

/* Without it such a map is no map to load, and nothing is done. */
START_TEST(test_missing)
{
	const char *path = enter_with_gobpf(_i);
	char *before = snapshot();

	assert_refusal(tool("load %s", path), path, "policy");
	assert_unchanged(before);
}
END_TEST

/* A relative path is below the bpffs, and its directories are made; the other map's stays. */
START_TEST(test_relative)
{
	const char *path = enter_with_gobpf(_i);

	assert_path(path, "--pin-path policy=mine/deep/policy", BPFFS "/mine/deep/policy");
	assert_tree("mine/\nmine/deep/\nmine/deep/policy\n"
		    "tracer/\ntracer/globals/\ntracer/globals/totals\n");
}
END_TEST

START_TEST(test_absolute)
{
	const char *path = enter_with_gobpf(_i);

	assert_path(path, "--pin-path policy=" BPFFS "/other/name", BPFFS "/other/name");
	assert_tree("other/\nother/name\ntracer/\ntracer/globals/\ntracer/globals/totals\n");
}
END_TEST

/* An empty path is nowhere: said, and then it loads. */
START_TEST(test_empty)
{
	const char *path = enter_with_gobpf(_i);

	assert_path(path, "--pin-path policy=", "");
	assert_tree("tracer/\ntracer/globals/\ntracer/globals/totals\n");
}
END_TEST

/* Several, of maps that have a path of their own as well; of two for one map the last counts. */
START_TEST(test_several)
{
	const char *path = enter_with_gobpf(_i);

	assert_path(path, "--pin-path policy=a --pin-path totals= --pin-path policy=b/c",
		    BPFFS "/b/c");
	assert_tree("b/\nb/c\n");
}
END_TEST

/* The same path again is the same map; that of another map is refused. */
START_TEST(test_reuse)
{
	const char *path = enter_with_gobpf(_i);
	char *before;
	__u32 id;

	assert_path(path, "--pin-path policy=mine", BPFFS "/mine");
	id = map_info_of_pin(BPFFS "/mine").id;
	assert_path(path, "--pin-path policy=mine", BPFFS "/mine");
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/mine").id, id);
	before = snapshot();
	assert_refusal_with_details(tool("load %s --pin-path policy=tracer/globals/totals", path),
				    path, "policy", "tracer/globals/totals");
	assert_unchanged(before);
}
END_TEST

/* It is the exception to --pin-dir. */
START_TEST(test_with_pin_dir)
{
	const char *path = enter_with_gobpf(_i);
	char *said = said_path(path, "policy", "--pin-dir " BPFFS "/all --pin-path policy=mine");

	ck_assert_str_eq(said, BPFFS "/mine");
	assert_tree("all/\nall/count_packet\nall/count_sleep\nall/sleepers\nall/totals\nmine\n");
	free(said);
}
END_TEST

/* --- what is refused ----------------------------------------------------------------------- */

static const struct wrong {
	const char *words;
	int status;
	const char *said;
} wrong[] = {
	{ "--pin-path policy", 2, "expected MAP=PATH" },
	{ "--pin-path", 2, "--pin-path" },
	{ "--pin-path policies=x", 1, "policies" },
	{ "--pin-path =x", 1, "testdata/gobpf.o" },
	{ "--pin-path Policy=x", 1, "Policy" },
	{ "--pin-path policy=a --pin-path nobody=x", 1, "nobody" },
	{ "--pin-path policy=../x", 1, "../x" },
	{ "--pin-path policy=a.b", 1, "'.'" },
	{ "--pin-path policy=a/", 1, "policy" },
	{ "--pin-path policy=/proc/policy", 1, "bpffs" },
	{ "--pin-path policy=tracer/globals/totals", 1, "totals" },
};
#define NR_WRONG (sizeof(wrong) / sizeof(wrong[0]))

/* Nothing is loaded, pinned or made. */
START_TEST(test_refused)
{
	const struct wrong *row = &wrong[_i];
	char *before;
	struct run run;

	enter_kernel();
	before = snapshot();
	run = tool("load testdata/gobpf.o %s", row->words);
	ck_assert_msg(run.status == row->status, "%s: %d\n%s%s", row->words, run.status, run.out,
		      run.err);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(strstr(run.err, row->said), "%s: %s", row->words, run.err);
	free_run(&run);
	assert_unchanged(before);
}
END_TEST

Suite *pin_path_suite(void)
{
	Suite *suite = make_suite("pin_path", NULL, 0);

	add_loop_test(suite, test_missing, 2);
	add_loop_test(suite, test_relative, 2);
	add_loop_test(suite, test_absolute, 2);
	add_loop_test(suite, test_empty, 2);
	add_loop_test(suite, test_several, 2);
	add_loop_test(suite, test_reuse, 2);
	add_loop_test(suite, test_with_pin_dir, 2);
	add_loop_test(suite, test_refused, NR_WRONG);
	return suite;
}
