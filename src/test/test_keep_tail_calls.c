// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Prog arrays that nothing pins: the kernel empties them when the tool ends, which is said, unless
 * --keep-tail-calls pins them in the object's namespace.
 */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/* classifier -> 42/0 -> 42/1, through an array that has no pin */
#define OBJECT "testdata/elf20.o"
#define ADD "tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj " OBJECT
#define REPLACE "tc filter replace dev veth0 ingress prio 1 handle 1 bpf da obj " OBJECT

/* The keys of its map `counts`. */
enum {
	ENTRY,
	FIRST,
	SECOND,
};

/* What is pinned below tc: "<sha1>/jumps" and nothing else. For free(). */
static char *path_of_pin(void)
{
	struct elfmap_object *object = open_name("elf20");
	const __u8 *sha1 = elfmap_object__sha1(object);
	char *path = strdup(BPFFS "/tc/");

	for (size_t i = 0; i < 20; i++) {
		char *longer;

		ck_assert_int_gt(
			asprintf(&longer, "%s%02x%s", path, sha1[i], i < 19 ? "" : "/jumps"), 0);
		free(path);
		path = longer;
	}
	elfmap_object__close(object);
	return path;
}

/* The only pin is that of the array. */
static void assert_pinned(const char *path)
{
	char *pins CLEANUP(cleanup_free) = list_pins(BPFFS);

	ck_assert_uint_eq(strlen(pins), strlen(path) - strlen(BPFFS "/") + 1);
	ck_assert_int_eq(strncmp(pins, path + strlen(BPFFS "/"), strlen(pins) - 1), 0);
}

/* A descriptor of the map of the attached program that has this name. */
static int map_in_use(const char *name)
{
	struct state state = { 0 };

	state_add_program(&state, attached_program("veth0", TC_H_MIN_INGRESS));
	return open_map(state_map(&state, name));
}

static void receive(void)
{
	send_packet("veth1", ETH_P_IP, IPPROTO_UDP);
}

/* The array is named, and the option; packets go no further than the filter. */
START_TEST(test_lost)
{
	int counts CLEANUP(cleanup_fd) = -1;
	int jumps CLEANUP(cleanup_fd) = -1;
	char *pins CLEANUP(cleanup_free) = NULL;
	struct run run;

	enter_with_clsact();
	run = tool(ADD);
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, OBJECT ": prog array jumps is not pinned"), "%s", run.err);
	ck_assert_ptr_nonnull(strstr(run.err, "\n  --keep-tail-calls "));
	free_run(&run);
	counts = map_in_use("counts");
	jumps = map_in_use("jumps");
	/* the kernel does it some time after the last descriptor went */
	wait_until(!slot_id(jumps, 0) && !slot_id(jumps, 1));
	receive();
	wait_until(map_counter(counts, ENTRY) == 1);
	ck_assert_uint_eq(map_counter(counts, FIRST), 0);
	pins = list_pins(BPFFS);
	ck_assert_str_eq(pins, "");
}
END_TEST

/* Wherever it stands, the tail calls are there when the tool has ended. */
START_TEST(test_kept)
{
	static const char *const lines[] = {
		"--keep-tail-calls " ADD,
		"tc --keep-tail-calls filter add dev veth0 ingress bpf da obj " OBJECT,
		"tc filter add dev veth0 --keep-tail-calls ingress bpf da obj " OBJECT,
		ADD " --keep-tail-calls",
	};
	char *path CLEANUP(cleanup_free) = path_of_pin();
	int counts CLEANUP(cleanup_fd) = -1;
	int jumps CLEANUP(cleanup_fd) = -1;

	enter_with_clsact();
	tool_works("%s", lines[_i]);
	assert_pinned(path);
	jumps = open_pin(path);
	ck_assert_str_eq(program_info_of_id(slot_id(jumps, 0)).name, "first");
	ck_assert_str_eq(program_info_of_id(slot_id(jumps, 1)).name, "second");
	counts = map_in_use("counts");
	receive();
	wait_until(map_counter(counts, SECOND) == 1);
	ck_assert_uint_eq(map_counter(counts, FIRST), 1);
}
END_TEST

