// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What convert says of the differences between what the original asks for and what a stock loader
 * does with the translation. Which these are follows from the sources of testdata. Needs no rights.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/printed.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

/* Whatever is mounted where the tests run. */
static const char *const environment[] = { "TC_BPF_MNT=" BPFFS, NULL };

/* --- what is expected ---------------------------------------------------------------------- */

#define MOST_TEXTS 64

struct texts {
	char *items[MOST_TEXTS];
	size_t count;
};

PRINTF(2, 3) static void add_text(struct texts *texts, const char *format, ...)
{
	va_list arguments;

	ck_assert_uint_lt(texts->count, MOST_TEXTS);
	va_start(arguments, format);
	ck_assert_int_gt(vasprintf(&texts->items[texts->count++], format, arguments), 0);
	va_end(arguments);
}

static void free_texts(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
}

static size_t nr_program_slots(const struct object_file *file, const char *map)
{
	size_t count = 0;

	for (const struct outcome_slot *slot = file->object->slots; slot->map; slot++)
		count += !strcmp(slot->map, map) && outcome_program(file->object, slot->target);
	return count;
}

static void add_map_texts(struct texts *texts, const struct object_file *file,
			  const struct outcome_map *map, bool for_tc)
{
	char *path CLEANUP(cleanup_free) = pin_path(file, map, LOADER_LIBRARY);
	size_t slots = nr_program_slots(file, map->name);

	if (map->pin == PIN_OBJECT || map->pin == PIN_PATH)
		add_text(texts, "map %s: not pinned, and not as %s", map->name, path);
	if (map->pin == PIN_GLOBAL && !for_tc)
		add_text(texts,
			 "map %s: pinned by name, in " BPFFS " and not in " BPFFS "/tc/globals",
			 map->name);
	if (slots && for_tc)
		add_text(texts,
			 "map %s: %zu slot%s left empty, as tc loads no other section's "
			 "program",
			 map->name, slots, slots == 1 ? "" : "s");
	if (!strcmp(file->object->name, "android"))
		add_text(texts, "map %s: owner, mode and versions are not looked at", map->name);
}

static bool is_known(const char *section)
{
	enum bpf_attach_type attach_type;
	enum bpf_prog_type type;

	return libbpf_prog_type_by_name(section, &type, &attach_type) == 0;
}

/* The sections whose names tell libbpf 1.x nothing, each said to be so. */
static void add_section_text(struct texts *texts, const struct object_file *file)
{
	char list[256] = "";

	for (const struct outcome_program *program = file->object->programs; program->name;
	     program++) {
		/* that one has another name in the image */
		const char *section = strcmp(program->section, ".text") ? program->section : "text";

		if (is_known(section))
			continue;
		ck_assert_uint_lt(strlen(list) + strlen(section) + 3, sizeof(list));
		sprintf(list + strlen(list), "%s%s", *list ? ", " : "", section);
	}
	if (*list)
		add_text(texts,
			 "the loader must say the program type, as section names do not "
			 "(or see --rename-sections): %s",
			 list);
}

static struct texts expected_texts(const struct object_file *file, bool for_tc)
{
	struct texts texts = { 0 };

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++)
		add_map_texts(&texts, file, map, for_tc);
	if (!for_tc)
		add_section_text(&texts, file);
	return texts;
}

/* --- what is said -------------------------------------------------------------------------- */

static bool is_said(struct json_object *json, const char *text)
{
	for (size_t i = 0; i < member_length(json, "differences"); i++) {
		if (!strcmp(json_object_get_string(member_at(json, "differences", i)), text))
			return true;
	}
	return false;
}

