// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Objects that contradict themselves: every command says so in one line, which names the file, the
 * section, the map, and what was found and expected, ends with status 1, and leaves nothing behind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/object_edit.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define MAX_TEXTS 6

/* A bad input, by the object that it is made from. */
struct bad_input {
	const char *name; /* the file's, too */
	const char *object;
	void (*spoil)(struct test_object *object);
	const char *section;	      /* for tc */
	const char *texts[MAX_TEXTS]; /* what is said, besides the file */
};

/* --- files that are no objects ------------------------------------------------------------ */

static void make_text(struct test_object *object)
{
	static const char text[] = "#!/bin/sh\necho this is no object\n";

	memcpy(object->bytes, text, sizeof(text));
	object->size = sizeof(text) - 1;
}

static void make_empty(struct test_object *object)
{
	object->size = 0;
}

static void make_native(struct test_object *object)
{
	object_header(object)->e_machine = EM_X86_64;
}

static void make_32_bit(struct test_object *object)
{
	object->bytes[EI_CLASS] = ELFCLASS32;
}

static void make_executable(struct test_object *object)
{
	object_header(object)->e_type = ET_EXEC;
}

static void cut_header(struct test_object *object)
{
	object->size = 40;
}

static void cut_half(struct test_object *object)
{
	object->size /= 2;
}

static void cut_last_byte(struct test_object *object)
{
	object->size--;
}

/* --- symbols ------------------------------------------------------------------------------ */

static void drop_symbol_table(struct test_object *object)
{
	object_symbol_table(object)->sh_type = SHT_NULL;
}

/* What strip does to symbols that nothing refers to. */
static void drop_map_symbols(struct test_object *object)
{
	object_symbol(object, "packets")->st_shndx = SHN_ABS;
}

static void add_byte(struct test_object *object)
{
	object_resize_section(object, "maps", object_section(object, "maps")->sh_size + 1);
}

static void move_to_the_first(struct test_object *object)
{
	object_symbol(object, "totals")->st_value = 0;
}

static void move_into_the_first(struct test_object *object)
{
	object_symbol(object, "totals")->st_value = 8;
}

static void lengthen(struct test_object *object)
{
	object_symbol(object, "totals")->st_size = 24;
}

static void add_words(struct test_object *object)
{
	object_resize_section(object, "maps", 44);
	object_symbol(object, "packets")->st_size = 44;
}

/* --- what definitions refer to ------------------------------------------------------------ */

static void forget_inner(struct test_object *object)
{
	*object_map_word(object, "later", 7) = 0;
}

static void name_missing_inner(struct test_object *object)
{
	*object_map_word(object, "later", 7) = 77;
}

static void nest_twice(struct test_object *object)
{
	*object_map_word(object, "by_mark", 5) = 20;
	*object_map_word(object, "template", 5) = 0;
}

static void point_behind_the_last(struct test_object *object)
{
	*object_map_word(object, "by_mark", 5) = 4;
}

static void store_behind_the_last(struct test_object *object)
{
	*object_map_word(object, "egress_stats", 8) = 2;
}

static void share_id(struct test_object *object)
{
	*object_map_word(object, "verdicts", 5) = 42;
}

static void shorten_prog_array(struct test_object *object)
{
	*object_map_word(object, "next", 3) = 4;
}

/* --- names -------------------------------------------------------------------------------- */

static void name_with_slash(struct test_object *object)
{
	object_rename_symbol(object, "packets", "../packets");
}

static void name_parent(struct test_object *object)
{
	object_rename_symbol(object, "packets", "..");
}

static void name_nothing(struct test_object *object)
{
	object_rename_symbol(object, "packets", "");
}

static void name_too_long(struct test_object *object)
{
	char name[300] = "";

	memset(name, 'n', sizeof(name) - 1);
	object_rename_symbol(object, "packets", name);
}

static void name_program_with_slash(struct test_object *object)
{
	object_rename_symbol(object, "direct", "a/b");
}

static void name_two_alike(struct test_object *object)
{
	object_rename_symbol(object, "by_mark", "totals");
}

