// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The examples, built as they are and run on objects of testdata: what they print, and what is in the
 * kernel then. */
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/kernel.h"
#include "test/run.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/text_file.h"

static struct run run_example(const char *name, const char *first, const char *second,
			      const char *third)
{
	char *path CLEANUP(cleanup_free) = NULL, *file CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&file, "examples/%s", name), 0);
	path = built_file(file);
	return run(path, first, second, third);
}

static void check_output(const struct run *run, int status, const char *out, const char *err)
{
	assert_status(run, status);
	ck_assert_str_eq(run->out, out);
	ck_assert_msg(strstr(run->err, err) && (*err || !*run->err), "\"%s\" is not \"%s\"",
		      run->err, err);
}

START_TEST(test_minimal)
{
	struct program_info program;
	struct run run;
	__u32 id;

	enter_kernel();
	run = run_example("minimal", "veth0", "testdata/elf36.o", "enter");
	assert_status(&run, 0);
	free_run(&run);
	id = attached_program("veth0", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS));
	ck_assert_uint_ne(id, 0);
	program = program_info_of_id(id);
	ck_assert_str_eq(program.name, "enter");
	ck_assert_uint_eq(program.nr_maps, 3);
	ck_assert_uint_eq(map_info_of_pin("/sys/fs/bpf/tc/globals/peers").max_entries, 512);
	run = run_example("minimal", "veth0", "testdata/none.o", "enter");
	check_output(&run, 1, "", "testdata/none.o: cannot open: No such file or directory\n");
	free_run(&run);
}
END_TEST

START_TEST(test_own_format)
{
	static const char maps[] = "packets: type 2, key 4, value 8, entries 3, flags 0\n"
				   "flows: type 1, key 4, value 8, entries 512, flags 0x1\n"
				   "stages: type 3, key 4, value 4, entries 2, flags 0\n";
	struct run run;

	enter_kernel();
	run = run_example("own_format", "testdata/vendor.o", NULL, NULL);
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, maps);
	free_run(&run);
	run = run_example("own_format", "--by-name", "testdata/vendor.btf.o", NULL);
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, maps);
	free_run(&run);
	/* no names without BTF */
	run = run_example("own_format", "--by-name", "testdata/vendor.o", NULL);
	check_output(&run, 1, "", "map \"packets\": no member \"kind\"\n");
	free_run(&run);
}
END_TEST

START_TEST(test_own_pins)
{
	struct run run;
	char *pins;
	__u32 id;

	enter_kernel();
	run = run_example("own_pins", "testdata/elf36.o", "/sys/fs/bpf/mine", NULL);
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "scratch: /sys/fs/bpf/mine/elf36/scratch\n"
				  "stats: /sys/fs/bpf/mine/shared/stats\n"
				  "peers: /sys/fs/bpf/mine/shared/peers\n");
	free_run(&run);
	pins = list_pins("/sys/fs/bpf/mine");
	ck_assert_ptr_nonnull(strstr(pins, "elf36/scratch"));
	ck_assert_ptr_nonnull(strstr(pins, "shared/stats"));
	ck_assert_ptr_nonnull(strstr(pins, "shared/peers"));
	free(pins);
	id = map_info_of_pin("/sys/fs/bpf/mine/shared/stats").id;
	run = run_example("own_pins", "testdata/elf36.o", "/sys/fs/bpf/mine", NULL);
	assert_status(&run, 0);
	free_run(&run);
	ck_assert_uint_eq(map_info_of_pin("/sys/fs/bpf/mine/shared/stats").id, id);
	run = run_example("own_pins", "testdata/nested.o", "/sys/fs/bpf/mine", NULL);
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.out, "by_mark: not pinned\n"));
	free_run(&run);
}
END_TEST

START_TEST(test_threads)
{
	struct run run;

	enter_kernel();
	run = run_example("threads", "testdata/elf36.o", "stats", NULL);
	check_output(&run, 0, "thread 0: 1000\nthread 1: 1000\n", "");
	free_run(&run);
	run = run_example("threads", "testdata/elf36.o", "statistics", NULL);
	assert_status(&run, 1);
	free_run(&run);
}
END_TEST

/* The loader in the README is the one that is built and run here. */
START_TEST(test_readme)
{
	char *example CLEANUP(cleanup_free) = file_text("examples/minimal.c");
	char *readme CLEANUP(cleanup_free) = file_text("README.md");
	const char *code = strstr(example, "#include");

	ck_assert_ptr_nonnull(code);
	ck_assert_ptr_nonnull(strstr(readme, code));
}
END_TEST

Suite *examples_suite(void)
{
	return suite_of("examples", test_minimal, test_own_format, test_own_pins, test_threads,
			test_readme);
}
