// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Stock tc and ip under elfmap exec, with the original objects: the kernel is left as elfmap tc and
 * elfmap ip leave it, which suites tc_load, ip_link and ip_route hold against the same tables.
 */
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/compiler.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/route.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

/* Built with libbpf: without it they read the legacy form alone, and need no help. */
static void require_libbpf_in(const char *command)
{
	char *version CLEANUP(cleanup_free) = NULL;

	require_stock(command);
	version = output_of("%s -V", command);
	if (!strstr(version, "libbpf 1."))
		test_skip("%s is built without libbpf 1.x", command);
}

static void enter_for_tc(void)
{
	require_libbpf_in("tc");
	enter_with_clsact();
}

static const char *const links[] = { BPFFS "/ip", BPFFS "/xdp" };

static bool has_pins_of_iproute2(const struct object_file *file)
{
	bool has_pins = false;

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++) {
		char *path CLEANUP(cleanup_free) = pin_path(file, map, LOADER_TC);

		has_pins |= path && map->pin != PIN_PATH;
	}
	return has_pins;
}

/*
 * Exactly the pins and directories that there are to be. Stock tc and ip make theirs for any object,
 * with links by an absolute path: here these are made as elfmap makes them, to be compared.
 */
static void assert_pins(const struct object_file *file)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		char *target CLEANUP(cleanup_free) = realpath(links[i], NULL);

		ck_assert_ptr_nonnull(target);
		ck_assert_str_eq(target, BPFFS "/tc");
		ck_assert_int_eq(unlink(links[i]), 0);
		if (has_pins_of_iproute2(file))
			ck_assert_int_eq(symlink("tc", links[i]), 0);
	}
	if (!has_pins_of_iproute2(file)) {
		ck_assert_int_eq(rmdir(BPFFS "/tc/globals"), 0);
		ck_assert_int_eq(rmdir(BPFFS "/tc"), 0);
	}
	assert_object_pins(file, LOADER_TC);
}

/* --- state --------------------------------------------------------------------------------- */

/* tc's own words on a section whose id no map has. */
static bool is_quiet(const char *err)
{
	static const char known[] = "unable to find map id 99 for tail call\n";

	while (!strncmp(err, known, strlen(known)))
		err += strlen(known);
	return !*err;
}

/* What is odd about these objects is said. */
static const char *expected_warning(const struct object_file *file)
{
	if (!strcmp(file->name, "annotated.btf"))
		return "elfmap: warning: testdata/annotated.btf.o: section maps: map \"stale\"";
	if (file->object->loses_tail_calls)
		return " is not pinned: the kernel empties it when this command ends";
	if (!strcmp(file->object->name, "text_only"))
		return "section .text is \"text\" to this program";
	return NULL;
}

static void assert_said(const struct object_file *file, const char *err)
{
	const char *warning = expected_warning(file);

	ck_assert_msg(warning ? strstr(err, warning) != NULL : is_quiet(err), "%s", err);
}

/* Each program of each object that tc can attach. */
START_TEST(test_tc)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i, &program);
	const struct expectation expectation = {
		.file = &file,
		.asked = program,
		.type = BPF_PROG_TYPE_SCHED_CLS,
		.only_held = true,
		.loader = LOADER_TC,
	};
	const char *section = strcmp(program->section, ".text") ? program->section : "text";
	struct state state = { 0 };
	struct run run;

	enter_for_tc();
	run = tool("exec -- tc filter add dev veth0 ingress bpf da obj %s sec %s", file.path,
		   section);
	assert_status(&run, 0);
	assert_said(&file, run.err);
	free_run(&run);
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_str_eq(program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS)).name,
			 program->name);
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
	assert_pins(&file);
}
END_TEST

START_TEST(test_ip)
{
	const struct outcome_program *program;
	struct object_file file = xdp_case((size_t)_i, &program);
	const struct expectation expectation = {
		.file = &file,
		.asked = program,
		.type = BPF_PROG_TYPE_XDP,
		.only_held = true,
		.loader = LOADER_TC,
	};
	struct state state = { 0 };

	require_libbpf_in("ip");
	enter_kernel();
	free(tool_output("exec -- ip link set dev veth0 xdp obj %s sec %s", file.path,
			 program->section));
	state_add_program(&state, attached_xdp_program("veth0"));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
	assert_pins(&file);
}
END_TEST

/* --- pins ---------------------------------------------------------------------------------- */

/* The database's numbers lead to pins in directories of their own. */
START_TEST(test_pinning_database)
{
	struct object_file file =
		object_file_at(_i ? "testdata/custom_pin.btf.o" : "testdata/custom_pin.o");
	char *database CLEANUP(cleanup_free) = output_of("cat testdata/pinning");
	struct state state = { 0 };
	struct run run;

	enter_for_tc();
	put_pinning_database(database);
	/* tc has a word for what the file gives to a reserved number */
	run = tool("exec -- tc filter add dev veth0 ingress bpf da obj %s", file.path);
	assert_status(&run, 0);
	free_run(&run);
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	assert_tc_state(&state, &file, file.object->programs);
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/my_subpath/listed").id,
			  state_map(&state, "listed"));
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/team/traffic/below").id,
			  state_map(&state, "below"));
}
END_TEST

