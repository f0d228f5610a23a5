// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Images that were made for a loader, in that loader's hands: libbpf and bpftool, which are told no
 * types, and tc, which loads one section.
 */
#include <linux/pkt_cls.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/converted_file.h"
#include "test/original.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/*
 * A known limit: with BTF the kernel verifies global subprograms by themselves, where one of this
 * object is refused.
 */
static bool is_refused(const struct object_file *file)
{
	return !strcmp(file->name, "global_sub.btf");
}

/* Code in .text, which has no type, and what .BTF.ext tells apart by names that are no types. */
static bool has_untyped(const struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		if (!bpf_program__type(program))
			return true;
	}
	return false;
}

#define NR_LINES 4

/* --- libbpf -------------------------------------------------------------------------------- */

/* With no more than open and load, and no types set, the whole object is there. */
START_TEST(test_libbpf)
{
	struct object_file file = object_file((size_t)_i);
	struct bpf_program *program;
	struct bpf_object *object;
	struct state state = { 0 };
	struct bpf_map *map;

	enter_kernel();
	object = bpf_object__open_file(converted_file(&file, "--for bpftool"), NULL);
	ck_assert_ptr_nonnull(object);
	if (has_untyped(object) || is_refused(&file)) {
		ck_assert(file.btf || !strcmp(file.name, "text_only"));
		bpf_object__close(object);
		return;
	}
	ck_assert_int_eq(bpf_object__load(object), 0);
	bpf_object__for_each_map(map, object)
		state_add_map(&state, map_info(bpf_map__fd(map)).id);
	bpf_object__for_each_program(program, object)
		state_add_program(&state, program_info(bpf_program__fd(program)).id);
	assert_whole_state(&state, &file);
	assert_object_pins(&file, LOADER_LIBBPF);
	bpf_object__close(object);
}
END_TEST

/* Load with the types that sources say; what the kernel says of one program. */
static struct bpf_prog_info load_info(const struct object_file *file, const char *options,
				      const char *name)
{
	struct bpf_object *object = bpf_object__open_file(converted_file(file, options), NULL);
	struct bpf_prog_info info = { 0 };
	struct bpf_program *program;
	__u32 size = sizeof(info);

	ck_assert_ptr_nonnull(object);
	bpf_object__for_each_program(program, object) {
		const struct outcome_program *row =
			outcome_program(file->object, bpf_program__name(program));

		bpf_program__set_type(program, (enum bpf_prog_type)row->type);
	}
	ck_assert_int_eq(bpf_object__load(object), 0);
	program = bpf_object__find_program_by_name(object, name);
	ck_assert_int_eq(bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size), 0);
	bpf_object__close(object);
	return info;
}

/* The kernel gets the same lines of source, though the section has another name. */
START_TEST(test_lines)
{
	static const struct {
		const char *path, *program;
	} cases[NR_LINES] = {
		{ "testdata/loose.btf.o", "drop" },
		{ "testdata/loose.btf.o", "receive" },
		{ "testdata/android.btf.o", "count_ingress" },
		{ "testdata/xdp.btf.o", "forward" },
	};
	struct object_file file = object_file_at(cases[_i].path);
	struct bpf_prog_info renamed, plain;

	enter_kernel();
	renamed = load_info(&file, "--for bpftool", cases[_i].program);
	plain = load_info(&file, "", cases[_i].program);
	ck_assert_uint_gt(plain.nr_line_info, 0);
	ck_assert_uint_eq(renamed.nr_line_info, plain.nr_line_info);
	ck_assert_uint_eq(renamed.nr_func_info, plain.nr_func_info);
}
END_TEST

/* --- bpftool ------------------------------------------------------------------------------- */

static void require_command(const char *name)
{
	if (!have_command(name))
		test_skip("%s is not installed", name);
}

/* The kernel empties a prog array that nobody holds, and libbpf pins by name alone. */
static bool loses_tail_calls(const struct object_file *file)
{
	for (const struct outcome_slot *slot = file->object->slots; slot->map; slot++) {
		if (outcome_program(file->object, slot->target) &&
		    outcome_map(file->object, slot->map)->pin != PIN_GLOBAL)
			return true;
	}
	return false;
}

static bool is_typed(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	bool typed;

	ck_assert_ptr_nonnull(object);
	typed = !has_untyped(object);
	bpf_object__close(object);
	return typed;
}

