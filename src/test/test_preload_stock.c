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
#include "test/namespace.h"
#include "test/outcome.h"
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
	if (!strcmp(file->object->name, "text_only"))
		return "section .text is \"text\" to this program";
	return NULL;
}

static void assert_said(const struct object_file *file, const char *err)
{
	const char *warning = expected_warning(file);

	ck_assert_msg(warning ? strstr(err, warning) != NULL : is_quiet(err), "%s", err);
}

/*
 * Each program of each object that tc can attach. Where it was asked for a section that is tail-called,
 * stock tc stores that as well.
 */
START_TEST(test_tc)
{
	const struct outcome_program *program;
	struct object_file file = tc_case((size_t)_i, &program);
	const struct expectation expectation = {
		.file = &file,
		.asked = program,
		.stores_asked = true,
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

Suite *preload_stock_suite(void)
{
	Suite *suite = make_suite("preload_stock", NULL, 0);

	add_loop_test(suite, test_tc, nr_tc_cases());
	add_loop_test(suite, test_ip, nr_xdp_cases());
	return suite;
}