/* In JSON: these and no others, beside what inspect says. */
START_TEST(test_json)
{
	struct object_file file = object_file((size_t)_i / 2);
	bool for_tc = _i % 2;
	struct texts expected = expected_texts(&file, for_tc);
	const char *target = scratch_path("new.o");
	struct run run = tool_with(environment, "convert -j %s %s %s", for_tc ? "--for tc" : "",
				   file.path, target);
	struct json_object *json;

	assert_status(&run, 0);
	json = parse_json(run.out);
	for (size_t i = 0; i < expected.count; i++)
		ck_assert_msg(is_said(json, expected.items[i]), "%s: not said: %s\n%s", file.path,
			      expected.items[i], run.out);
	ck_assert_msg(member_length(json, "differences") == expected.count, "%s: %zu, not %zu: %s",
		      file.path, member_length(json, "differences"), expected.count,
		      json_object_to_json_string(member(json, "differences")));
	ck_assert_str_eq(member_text(json, "output"), target);
	ck_assert_str_eq(member_text(json, "file"), file.path);
	member_length(json, "repairs");
	member_length(json, "notes");
	json_object_put(json);
	free_run(&run);
	free_texts(&expected);
}
END_TEST

/* For people: a heading and a line each, which is broken only where it is too long. */
START_TEST(test_text)
{
	struct object_file file = object_file((size_t)_i);
	struct texts expected = expected_texts(&file, false);
	struct run run = tool_with(environment, "convert %s %s", file.path, scratch_path("new.o"));
	char *lines CLEANUP(cleanup_free) = unwrapped(run.out, 2);
	char line[512];
	size_t nr_lines = 0;

	assert_status(&run, 0);
	assert_columns(run.out);
	for (size_t i = 0; i < expected.count; i++) {
		snprintf(line, sizeof(line), "  %s", expected.items[i]);
		ck_assert_msg(has_line(strlen(line) > 80 ? lines : run.out, line), "no \"%s\":\n%s",
			      line, run.out);
	}
	snprintf(line, sizeof(line), "%s: what a stock loader does differently:", file.path);
	ck_assert_int_eq(has_line(run.out, line), expected.count > 0);
	for (const char *at = lines; (at = strchr(at, '\n')); at++)
		nr_lines++;
	ck_assert_uint_eq(nr_lines, expected.count ? expected.count + 1 : 0);
	free_run(&run);
	free_texts(&expected);
}
END_TEST

/* Where standard output is the object, they are warnings beside it. */
START_TEST(test_object_on_stdout)
{
	struct object_file file = object_file_at("testdata/tailcalls.o");
	struct texts expected = expected_texts(&file, false);
	const char *piped = scratch_path("piped.o"), *written = scratch_path("written.o");
	struct run run;
	char line[512];

	free(tool_output("convert %s %s", file.path, written));
	run = run("sh", "-c", "TC_BPF_MNT=" BPFFS " \"$0\" convert \"$1\" - >\"$2\"", tool_path(),
		  file.path, piped);
	assert_status(&run, 0);
	ck_assert_uint_gt(expected.count, 0);
	for (size_t i = 0; i < expected.count; i++) {
		snprintf(line, sizeof(line), "elfmap: warning: %s", expected.items[i]);
		ck_assert_msg(has_line(run.err, line), "no \"%s\":\n%s", line, run.err);
	}
	free(output_of("cmp %s %s", piped, written));
	free_run(&run);
	free_texts(&expected);
}
END_TEST

/* --- --strict ------------------------------------------------------------------------------ */

/* Refused with all of them if there are any, and then nothing is written. */
START_TEST(test_strict)
{
	struct object_file file = object_file((size_t)_i / 2);
	bool for_tc = _i % 2;
	struct texts expected = expected_texts(&file, for_tc);
	const char *target = scratch_path("new.o");
	struct run run = tool_with(environment, "convert --strict %s %s %s",
				   for_tc ? "--for tc" : "", file.path, target);
	char line[512];

	assert_status(&run, expected.count ? 1 : 0);
	ck_assert_str_eq(run.out, "");
	ck_assert_int_eq(access(target, F_OK) == 0, expected.count == 0);
	for (size_t i = 0; i < expected.count; i++) {
		snprintf(line, sizeof(line), "  %s", expected.items[i]);
		ck_assert_msg(has_line(run.err, line), "no \"%s\":\n%s", line, run.err);
	}
	snprintf(line, sizeof(line), "elfmap: %s: not converted", file.path);
	ck_assert_msg(!strstr(run.err, line) == !expected.count, "%s", run.err);
	free_run(&run);
	free_texts(&expected);
}
END_TEST