/* bpftool prog loadall with no type named. */
START_TEST(test_bpftool)
{
	struct object_file file = object_file((size_t)_i);
	const struct expectation expectation = {
		.file = &file,
		.only_held = true,
		.loader = LOADER_LIBBPF,
	};
	struct state state = { 0 };
	const char *path;

	require_command("bpftool");
	enter_kernel();
	path = converted_file(&file, "--for bpftool");
	if (is_refused(&file) || loses_tail_calls(&file) || !is_typed(path))
		return;
	free(output_of("bpftool prog loadall %s " BPFFS "/programs", path));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
}
END_TEST

/* --- tc ------------------------------------------------------------------------------------ */

/* Built with libbpf: without it tc reads the legacy form alone. */
static void require_stock_tc(void)
{
	char *version CLEANUP(cleanup_free) = NULL;

	require_command("tc");
	version = output_of("tc -V");
	if (!strstr(version, "libbpf 1."))
		test_skip("tc is built without libbpf 1.x");
}

static bool has_program_slot(const struct outcome_object *object, const char *map)
{
	for (const struct outcome_slot *slot = object->slots; slot->map; slot++) {
		if (!strcmp(slot->map, map) && outcome_program(object, slot->target))
			return true;
	}
	return false;
}

/* What is pinned is in tc's place, and no slot holds a program. */
static void assert_stock_maps(const struct object_file *file)
{
	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++) {
		char *path CLEANUP(cleanup_free) = pin_path(file, map, LOADER_STOCK_TC);

		if (!path)
			continue;
		ck_assert_uint_eq(map_info_of_pin(path).type, map->type);
		ck_assert_uint_eq(map_info_of_pin(path).max_entries, map->max_entries);
		if (has_program_slot(file->object, map->name))
			ck_assert_uint_eq(nr_filled_slots(map_info_of_pin(path).id), 0);
	}
}

/* Exactly the pins that are pinned by name. */
static void assert_stock_pins(const struct object_file *file)
{
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS);
	size_t expected = 0, found = 0;

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++) {
		char *path CLEANUP(cleanup_free) = pin_path(file, map, LOADER_STOCK_TC);

		expected += path != NULL;
	}
	for (const char *at = pins; (at = strchr(at, '\n')); at++)
		found++;
	ck_assert_msg(found == expected, "%zu pins, not %zu:\n%s", found, expected, pins);
}

/* Stock tc takes any section, of objects with tail calls as well. */
START_TEST(test_tc)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i, &program);
	const char *section = strcmp(program->section, ".text") ? program->section : "text";
	struct program_info info;
	__u8 tag[BPF_TAG_SIZE];
	const char *path;

	if (is_refused(&file))
		return;
	require_stock_tc();
	enter_kernel();
	path = converted_file(&file, "--for tc");
	free(output_of("tc qdisc add dev veth0 clsact"));
	free(output_of("tc filter add dev veth0 ingress bpf da obj %s sec %s", path, section));
	info = program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_str_eq(info.name, program->name);
	original_tag(file.path, program->name, tag);
	assert_tags_equal(info.tag, tag);
	for (size_t i = 0; i < info.nr_maps; i++)
		ck_assert(list_has(program->maps, map_info_of_id(info.maps[i]).name));
	assert_stock_maps(&file);
	assert_stock_pins(&file);
}
END_TEST

/* Inner maps are where they belong: no other section is needed for these. */
START_TEST(test_tc_nested)
{
	const char *path = _i ? "testdata/nested.btf.o" : "testdata/nested.o";
	struct object_file file = object_file_at(path);
	const struct expectation expectation = {
		.file = &file,
		.asked = outcome_program(file.object, "classify"),
		.type = BPF_PROG_TYPE_SCHED_CLS,
		.only_held = true,
		.loader = LOADER_STOCK_TC,
	};
	struct state state = { 0 };

	require_stock_tc();
	enter_kernel();
	free(output_of("tc qdisc add dev veth0 clsact"));
	free(output_of("tc filter add dev veth0 ingress bpf da obj %s sec classifier",
		       converted_file(&file, "--for tc")));
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
	assert_stock_pins(&file);
}
END_TEST

Suite *lossless_stock_suite(void)
{
	Suite *suite = make_suite("lossless_stock", NULL, 0);

	add_loop_test(suite, test_libbpf, nr_object_files());
	add_loop_test(suite, test_lines, NR_LINES);
	add_loop_test(suite, test_bpftool, nr_object_files());
	add_loop_test(suite, test_tc, nr_tc_cases());
	add_loop_test(suite, test_tc_nested, 2);
	return suite;
}
