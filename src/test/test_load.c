// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* elfmap load: all of an object in the kernel, pinned in one directory, and said in JSON. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/object_edit.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define DIR BPFFS "/pinned"

/* Run load with these words; its JSON. The type is for tail-called programs that no map names. */
static struct json_object *load_json(const char *path, const char *words)
{
	struct run run = tool("load -j %s --type sched_cls %s", path, words);
	struct json_object *object;

	assert_status(&run, 0);
	object = parse_json(run.out);
	ck_assert_str_eq(member_text(object, "file"), path);
	free_run(&run);
	return object;
}

/* Each map and program is pinned under its name, and said to be so with the kernel's ids. */
static void assert_said(const struct object_file *file, struct json_object *json)
{
	size_t count = 0;
	char path[128];

	for (const struct outcome_map *map = outcome_maps(file->object); map->name;
	     map++, count++) {
		struct json_object *said = member_named(json, "maps", map->name);

		snprintf(path, sizeof(path), DIR "/%s", map->name);
		ck_assert_str_eq(member_text(said, "pin_path"), path);
		ck_assert_int_eq(member_number(said, "id"), map_info_of_pin(path).id);
		ck_assert_str_eq(map_info_of_pin(path).name, map->name);
	}
	ck_assert_uint_eq(member_length(json, "maps"), count);
	count = 0;
	for (const struct outcome_program *program = file->object->programs; program->name;
	     program++, count++) {
		struct json_object *said = member_named(json, "programs", program->name);
		int fd CLEANUP(cleanup_fd) = -1;
		struct program_info info;
		char tag[17];

		snprintf(path, sizeof(path), DIR "/%s", program->name);
		ck_assert_str_eq(member_text(said, "pin_path"), path);
		fd = open_pin(path);
		info = program_info(fd);
		for (int i = 0; i < BPF_TAG_SIZE; i++)
			sprintf(tag + 2 * i, "%02x", info.tag[i]);
		ck_assert_int_eq(member_number(said, "id"), info.id);
		ck_assert_str_eq(member_text(said, "tag"), tag);
		ck_assert_str_eq(info.name, program->name);
	}
	ck_assert_uint_eq(member_length(json, "programs"), count);
}

static void assert_directory(const struct object_file *file)
{
	size_t pins = 0, expected = 0;
	char *tree CLEANUP(cleanup_free) = list_tree(BPFFS);

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++)
		expected++;
	for (const struct outcome_program *program = file->object->programs; program->name;
	     program++)
		expected++;
	ck_assert_msg(!strncmp(tree, "pinned/\n", 8), "%s", tree);
	for (const char *line = tree + 8; *line; line = strchr(line, '\n') + 1) {
		ck_assert_msg(!strncmp(line, "pinned/", 7), "%s", tree);
		pins++;
	}
	ck_assert_uint_eq(pins, expected);
	assert_tree(tree); /* the directory's mode */
}

/*
 * All objects, XDP included, and a second time, which finds all it needs in the directory: the same
 * maps, and programs that are as those that it would load.
 */
START_TEST(test_pin_dir)
{
	struct object_file file = object_file((size_t)_i);

	enter_kernel();
	for (int i = 0; i < 2; i++) {
		struct state state = { 0 };
		char *before = i ? pinned_maps() : NULL, *after;
		struct json_object *json = load_json(file.path, "--pin-dir " DIR);

		assert_said(&file, json);
		json_object_put(json);
		assert_directory(&file);
		after = pinned_maps();
		if (i)
			ck_assert_str_eq(after, before);
		else
			state_add_pins(&state, BPFFS);
		if (!i)
			assert_whole_state(&state, &file);
		free(before);
		free(after);
	}
}
END_TEST

/* The second load stores its own programs in the slots of prog arrays, and pins none of them. */
START_TEST(test_second_load_fills_slots)
{
	int steps, parse;

	enter_kernel();
	json_object_put(load_json("testdata/tailcalls.o", "--pin-dir " DIR));
	steps = open_pin(DIR "/steps");
	parse = open_pin(DIR "/parse");
	ck_assert_uint_eq(slot_id(steps, 0), program_info(parse).id);
	json_object_put(load_json("testdata/tailcalls.o", "--pin-dir " DIR));
	ck_assert_uint_ne(slot_id(steps, 0), 0);
	assert_tags_equal(program_info_of_id(slot_id(steps, 0)).tag, program_info(parse).tag);
	close(steps);
	close(parse);
}
END_TEST