/* What is pinned is found again: by a second load, and by elfmap tc. */
START_TEST(test_reuse)
{
	static const char *const tools[] = { "exec -- tc", "tc" };
	char *before CLEANUP(cleanup_free) = NULL;
	char *after CLEANUP(cleanup_free) = NULL;

	enter_for_tc();
	free(tool_output("%s filter add dev veth0 ingress bpf da obj testdata/demo.o sec ingress",
			 tools[_i & 1]));
	before = pinned_maps();
	ck_assert_str_ne(before, "");
	free(tool_output("%s filter add dev veth0 egress bpf da obj testdata/demo.o sec egress",
			 tools[_i >> 1]));
	after = pinned_maps();
	ck_assert_str_eq(after, before);
}
END_TEST

/* A pin that another map has is not taken for this one. */
START_TEST(test_incompatible_pin)
{
	struct test_object object = object_load("counter");
	const char *path;
	struct run run;

	enter_for_tc();
	*object_map_word(&object, "packets", 3) += 1; /* max_elem */
	path = scratch_object("counter.o", object);
	free(tool_output("exec -- tc filter add dev veth0 ingress bpf da obj testdata/counter.o"));
	run = tool("exec -- tc filter add dev veth0 egress bpf da obj %s", path);
	ck_assert_int_ne(run.status, 0);
	ck_assert_uint_eq(attached_program("veth0", TC_H_MIN_EGRESS), 0);
	ck_assert_msg(strstr(run.err, "holds another map: max_entries 1, expected 2"), "%s",
		      run.err);
	free_run(&run);
}
END_TEST

/* The kernel adds a flag to what is pinned, which libbpf before 1.7 takes for a difference. */
START_TEST(test_reused_devmap)
{
	require_libbpf_in("ip");
	enter_kernel();
	free(tool_output("exec -- ip link set dev veth0 xdp obj testdata/xdp.o sec prog"));
	free(tool_output("exec -- ip -force link set dev veth0 xdp obj testdata/xdp.o sec prog"));
	ck_assert_uint_ne(attached_xdp_program("veth0"), 0);
}
END_TEST

/* --- what else tc and ip do ---------------------------------------------------------------- */

START_TEST(test_batch)
{
	static const char lines[] =
		"filter add dev veth0 ingress bpf da obj testdata/tailcalls.o sec classifier\n"
		"filter add dev veth0 egress bpf da obj testdata/nested.o sec classifier\n"
		"filter add dev veth1 egress bpf da obj testdata/counter.o sec ingress\n";
	struct filter filter;
	struct run run;

	enter_for_tc();
	free(output_of("tc qdisc add dev veth1 clsact"));
	run = tool("exec -- tc -batch %s", scratch_file("lines", lines, sizeof(lines) - 1));
	assert_status(&run, 0);
	ck_assert_msg(is_quiet(run.err), "%s", run.err);
	free_run(&run);
	ck_assert_uint_eq(nr_filled_slots(map_info_of_pin(BPFFS "/tc/globals/steps").id), 2);
	ck_assert_uint_eq(nr_filled_slots(map_info_of_pin(BPFFS "/tc/globals/mirror").id), 2);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, &filter, 1), 1);
	ck_assert_str_eq(filter.name, "nested.o:[classifier]");
	ck_assert_uint_ne(attached_program("veth1", TC_H_MIN_EGRESS), 0);
}
END_TEST

static __u32 slot_of_pin(const char *path, __u32 key)
{
	int fd CLEANUP(cleanup_fd) = open_pin(path);

	return slot_id(fd, key);
}

START_TEST(test_graft)
{
	const char steps[] = BPFFS "/tc/globals/steps";
	struct run run;
	__u32 old;

	enter_for_tc();
	run = tool("exec -- tc filter add dev veth0 ingress bpf da obj testdata/tailcalls.o");
	assert_status(&run, 0);
	free_run(&run);
	old = slot_of_pin(steps, 1);
	ck_assert_uint_ne(old, 0);
	free(tool_output("exec -- tc exec bpf graft m:globals/steps key 1 obj testdata/counter.o "
			 "sec ingress"));
	ck_assert_uint_ne(slot_of_pin(steps, 1), old);
	ck_assert_str_eq(program_info_of_id(slot_of_pin(steps, 1)).name, "direct");
	ck_assert_str_eq(program_info_of_id(slot_of_pin(steps, 0)).name, "parse");
}
END_TEST

START_TEST(test_route)
{
	struct object_file file = object_file_at(_i ? "testdata/lwt.btf.o" : "testdata/lwt.o");
	const struct expectation expectation = {
		.file = &file,
		.asked = outcome_program(file.object, "count_xmit"),
		.type = BPF_PROG_TYPE_LWT_XMIT,
		.only_held = true,
		.loader = LOADER_TC,
	};
	struct state state = { 0 };
	__u32 id;

	require_libbpf_in("ip");
	enter_kernel();
	free(tool_output("exec -- ip route add 198.51.100.0/24 dev veth0 encap bpf xmit obj %s sec "
			 "lwt_xmit headroom 14",
			 file.path));
	ck_assert_uint_eq(
		route_programs(map_info_of_pin(BPFFS "/tc/globals/lwt_packets").id, &id, 1), 1);
	state_add_program(&state, id);
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
	assert_pins(&file);
}
END_TEST

