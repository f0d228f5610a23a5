// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What inspect and convert say of an object beside its maps and programs: what is repaired, what is
 * good to know, fields that are its author's own, and the layouts there are. Needs no rights.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/object_edit.h"
#include "test/parsed.h"
#include "test/printed.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

/* --- repairs and notes --------------------------------------------------------------------- */

static const struct remark {
	const char *object;
	const char *kind; /* the member of JSON */
	const char *text;
} remarks[] = {
	{ "static_map", "repairs", "2 static maps: now global" },
	{ "weak", "repairs", "2 weak map symbols: now global" },
	{ "sections20", "repairs",
	  "3 maps in sections of their own (maps/<name>): merged into .maps" },
	{ "mixedsizes", "repairs",
	  "section maps holds definitions of different sizes, as after static linking" },
	{ "mixed.btf", "repairs", "legacy and BTF-defined maps in one object: merged into .maps" },
	{ "text_only", "repairs",
	  "a program in section .text, where libbpf expects subprograms: now in section text" },
	{ "sections20", "notes",
	  "libbpf 1.x and bpftool open this object without an error and without its maps, as they "
	  "stand in sections maps/<name>" },
	{ "nolicense", "notes",
	  "no section license: helpers that only GPL programs may call are refused" },
	{ "katran", "notes",
	  "map caches: the object does not say which its inner map is; its own loader sets that "
	  "(bpf_map__set_inner_map_fd)" },
	{ "gobpf", "notes", "map policy: pinning 3 leaves the path to the loader" },
	{ "vendor", "notes",
	  "map flows: libbpf knows no map type 262401: maybe the layout is another (--layout), or one "
	  "of the loader's own" },
};
#define NR_REMARKS (sizeof(remarks) / sizeof(remarks[0]))

static const char *path_of(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "testdata/%s.o", name);
	return path;
}

static bool has_text(struct json_object *json, const char *list, const char *text)
{
	for (size_t i = 0; i < member_length(json, list); i++) {
		if (!strcmp(json_object_get_string(member_at(json, list, i)), text))
			return true;
	}
	return false;
}

static void assert_in_json(const char *command, const struct remark *remark)
{
	char *out CLEANUP(cleanup_free) =
		tool_output("%s -j %s %s", command, path_of(remark->object),
			    strcmp(command, "convert") ? "" : scratch_path("new.o"));
	struct json_object *json = parse_json(out);

	ck_assert_msg(has_text(json, remark->kind, remark->text), "%s: no \"%s\" in %s: %s",
		      command, remark->text, remark->kind, out);
	json_object_put(json);
}

/* inspect says it, as text and in JSON, and convert does, in JSON and with -v. */
START_TEST(test_remarks)
{
	const struct remark *remark = &remarks[_i];
	bool is_repair = !strcmp(remark->kind, "repairs");
	char *out CLEANUP(cleanup_free) = tool_output("inspect %s", path_of(remark->object));
	char *lines CLEANUP(cleanup_free) = unwrapped(out, 4);
	char line[256];
	struct run run;

	assert_in_json("inspect", remark);
	assert_in_json("convert", remark);
	ck_assert(has_line(out, is_repair ? "  repaired when loaded or converted:" : "  note:"));
	snprintf(line, sizeof(line), "    %s", remark->text);
	ck_assert_msg(has_line(strlen(line) > 80 ? lines : out, line), "no \"%s\":\n%s", line, out);
	run = tool("-v convert %s %s", path_of(remark->object), scratch_path("new.o"));
	assert_status(&run, 0);
	snprintf(line, sizeof(line), "elfmap: %s: %s", is_repair ? "repaired" : "note",
		 remark->text);
	ck_assert_msg(has_line(run.err, line), "no \"%s\":\n%s", line, run.err);
	free_run(&run);
}
END_TEST

static void assert_no_repairs(const char *path)
{
	char *out CLEANUP(cleanup_free) = tool_output("inspect -j %s", path);
	char *text CLEANUP(cleanup_free) = tool_output("inspect %s", path);
	struct json_object *json = parse_json(out);

	ck_assert_msg(member_length(json, "repairs") == 0, "%s", out);
	ck_assert_msg(member_length(json, "notes") == 0, "%s", out);
	ck_assert_ptr_null(strstr(text, "repaired"));
	ck_assert_ptr_null(strstr(text, "note:"));
	json_object_put(json);
}