/* Without a directory maps are pinned as the object says, and it is said that programs are not. */
START_TEST(test_no_pin_dir)
{
	struct object_file file = object_file((size_t)_i);
	struct json_object *json;
	struct run run;

	enter_kernel();
	run = tool("load -j %s --type sched_cls", file.path);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "elfmap: warning: no --pin-dir"));
	json = parse_json(run.out);
	free_run(&run);
	for (const struct outcome_map *map = outcome_maps(file.object); map->name; map++) {
		struct json_object *said = member_named(json, "maps", map->name);
		char *path CLEANUP(cleanup_free) = pin_path(&file, map, LOADER_LIBRARY);

		ck_assert_pstr_eq(member_text(said, "pin_path"), path);
		if (path)
			ck_assert_int_eq(member_number(said, "id"), map_info_of_pin(path).id);
	}
	for (size_t i = 0; i < member_length(json, "programs"); i++)
		ck_assert_ptr_null(member_text(member_at(json, "programs", i), "pin_path"));
	json_object_put(json);
	assert_object_pins(&file, LOADER_LIBRARY);
}
END_TEST

/* What is printed without -j: a line for each map and program, with the pin. */
START_TEST(test_text)
{
	char expected[256], *out;
	int fd CLEANUP(cleanup_fd) = -1;

	enter_kernel();
	out = tool_output("load testdata/subprogs.o --pin-dir " DIR);
	fd = open_pin(DIR "/classify");
	snprintf(expected, sizeof(expected),
		 "map calls id %u pin " DIR "/calls\nmap marks id %u pin " DIR "/marks\n"
		 "program classify id %u tag ",
		 map_info_of_pin(DIR "/calls").id, map_info_of_pin(DIR "/marks").id,
		 program_info(fd).id);
	ck_assert_msg(!strncmp(out, expected, strlen(expected)), "%s", out);
	free(out);
}
END_TEST

/* --- what is refused ---------------------------------------------------------------------- */

/* counter.o whose program in section ingress answers otherwise. */
static const char *other_counter(void)
{
	struct test_object object = object_load("counter");
	size_t size = object_section(&object, "ingress")->sh_size;
	struct bpf_insn *insns = (void *)object_section_bytes(&object, "ingress");

	/* the last but one sets the result */
	insns[size / sizeof(*insns) - 2].imm = 2;
	return scratch_object("counter.o", object);
}

/* A pin that holds another program is refused: else the user took the old one for the new. */
START_TEST(test_other_program)
{
	const char *path = other_counter();
	char *before;

	enter_kernel();
	free(tool_output("load testdata/counter.o --pin-dir " DIR));
	before = snapshot();
	assert_refusal(tool("load %s --pin-dir " DIR, path), path, "\"direct\"", DIR "/direct",
		       "other instructions");
	assert_unchanged(before);
}
END_TEST

/* The same instructions with another map are another program. */
START_TEST(test_program_with_other_maps)
{
	char *before;

	enter_kernel();
	free(tool_output("load testdata/counter.o --pin-dir " DIR));
	ck_assert_int_eq(unlink(DIR "/packets"), 0);
	before = snapshot();
	assert_refusal(tool("load testdata/counter.o --pin-dir " DIR), "testdata/counter.o",
		       "\"classify\"", DIR "/classify", "other maps");
	assert_unchanged(before);
}
END_TEST

/* A map in a program's place is no program. */
START_TEST(test_place_of_program_taken)
{
	char *before;
	int fd;

	enter_kernel();
	free(tool_output("load testdata/counter.o --pin-dir " DIR));
	ck_assert_int_eq(unlink(DIR "/classify"), 0);
	fd = open_pin(DIR "/packets");
	ck_assert_int_eq(bpf_obj_pin(fd, DIR "/classify"), 0);
	before = snapshot();
	assert_refusal(tool("load testdata/counter.o --pin-dir " DIR), "testdata/counter.o",
		       "\"classify\"", DIR "/classify", "no program");
	assert_unchanged(before);
	close(fd);
}
END_TEST

static void assert_pin_dir_refused(const char *dir, const char *why)
{
	char *before = snapshot();

	assert_refusal(tool("load testdata/counter.o --pin-dir %s", dir), dir, why);
	assert_unchanged(before);
}