/* In a shell that a shell started; and what has no BPF in it is as ever. */
START_TEST(test_script)
{
	static const char script[] =
		"sh -c 'tc filter add dev veth0 ingress bpf da obj testdata/elf36.o sec ingress' &&"
		" tc filter show dev veth0 ingress | grep -c elf36.o && ip -br link show dev veth1";
	struct run run;

	enter_for_tc();
	run = run_elfmap("exec", "--", "sh", "-c", script);
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	ck_assert_ptr_nonnull(strstr(run.out, "veth1"));
	ck_assert_str_eq(program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS)).name,
			 "enter");
	free_run(&run);
}
END_TEST

/* elfmap itself is a program with libbpf. */
START_TEST(test_elfmap)
{
	struct object_file file = object_file_at("testdata/tailcalls.o");
	struct state state = { 0 };

	if (compiler_sanitizes())
		test_skip("what is preloaded comes before the sanitizer's runtime");
	enter_with_clsact();
	free(tool_output("exec -- %s tc filter add dev veth0 ingress bpf da obj %s", tool_path(),
			 file.path));
	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	state_add_pins(&state, BPFFS);
	assert_tc_state(&state, &file, outcome_program(file.object, "enter"));
	assert_object_pins(&file, LOADER_TC);
}
END_TEST

/* tc copies the names that it reads to where 128 bytes are; the kernel's path has room for more. */
START_TEST(test_long_name)
{
	struct test_object object = object_load("tailcalls");
	char name[200] = "", pin[256];
	const char *path;
	struct run run;

	memset(name, 'n', sizeof(name) - 1);
	object_rename_symbol(&object, "verdicts", name);
	*object_map_word(&object, name, 6) = 2; /* pinned globally */
	path = scratch_object("long.o", object);
	enter_for_tc();
	run = tool("exec -- tc filter add dev veth0 ingress bpf da obj %s sec classifier", path);
	assert_status(&run, 0);
	free_run(&run);
	ck_assert_uint_eq(nr_filled_slots(map_info_of_pin(BPFFS "/tc/globals/steps").id), 2);
	snprintf(pin, sizeof(pin), BPFFS "/tc/globals/%s", name);
	ck_assert_uint_eq(nr_filled_slots(map_info_of_pin(pin).id), 2);
}
END_TEST

/* What is refused is refused as it is without the library, with a line of ours. */
START_TEST(test_refused)
{
	const char *path = scratch_object("bad.o", bad_counter());
	char *before CLEANUP(cleanup_free) = NULL;
	char *after CLEANUP(cleanup_free) = NULL;
	struct run run;

	enter_for_tc();
	before = list_pins(BPFFS);
	run = tool("exec -- tc filter add dev veth0 ingress bpf da obj %s sec classifier", path);
	ck_assert_int_ne(run.status, 0);
	free_run(&run);
	after = list_pins(BPFFS);
	ck_assert_str_eq(after, before);
	ck_assert_uint_eq(attached_program("veth0", TC_H_MIN_INGRESS), 0);

	run = tool("exec -- tc filter add dev veth0 ingress bpf da obj testdata/windows.o");
	ck_assert_int_ne(run.status, 0);
	ck_assert_ptr_nonnull(strstr(run.err, "elfmap: testdata/windows.o: "));
	free_run(&run);
}
END_TEST

/* --- libxdp -------------------------------------------------------------------------------- */

START_TEST(test_xdp_loader)
{
	struct object_file file = object_file_at(_i ? "testdata/xdp.btf.o" : "testdata/xdp.o");
	const struct expectation expectation = {
		.file = &file,
		.asked = outcome_program(file.object, "forward"),
		.type = BPF_PROG_TYPE_XDP,
		.only_held = true,
		.loader = LOADER_TC,
	};
	struct state state = { 0 };
	struct run run;

	require_stock("xdp-loader");
	enter_kernel();
	run = tool("exec -- xdp-loader load -m skb -s prog veth0 %s", file.path);
	assert_status(&run, 0);
	free_run(&run);
	state_add_program(&state, attached_xdp_program("veth0"));
	state_add_pins(&state, BPFFS "/tc");
	assert_state(&state, &expectation);
}
END_TEST

Suite *preload_stock_suite(void)
{
	Suite *suite = suite_of("preload_stock", test_incompatible_pin, test_reused_devmap,
				test_batch, test_graft, test_script, test_elfmap, test_long_name,
				test_refused);

	add_loop_test(suite, test_tc, nr_tc_cases());
	add_loop_test(suite, test_ip, nr_xdp_cases());
	add_loop_test(suite, test_pinning_database, 2);
	add_loop_test(suite, test_reuse, 4);
	add_loop_test(suite, test_route, 2);
	add_loop_test(suite, test_xdp_loader, 2);
	return suite;
}