/* An object without oddities, and one that was converted, which has none left. */
START_TEST(test_nothing_to_remark)
{
	static const char *const odd[] = { "static_map", "weak", "sections20", "mixedsizes",
					   "text_only" };

	assert_no_repairs("testdata/def20.o");
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const char *target = scratch_path("new.o");
		struct run run = tool("convert %s %s", path_of(odd[i]), target);

		assert_status(&run, 0);
		free_run(&run);
		assert_no_repairs(target);
	}
}
END_TEST

/* --- fields -------------------------------------------------------------------------------- */

static struct json_object *inspect(const char *path)
{
	char *out CLEANUP(cleanup_free) = tool_output("inspect -j %s", path);

	return parse_json(out);
}

static void assert_android_fields(const char *path)
{
	struct json_object *json = inspect(path);
	struct json_object *fields = member(member_named(json, "maps", "stats"), "fields");

	ck_assert_int_eq(member_number(fields, "uid"), 1000);
	ck_assert_int_eq(member_number(fields, "gid"), 3003);
	ck_assert_int_eq(member_number(fields, "mode"), 0660);
	ck_assert_int_eq(member_number(fields, "bpfloader_max_ver"), 0x10000);
	ck_assert_int_eq(member_number(fields, "max_kver"), 0xffffffff);
	ck_assert(!has_member(fields, "type"));
	ck_assert(!has_member(fields, "map_flags"));
	json_object_put(json);
}

/* Fields that elfmap has no member for, also where the definition is gone. */
START_TEST(test_fields_in_json)
{
	static const char *const names[] = { "android", "android.btf" };
	const char *target = scratch_path("new.o");

	for (size_t i = 0; i < 2; i++) {
		assert_android_fields(path_of(names[i]));
		free(tool_output("convert %s %s", path_of(names[i]), target));
		assert_android_fields(target);
	}
}
END_TEST

/* Also those that stand behind the words: as the source has them, with BTF and without. */
START_TEST(test_fields_behind_words)
{
	struct json_object *json = inspect(path_of(_i ? "android.btf" : "android"));
	struct json_object *fields = member(member_named(json, "maps", "stats"), "fields");

	ck_assert_str_eq(member_text(fields, "selinux_context"), "fs_bpf_netd_shared");
	ck_assert_str_eq(member_text(fields, "pin_subdir"), "netd_shared/");
	ck_assert_int_eq(member_number(fields, "shared"), 0);
	fields = member(member_named(json, "maps", "configuration"), "fields");
	ck_assert_int_eq(member_number(fields, "shared"), 1);
	json_object_put(json);
}
END_TEST

/* A mode is shown as one, of the original as of the conversion. */
START_TEST(test_mode)
{
	const char *target = scratch_path("new.o");
	char *out = tool_output("inspect testdata/android.o");

	ck_assert_msg(strstr(out, "uid 1000, gid 3003, mode 0660"), "%s", out);
	free(out);
	free(tool_output("convert testdata/android.o %s", target));
	out = tool_output("inspect %s", target);
	ck_assert_msg(strstr(out, "uid 1000, gid 3003, mode 0660"), "%s", out);
	free(out);
}
END_TEST

/* --- columns ------------------------------------------------------------------------------- */

static void assert_inspect_columns(const char *path)
{
	char *out CLEANUP(cleanup_free) = tool_output("inspect %s", path);

	assert_columns(out);
}

/* Every object, and its conversion, is shown in lines that a terminal shows whole. */
START_TEST(test_columns)
{
	const char *target = scratch_path("new.o");

	for (const char *const *name = object_names(); *name; name++) {
		struct run run;

		/* that one is warned of */
		if (strcmp(*name, "annotated.btf"))
			assert_inspect_columns(path_of(*name));
		run = tool("convert --for bpftool %s %s", path_of(*name), target);
		assert_status(&run, 0);
		assert_columns(run.out);
		free_run(&run);
		assert_inspect_columns(target);
	}
	for (const char *const *name = object_names_refused(); *name; name++)
		assert_inspect_columns(path_of(*name));
}
END_TEST