/* Pins can only be in a bpffs, which is said in words, and no directory is made elsewhere. */
START_TEST(test_not_on_a_bpffs)
{
	enter_kernel();
	assert_pin_dir_refused(scratch_directory(), "bpffs");
	assert_pin_dir_refused(scratch_path("missing/directory"), "bpffs");
	assert_pin_dir_refused("/proc/1", "bpffs");
	assert_pin_dir_refused("/sys/fs", "bpffs");
	assert_pin_dir_refused("relative", "bpffs");
}
END_TEST

/* A name with a dot is refused by name: the kernel's EPERM sounds like missing rights. */
START_TEST(test_dot_in_directory)
{
	enter_kernel();
	assert_pin_dir_refused(BPFFS "/a.b", "'.'");
	assert_pin_dir_refused(BPFFS "/a/b.c/d", "'.'");
}
END_TEST

/* The same in the name of a map, which only matters where it becomes that of a pin. */
START_TEST(test_dot_in_map)
{
	struct test_object object = object_load("counter");
	const char *path;
	char *before;

	object_rename_symbol(&object, "packets", "pack.ets");
	path = scratch_object("dot.o", object);
	enter_with_clsact();
	free(tool_output("inspect %s", path));
	before = snapshot();
	assert_kernel_refusal(tool("tc filter add dev veth0 ingress bpf da obj %s sec ingress",
				   path),
			      path, "pack.ets", "'.'");
	assert_refusal(tool("load %s --pin-dir " DIR, path), path, "pack.ets", "'.'");
	assert_unchanged(before);
}
END_TEST

/* A path need not be absolute, nor exist. */
START_TEST(test_relative_directory)
{
	char object[PATH_MAX], elfmap[PATH_MAX];

	enter_kernel();
	ck_assert_ptr_nonnull(realpath("testdata/counter.o", object));
	ck_assert_ptr_nonnull(realpath(tool_path(), elfmap));
	ck_assert_int_eq(setenv("ELFMAP", elfmap, 1), 0);
	ck_assert_int_eq(chdir(BPFFS), 0);
	free(tool_output("load %s --pin-dir a/b", object));
	assert_tree("a/\na/b/\na/b/classify\na/b/direct\na/b/packets\n");
	free(tool_output("load %s --pin-dir c", object));
	assert_tree("a/\na/b/\na/b/classify\na/b/direct\na/b/packets\n"
		    "c/\nc/classify\nc/direct\nc/packets\n");
}
END_TEST

/* A directory with a slash at its end is the directory. */
START_TEST(test_slash_at_the_end)
{
	enter_kernel();
	free(tool_output("load testdata/counter.o --pin-dir " DIR "/"));
	assert_tree("pinned/\npinned/classify\npinned/direct\npinned/packets\n");
	free(tool_output("load testdata/counter.o --pin-dir " DIR));
	assert_tree("pinned/\npinned/classify\npinned/direct\npinned/packets\n");
}
END_TEST

/* A program whose section tells no type is named, with the option that gives it one. */
START_TEST(test_missing_type)
{
	struct test_object object = object_load("counter");
	const char *path;
	char *before;
	int fd;

	object_rename_section(&object, "ingress", "mine");
	path = scratch_object("mine.o", object);
	enter_kernel();
	before = snapshot();
	assert_refusal(tool("load %s --pin-dir " DIR, path), path, "direct", "mine", "--type");
	assert_unchanged(before);
	free(tool_output("load %s --pin-dir " DIR " --type xdp", path));
	fd = open_pin(DIR "/direct");
	ck_assert_uint_eq(program_info(fd).type, BPF_PROG_TYPE_XDP);
	close(fd);
	fd = open_pin(DIR "/classify");
	ck_assert_uint_eq(program_info(fd).type, BPF_PROG_TYPE_SCHED_CLS);
	close(fd);
}
END_TEST

/* Where an option that gives a type would not help, the reason is said, and not the option. */
START_TEST(test_refused_without_type)
{
	enter_kernel();
	assert_refusal(tool("load testdata/windows.o"),
		       "testdata/windows.o: it was made for ebpf-for-windows",
		       "cannot run on Linux");
}
END_TEST

Suite *load_suite(void)
{
	Suite *suite = suite_of("load", test_second_load_fills_slots, test_text, test_other_program,
				test_program_with_other_maps, test_place_of_program_taken,
				test_not_on_a_bpffs, test_dot_in_directory, test_dot_in_map,
				test_relative_directory, test_slash_at_the_end, test_missing_type,
				test_refused_without_type);

	add_loop_test(suite, test_pin_dir, nr_object_files());
	add_loop_test(suite, test_no_pin_dir, nr_object_files());
	return suite;
}