/* A second load finds the array that is there, and puts its own programs into it. */
START_TEST(test_reused)
{
	char *path CLEANUP(cleanup_free) = path_of_pin();
	int jumps CLEANUP(cleanup_fd) = -1;
	__u32 array, first, filter;

	enter_with_clsact();
	tool_works(ADD " --keep-tail-calls");
	array = map_info_of_pin(path).id;
	jumps = open_pin(path);
	first = slot_id(jumps, 0);
	filter = attached_program("veth0", TC_H_MIN_INGRESS);
	tool_works(REPLACE " --keep-tail-calls");
	assert_pinned(path);
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), filter);
	ck_assert_uint_eq(map_info_of_pin(path).id, array);
	ck_assert_uint_ne(slot_id(jumps, 0), first);
	ck_assert_uint_ne(slot_id(jumps, 0), 0);
	ck_assert_uint_ne(slot_id(jumps, 1), 0);
}
END_TEST

/* A load that fails takes the pin and its directory back. */
START_TEST(test_taken_back)
{
	enter_kernel();
	assert_kernel_refusal_with_details(
		tool("--keep-tail-calls tc --no-qdisc filter add dev veth0 ingress bpf da obj " OBJECT),
		"veth0");
	assert_tree("");
}
END_TEST

/* Nothing is said, and nothing pinned, where there is nothing to lose. */
START_TEST(test_nothing_to_keep)
{
	static const char *const objects[] = { "counter", "demo", "elf28", "tailcalls" };
	static const char *const sections[] = { "ingress", "ingress", "ingress", "classifier" };

	enter_with_clsact();
	for (size_t i = 0; i < 4; i++) {
		char *pins CLEANUP(cleanup_free) = NULL;
		char *same CLEANUP(cleanup_free) = NULL;

		tool_works("tc filter replace dev veth0 ingress prio 1 handle 1 bpf da obj "
			   "testdata/%s.o sec %s",
			   objects[i], sections[i]);
		pins = list_pins(BPFFS);
		tool_works("--keep-tail-calls tc filter replace dev veth0 ingress prio 1 handle 1 "
			   "bpf da obj testdata/%s.o sec %s",
			   objects[i], sections[i]);
		same = list_pins(BPFFS);
		ck_assert_str_eq(same, pins);
	}
}
END_TEST

/* --- elfmap load ------------------------------------------------------------------------------ */

/* What is in its slots stays then, though nothing else of the object does. */
START_TEST(test_load)
{
	char *path CLEANUP(cleanup_free) = path_of_pin();
	int jumps CLEANUP(cleanup_fd) = -1;
	struct run run;

	enter_kernel();
	run = tool(_i ? "--keep-tail-calls load " OBJECT : "load " OBJECT " --keep-tail-calls");
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.out, path), "%s", run.out);
	free_run(&run);
	assert_pinned(path);
	jumps = open_pin(path);
	ck_assert_str_eq(program_info_of_id(slot_id(jumps, 0)).name, "first");
	ck_assert_str_eq(program_info_of_id(slot_id(jumps, 1)).name, "second");
}
END_TEST

/* Where the programs stay it is the array that is missed, if it was told to be pinned nowhere. */
START_TEST(test_load_pins_programs)
{
	char *path CLEANUP(cleanup_free) = path_of_pin();
	struct run run;

	enter_kernel();
	run = tool("load " OBJECT " --pin-dir " BPFFS "/a");
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
	run = tool("load " OBJECT " --pin-dir " BPFFS "/b --pin-path jumps=");
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "prog array jumps is not pinned"), "%s", run.err);
	free_run(&run);
	run = tool("load " OBJECT " --pin-dir " BPFFS "/c --pin-path jumps= --keep-tail-calls");
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
	close(open_pin(path));
}
END_TEST

START_TEST(test_help)
{
	char *out CLEANUP(cleanup_free) = tool_output("load --help");

	ck_assert_ptr_nonnull(strstr(out, "--keep-tail-calls"));
}
END_TEST

Suite *keep_tail_calls_suite(void)
{
	Suite *suite = suite_of("keep_tail_calls", test_lost, test_reused, test_taken_back,
				test_nothing_to_keep, test_load_pins_programs, test_help);

	add_loop_test(suite, test_kept, 4);
	add_loop_test(suite, test_load, 2);
	return suite;
}