/* --- layouts ------------------------------------------------------------------------------- */

/* How many lines begin with a layout's name. */
static size_t nr_headings(const char *text, const char *name)
{
	size_t count = 0, length = strlen(name);

	for (const char *at = text; *at; at = strchr(at, '\n') + 1)
		count += !strncmp(at, "  ", 2) && !strncmp(at + 2, name, length) &&
			 at[2 + length] == ' ';
	return count;
}

/* Each is listed once, with whose it is and with its fields. */
START_TEST(test_layouts_text)
{
	char *out CLEANUP(cleanup_free) = tool_output("inspect --layouts");
	const struct elfmap_format *format;

	for (size_t i = 0; (format = elfmap_builtin_format(i)); i++) {
		ck_assert_msg(nr_headings(out, format->name) == 1, "%s: %zu times:\n%s",
			      format->name, nr_headings(out, format->name), out);
		if (format->summary)
			ck_assert_msg(strstr(out, format->summary), "%s", out);
		for (size_t j = 0; j < format->nr_fields; j++)
			ck_assert_msg(strstr(out, format->fields[j].name), "%s: no %s",
				      format->name, format->fields[j].name);
	}
	ck_assert_msg(strstr(out, "namespace[256]"), "%s", out);
	ck_assert_msg(strstr(out, "*persistent_path"), "%s", out);
}
END_TEST

START_TEST(test_layouts_columns)
{
	char *out CLEANUP(cleanup_free) = tool_output("inspect --layouts");

	assert_columns(out);
}
END_TEST

static void assert_layout(struct json_object *json, const struct elfmap_format *format)
{
	ck_assert_str_eq(member_text(json, "name"), format->name);
	ck_assert_pstr_eq(member_text(json, "summary"), format->summary);
	ck_assert_int_eq(member_bool(json, "translated"), !format->refusal);
	ck_assert_uint_eq(member_length(json, "fields"), format->nr_fields);
	for (size_t i = 0; i < format->nr_fields; i++) {
		struct json_object *field = member_at(json, "fields", i);

		ck_assert_str_eq(member_text(field, "name"), format->fields[i].name);
		ck_assert_int_eq(member_number(field, "offset"), format->fields[i].offset);
		ck_assert_int_eq(member_number(field, "size"), format->fields[i].size);
	}
}

/* The same in JSON, with offsets; some of them as their authors' headers have them. */
START_TEST(test_layouts_json)
{
	static const struct {
		const char *layout, *field;
		int offset, size;
	} known[] = {
		{ "bpf_map_def20", "map_flags", 16, 4 }, { "bpf_elf_map36", "inner_idx", 32, 4 },
		{ "bpf_elf_map20", "id", 16, 4 },	 { "gobpf280", "namespace", 24, 256 },
		{ "datadog284", "namespace", 28, 256 },	 { "goebpf40", "persistent_path", 32, 8 },
	};
	char *out CLEANUP(cleanup_free) = tool_output("inspect -j --layouts");
	struct json_object *list = parse_json(out), *all = json_object_new_object();
	const struct elfmap_format *format;
	size_t count = 0;

	for (; (format = elfmap_builtin_format(count)); count++)
		assert_layout(json_object_array_get_idx(list, count), format);
	ck_assert_uint_eq(json_object_array_length(list), count);
	json_object_object_add(all, "layouts", list);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct json_object *layout = member_named(all, "layouts", known[i].layout);
		struct json_object *field = member_named(layout, "fields", known[i].field);

		ck_assert_int_eq(member_number(field, "offset"), known[i].offset);
		ck_assert_int_eq(member_number(field, "size"), known[i].size);
	}
	json_object_put(all);
}
END_TEST

Suite *remarks_suite(void)
{
	Suite *suite = suite_of("remarks", test_nothing_to_remark, test_fields_in_json, test_mode,
				test_columns, test_layouts_text, test_layouts_columns,
				test_layouts_json);

	add_loop_test(suite, test_remarks, NR_REMARKS);
	add_loop_test(suite, test_fields_behind_words, 2);
	return suite;
}