static const struct bad_input inputs[] = {
	{ "text", "counter", make_text, "ingress", { "not an ELF object", "expected" } },
	{ "empty", "counter", make_empty, "ingress", { "not an ELF object", "expected" } },
	{ "native", "counter", make_native, "ingress", { "not a BPF object", "62", "247" } },
	{ "class32", "counter", make_32_bit, "ingress", { "ELF class 1", "expected 2" } },
	{ "executable", "counter", make_executable, "ingress", { "ELF type 2", "expected 1" } },
	{ "cut-header", "counter", cut_header, "ingress", { "truncated", "40 bytes" } },
	{ "cut-half", "counter", cut_half, "ingress", { "truncated" } },
	{ "cut-byte", "counter", cut_last_byte, "ingress", { "truncated" } },
	{ "no-table", "counter", drop_symbol_table, "ingress", { "no symbol table" } },
	{ "no-symbols", "counter", drop_map_symbols, "ingress", { "section maps", "36 bytes" } },
	{ "no-division",
	  "def16",
	  add_byte,
	  "classifier",
	  { "section maps", "33 bytes", "2 map symbols", "by_mark", "expected" } },
	{ "overlap",
	  "def16",
	  move_to_the_first,
	  "classifier",
	  { "section maps", "\"by_mark\"", "\"totals\"", "overlap", "offset 0" } },
	{ "overlap-in-part",
	  "def16",
	  move_into_the_first,
	  "classifier",
	  { "section maps", "\"totals\"", "offset 8", "expected 16" } },
	{ "long-symbol",
	  "def16",
	  lengthen,
	  "classifier",
	  { "section maps", "\"totals\"", "24", "expected 16" } },
	{ "unknown-size",
	  "counter",
	  add_words,
	  "ingress",
	  { "section maps", "44 bytes", "\"packets\"" } },
	{ "no-inner",
	  "nested",
	  forget_inner,
	  "classifier",
	  { "section maps", "\"later\"", "inner_id 0", "expected" } },
	{ "missing-inner",
	  "nested",
	  name_missing_inner,
	  "classifier",
	  { "section maps", "\"later\"", "inner_id 77" } },
	{ "nested-twice",
	  "nested",
	  nest_twice,
	  "classifier",
	  { "section maps", "\"later\"", "\"by_mark\"", "expected" } },
	{ "inner-position",
	  "def24",
	  point_behind_the_last,
	  "ingress",
	  { "section maps", "\"by_mark\"", "inner_map_idx 4", "4 maps" } },
	{ "inner-idx",
	  "nested",
	  store_behind_the_last,
	  "classifier",
	  { "section maps", "\"egress_stats\"", "inner_idx 2", "\"by_direction\"", "2 entries" } },
	{ "same-id",
	  "tailcalls",
	  share_id,
	  "classifier",
	  { "section maps", "\"steps\"", "\"verdicts\"", "id 42", "expected" } },
	{ "tail-call-key",
	  "elf28",
	  shorten_prog_array,
	  "ingress",
	  { "section 7/4", "\"drop\"", "key 4", "\"next\"", "4 entries" } },
	{ "slash", "counter", name_with_slash, "ingress", { "section maps", "../packets", "'/'" } },
	{ "parent", "counter", name_parent, "ingress", { "section maps", "\"..\"" } },
	{ "no-name", "counter", name_nothing, "ingress", { "section maps", "\"\"" } },
	{ "long-name", "counter", name_too_long, "ingress", { "section maps", "255" } },
	{ "program-slash",
	  "counter",
	  name_program_with_slash,
	  "ingress",
	  { "section ingress", "\"a/b\"", "'/'" } },
	{ "same-name",
	  "def16",
	  name_two_alike,
	  "classifier",
	  { "section maps", "\"totals\"", "offset 0", "offset 16" } },
};
#define NR_INPUTS (sizeof(inputs) / sizeof(inputs[0]))

static const char *make_input(const struct bad_input *input)
{
	struct test_object object = object_load(input->object);

	input->spoil(&object);
	return scratch_object(input->name, object);
}

static void assert_refused(struct run run, const struct bad_input *input, const char *path)
{
	const char *texts[MAX_TEXTS + 2] = { path };

	memcpy(texts + 1, input->texts, sizeof(input->texts));
	check_refusal(run, 1, false, texts);
}

/* --- the commands ------------------------------------------------------------------------- */

/* Needs no rights: neither reading nor converting may take it, or leave a file. */
START_TEST(test_inspect_and_convert)
{
	const struct bad_input *input = &inputs[_i];
	const char *path = make_input(input), *target = scratch_path("new.o");
	char *before = list_tree(scratch_directory()), *after;

	assert_refused(tool("inspect %s", path), input, path);
	assert_refused(tool("inspect -j %s", path), input, path);
	assert_refused(tool("convert %s %s", path, target), input, path);
	assert_refused(tool("convert -j %s %s", path, target), input, path);
	after = list_tree(scratch_directory());
	ck_assert_str_eq(after, before);
	free(before);
	free(after);
}
END_TEST

/* Nothing may come into the kernel, nor a directory or mount for it. */
START_TEST(test_tc_and_load)
{
	const struct bad_input *input = &inputs[_i];
	const char *path = make_input(input);
	char *before;

	enter_with_clsact();
	before = snapshot();
	assert_refused(tool("tc filter add dev veth0 ingress bpf da obj %s sec %s", path,
			    input->section),
		       input, path);
	assert_refused(tool("tc filter replace dev veth0 ingress prio 1 handle 1 bpf da obj %s "
			    "sec %s",
			    path, input->section),
		       input, path);
	assert_refused(tool("load %s --pin-dir " BPFFS "/pinned", path), input, path);
	assert_refused(tool("load -j %s", path), input, path);
	assert_unchanged(before);
}
END_TEST

/* --- files -------------------------------------------------------------------------------- */

/* What cannot be opened is named, with the reason. */
START_TEST(test_no_file)
{
	const char *missing = scratch_path("missing.o");

	assert_refusal(tool("inspect %s", missing), missing, "No such file or directory");
	assert_refusal(tool("convert %s %s", missing, scratch_path("new.o")), missing,
		       "No such file or directory");
	assert_refusal(tool("inspect %s", scratch_directory()), scratch_directory(),
		       "not a regular file");
	assert_refusal(tool("inspect /dev/null"), "/dev/null", "not a regular file");
}
END_TEST

/* Of several files the good ones are shown, and the status says that not all were. */
START_TEST(test_good_and_bad_files)
{
	struct test_object object = object_load("counter");
	const char *path;
	struct run run;

	make_text(&object);
	path = scratch_object("text", object);
	run = tool("inspect testdata/counter.o %s testdata/demo.o", path);
	assert_status(&run, 1);
	ck_assert_ptr_nonnull(strstr(run.out, "testdata/counter.o\n"));
	ck_assert_ptr_nonnull(strstr(run.out, "testdata/demo.o\n"));
	ck_assert_ptr_nonnull(strstr(run.err, path));
	free_run(&run);
}
END_TEST

Suite *bad_input_suite(void)
{
	Suite *suite = suite_of("bad_input", test_no_file, test_good_and_bad_files);

	add_loop_test(suite, test_inspect_and_convert, NR_INPUTS);
	add_loop_test(suite, test_tc_and_load, NR_INPUTS);
	return suite;
}