/* What was there stays, and nothing goes into a pipe. */
START_TEST(test_strict_leaves_target)
{
	const char *target = scratch_file("target", "as it was\n", 10);
	char *content;

	assert_refusal_with_details(tool("convert --strict testdata/tailcalls.o %s", target),
				    "testdata/tailcalls.o");
	content = output_of("cat %s", target);
	ck_assert_str_eq(content, "as it was\n");
	free(content);
	assert_refusal_with_details(tool("convert --strict testdata/tailcalls.o -"),
				    "testdata/tailcalls.o");
	assert_refusal_with_details(tool("convert -j --strict testdata/tailcalls.o %s", target),
				    "testdata/tailcalls.o");
}
END_TEST

/* --- again --------------------------------------------------------------------------------- */

/* Run convert with these options on tailcalls.o as it was converted before. */
static struct run convert_again(const char *options)
{
	const char *first = scratch_path("first.o");

	free(tool_output("convert testdata/tailcalls.o %s", first));
	return tool_with(environment, "convert %s %s %s", options, first, scratch_path("new.o"));
}

/* A stock loader does not pin in the object's namespace, however often the object was converted. */
START_TEST(test_strict_again)
{
	struct run run = convert_again("--strict");

	assert_status(&run, 1);
	ck_assert_msg(strstr(run.err, "map verdicts: not pinned, and not as"), "%s", run.err);
	free_run(&run);
}
END_TEST

/* What was translated without a word for it cannot be made out of the translation. */
START_TEST(test_again_for_another)
{
	static const char *const options[] = { "--for tc", "--no-tags" };

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct run run = convert_again(options[i]);

		assert_status(&run, 1);
		ck_assert_msg(strstr(run.err, "it was translated before"), "%s", run.err);
		ck_assert_msg(strstr(run.err, "need the original object"), "%s", run.err);
		ck_assert_int_ne(access(scratch_path("new.o"), F_OK), 0);
		free_run(&run);
	}
}
END_TEST

/* --- wrong usage --------------------------------------------------------------------------- */

static const char *const wrong[] = {
	"--for nonsense testdata/def16.o", "--for TC testdata/def16.o",
	"--for= testdata/def16.o",	   "--for tcx testdata/def16.o",
	"--for nonsense no/such/file.o",   "--strict=1 testdata/def16.o",
	"--no-tags=0 testdata/def16.o",	   "--rename-sections=xdp testdata/def16.o",
};
#define NR_WRONG (sizeof(wrong) / sizeof(wrong[0]))

/* Wrong words are wrong whatever the file is, and nothing is written. */
START_TEST(test_wrong_words)
{
	const char *target = scratch_path("new.o");
	struct run run = tool("convert %s %s", wrong[_i], target);

	assert_status(&run, 2);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(strstr(run.err, "\n  try: elfmap convert --help\n"), "%s", run.err);
	ck_assert_int_ne(access(target, F_OK), 0);
	free_run(&run);
}
END_TEST

Suite *losses_suite(void)
{
	Suite *suite = suite_of("losses", test_object_on_stdout, test_strict_leaves_target,
				test_strict_again, test_again_for_another);

	add_loop_test(suite, test_json, 2 * nr_object_files());
	add_loop_test(suite, test_text, nr_object_files());
	add_loop_test(suite, test_strict, 2 * nr_object_files());
	add_loop_test(suite, test_wrong_words, NR_WRONG);
	return suite;
}
