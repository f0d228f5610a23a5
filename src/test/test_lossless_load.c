// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap load and elfmap tc of a converted object leave the kernel as with the original: maps,
 * slots, programs, and pins, those in the original's namespace included. Whatever it was converted
 * for.
 */
#include <linux/pkt_cls.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/converted_file.h"
#include "test/loaded.h"
#include "test/namespace.h"
#include "test/parsed.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

/* The i-th object file and kind of conversion, in private namespaces. */
static struct object_file begin(int i, const char **path)
{
	struct object_file file = object_file((size_t)i / NR_CONVERSIONS);

	enter_kernel();
	*path = converted_file(&file, conversion((size_t)i % NR_CONVERSIONS));
	return file;
}

/* --- load ---------------------------------------------------------------------------------- */

/* All of it, while the library holds it and after. */
START_TEST(test_library)
{
	const char *path;
	struct object_file file = begin(_i, &path);
	struct elfmap_object *object = elfmap_object__open_file(path, NULL);
	struct state state = { 0 };

	ck_assert_ptr_nonnull(object);
	set_missing_types(object);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	state_add_object(&state, object);
	assert_whole_state(&state, &file);
	assert_object_pins(&file, LOADER_LIBRARY);
	elfmap_object__close(object);
	assert_object_pins(&file, LOADER_LIBRARY);
}
END_TEST

/* Run load -j; what it says. */
static struct json_object *load_json(const char *path)
{
	struct run run = tool("load -j %s --type sched_cls", path);
	struct json_object *json;

	assert_status(&run, 0);
	json = parse_json(run.out);
	free_run(&run);
	return json;
}

/* The command says the same of the paths, and pins there. */
START_TEST(test_load)
{
	const char *path;
	struct object_file file = begin(_i, &path);
	struct json_object *json = load_json(path);

	for (const struct outcome_map *map = outcome_maps(file.object); map->name; map++) {
		struct json_object *said = member_named(json, "maps", map->name);
		char *pin CLEANUP(cleanup_free) = pin_path(&file, map, LOADER_LIBRARY);

		ck_assert_pstr_eq(member_text(said, "pin_path"), pin);
		if (pin)
			ck_assert_int_eq(member_number(said, "id"), map_info_of_pin(pin).id);
	}
	json_object_put(json);
	assert_object_pins(&file, LOADER_LIBRARY);
}
END_TEST

/* The converted object finds the pins of the original, and the original those of the other. */
START_TEST(test_pins_are_shared)
{
	const char *path;
	struct object_file file = begin(_i, &path);
	char *before, *after;

	json_object_put(load_json(file.path));
	before = pinned_maps();
	json_object_put(load_json(path));
	after = pinned_maps();
	ck_assert_str_eq(after, before);
	free(after);
	json_object_put(load_json(file.path));
	after = pinned_maps();
	ck_assert_str_eq(after, before);
	free(after);
	free(before);
}
END_TEST

/* --- tc ------------------------------------------------------------------------------------ */

/* One filter with what it tail-calls; programs go by their names, as sections may have others. */
START_TEST(test_tc)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i / NR_CONVERSIONS, &program);
	struct state state = { 0 };
	const char *path;
	struct run run;

	enter_with_clsact();
	path = converted_file(&file, conversion((size_t)_i % NR_CONVERSIONS));
	run = tool("tc filter add dev veth0 ingress bpf da obj %s program %s", path, program->name);
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "");
	ck_assert_str_eq(run.err, "");
	free_run(&run);
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_str_eq(state.programs[0].name, program->name);
	state_add_pins(&state, BPFFS);
	assert_tc_state(&state, &file, program);
	assert_object_pins(&file, LOADER_TC);
}
END_TEST

/* The same by section, where sections have kept their names. */
START_TEST(test_tc_section)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i / 2, &program);
	const char *section = strcmp(program->section, ".text") ? program->section : "text";
	struct state state = { 0 };

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress bpf da obj %s sec %s",
		   converted_file(&file, conversion((size_t)_i % 2)), section);
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	state_add_pins(&state, BPFFS);
	assert_tc_state(&state, &file, program);
	assert_object_pins(&file, LOADER_TC);
}
END_TEST

/* Numbers of the pinning database, which no other loader knows. */
START_TEST(test_pinning_database)
{
	struct object_file file =
		object_file_at(_i ? "testdata/custom_pin.btf.o" : "testdata/custom_pin.o");
	char *database CLEANUP(cleanup_free) = output_of("cat testdata/pinning");
	const char *path;

	enter_with_clsact();
	path = converted_file(&file, "");
	put_pinning_database(database);
	tool_works("tc filter add dev veth0 ingress bpf da obj %s", path);
	assert_tree("ip -> tc\n"
		    "my_subpath/\nmy_subpath/listed\n"
		    "tc/\ntc/globals/\n"
		    "team/\nteam/traffic/\nteam/traffic/below\n"
		    "xdp -> tc\n");
}
END_TEST

/* Without tags there is no more than libbpf knows: pins by name alone. */
START_TEST(test_untagged)
{
	struct object_file file = object_file_at("testdata/tailcalls.o");

	enter_kernel();
	json_object_put(load_json(converted_file(&file, "--no-tags")));
	assert_object_pins(&file, LOADER_LIBBPF);
}
END_TEST

Suite *lossless_load_suite(void)
{
	Suite *suite = suite_of("lossless_load", test_untagged);

	add_loop_test(suite, test_library, NR_CONVERSIONS * nr_object_files());
	add_loop_test(suite, test_load, NR_CONVERSIONS * nr_object_files());
	add_loop_test(suite, test_pins_are_shared, NR_CONVERSIONS * nr_object_files());
	add_loop_test(suite, test_tc, NR_CONVERSIONS * nr_tc_cases());
	add_loop_test(suite, test_tc_section, 2 * nr_tc_cases());
	add_loop_test(suite, test_pinning_database, 2);
	return suite;
}
