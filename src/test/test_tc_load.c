// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap tc leaves the kernel as iproute2's own loader did: which programs, which maps, what is in
 * slots, what is pinned where.
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

static void assert_filter(const struct object_file *file, const struct outcome_program *program)
{
	struct filter filter;
	char name[128];

	snprintf(name, sizeof(name), "%s:[%s]", strrchr(file->path, '/') + 1, program->section);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, &filter, 1), 1);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, NULL, 0), 0);
	ck_assert_str_eq(filter.name, name);
	ck_assert_str_eq(program_info_of_id(filter.program).name, program->name);
	ck_assert_uint_eq(filter.flags, TCA_BPF_FLAG_ACT_DIRECT);
	ck_assert_uint_eq(filter.protocol, ETH_P_ALL);
	ck_assert_uint_eq(filter.handle, 1);
}

/* Of the object files only one is odd: its annotation contradicts a definition. */
static void assert_quiet(const struct object_file *file, const struct run *run)
{
	ck_assert_str_eq(run->out, "");
	if (!strcmp(file->path, "testdata/annotated.btf.o"))
		ck_assert_ptr_nonnull(strstr(run->err, "warning: testdata/annotated.btf.o: section "
						       "maps: map \"stale\""));
	else
		ck_assert_str_eq(run->err, "");
}

/* Every object of testdata that loads is in the tables, or no test here loads it. */
START_TEST(test_all_objects_are_known)
{
	for (const char *const *name = object_names(); *name; name++) {
		bool known = !object_loads_alone(*name);

		for (size_t i = 0; i < nr_object_files(); i++)
			known |= !strcmp(object_file(i).name, *name);
		ck_assert_msg(known, "%s.o is in no table", *name);
	}
}
END_TEST

/*
 * Each program of each object file, asked for by its section: tags show that programs are not
 * changed, attributes and BTF types that definitions are not misread, slots and pins that what
 * belongs together by ids and names does.
 */
START_TEST(test_state)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i, &program);
	struct state state = { 0 };
	struct run run;

	enter_with_clsact();
	run = tool("tc filter add dev veth0 ingress bpf da obj %s sec %s", file.path,
		   program->section);
	assert_status(&run, 0);
	assert_quiet(&file, &run);
	free_run(&run);
	assert_filter(&file, program);
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	state_add_pins(&state, BPFFS);
	assert_tc_state(&state, &file, program);
	assert_object_pins(&file, LOADER_TC);
}
END_TEST

/* If no section is named it is `classifier`, and the filter does not act unless told. */
START_TEST(test_default_section)
{
	struct filter filter;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 egress bpf obj testdata/counter.o");
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, &filter, 1), 1);
	ck_assert_str_eq(filter.name, "counter.o:[classifier]");
	ck_assert_str_eq(program_info_of_id(filter.program).name, "classify");
	ck_assert_uint_eq(filter.flags, 0);
}
END_TEST

/* What nobody asked for is not loaded: a program that the verifier refuses does not matter. */
START_TEST(test_other_sections)
{
	const char *path = scratch_object("bad.o", bad_counter());

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress bpf da obj %s sec ingress", path);
	ck_assert_str_eq(program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS)).name,
			 "direct");
	assert_kernel_refusal_with_details(
		tool("tc filter add dev veth0 egress bpf da obj %s sec classifier", path), path);
}
END_TEST

/* A program is found by its name alone, whatever its section. */
START_TEST(test_program_by_name)
{
	enter_with_clsact();
	tool_works(
		"tc filter add dev veth0 ingress bpf da obj testdata/tailcalls.o program decide");
	ck_assert_str_eq(program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS)).name,
			 "decide");
}
END_TEST

/*
 * The database's numbers lead to pins in directories of their own, which are made. What it gives to
 * a reserved number does not count, and an unknown number is no pin.
 */
START_TEST(test_pinning_database)
{
	struct object_file file =
		object_file_at(_i ? "testdata/custom_pin.btf.o" : "testdata/custom_pin.o");
	char *database CLEANUP(cleanup_free) = output_of("cat testdata/pinning");
	struct state state = { 0 };

	enter_with_clsact();
	put_pinning_database(database);
	tool_works("tc filter add dev veth0 ingress bpf da obj %s", file.path);
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	assert_tc_state(&state, &file, file.object->programs);
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/my_subpath/listed").id,
			  state_map(&state, "listed"));
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/team/traffic/below").id,
			  state_map(&state, "below"));
	assert_tree("ip -> tc\n"
		    "my_subpath/\nmy_subpath/listed\n"
		    "tc/\ntc/globals/\n"
		    "team/\nteam/traffic/\nteam/traffic/below\n"
		    "xdp -> tc\n");
}
END_TEST

/* The kernel empties a prog array that nobody holds, which the user is warned of. */
START_TEST(test_warning_of_unpinned_prog_array)
{
	struct test_object object = object_load("tailcalls");
	const char *path;
	struct run run;

	*object_map_word(&object, "verdicts", 6) = 0; /* pinning */
	path = scratch_object("unpinned.o", object);
	enter_with_clsact();
	run = tool("tc filter add dev veth0 ingress bpf da obj %s", path);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "elfmap: warning: "));
	ck_assert_ptr_nonnull(strstr(run.err, path));
	ck_assert_ptr_nonnull(strstr(run.err, "verdicts is not pinned"));
	ck_assert_ptr_null(strstr(run.err, "steps"));
	free_run(&run);
}
END_TEST

Suite *tc_load_suite(void)
{
	Suite *suite = suite_of("tc_load", test_all_objects_are_known, test_default_section,
				test_other_sections, test_program_by_name,
				test_warning_of_unpinned_prog_array);

	add_loop_test(suite, test_pinning_database, 2);
	add_loop_test(suite, test_state, nr_tc_cases());
	return suite;
}
