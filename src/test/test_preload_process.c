// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The preload library in processes: threads, plugins, other libraries and their names, children, and
 * its own files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/compiler.h"
#include "test/exports.h"
#include "test/preload_host.h"
#include "test/scratch.h"
#include "test/tests.h"

START_TEST(test_threads)
{
	struct run run = host_run(NULL, "--", "threads",
				  "testdata/counter.o testdata/mixed.btf.o testdata/elf36.btf.o "
				  "testdata/tailcalls.o");

	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "640 opened, 0 descriptors left\n");
	assert_has_not(run.err, "elfmap");
	free_run(&run);
}
END_TEST

/* libbpf is seen by a plugin alone. */
START_TEST(test_plugin)
{
	char *library CLEANUP(cleanup_free) = built_file("host/libopen.so");
	struct run run = host_run(NULL, "--", "plugin", "%s testdata/counter.o", library);

	assert_status(&run, 0);
	assert_has(run.out, "map packets 2 /sys/fs/bpf/tc/globals/packets\n");
	free_run(&run);
}
END_TEST

/*
 * A copy of libbpf with a name of its own. Linked to the program it is the one that the engine finds
 * as well; where only a plugin sees it that is told, and nothing is mixed. A plugin whose calls go to
 * the program's libbpf, as the dynamic linker has it, does not use its own for some of them.
 */
START_TEST(test_private_libbpf)
{
	static const char script[] =
		"dir=%s host=%s cc='%s -D_GNU_SOURCE -Isrc' out=%s; "
		"libbpf=$(ldd $host/open | sed -n 's/.*libbpf.so.1 => \\([^ ]*\\).*/\\1/p'); "
		"sed 's/libbpf\\.so\\.1/libown.so.1/g' $libbpf >$dir/libown.so.1 && "
		"$cc $out src/test/host/open.c $dir/libown.so.1 -Wl,-rpath,$dir";
	char *host CLEANUP(cleanup_free) = built_file("host");
	char *command CLEANUP(cleanup_free) = NULL;
	char *words CLEANUP(cleanup_free) = NULL;
	const char *path = scratch_path("open");
	struct run run;

	if (compiler_sanitizes())
		test_skip("what is preloaded comes before the sanitizer's runtime");
	ck_assert_int_gt(asprintf(&words, "'-o %s %s'", path,
				  _i ? "-fPIC -shared" : "src/test/host/main.c"),
			 0);
	ck_assert_int_gt(asprintf(&command, script, scratch_directory(), host, compiler(COMPILER_C),
				  words),
			 0);
	run = run("sh", "-c", command);
	assert_status(&run, 0);
	free_run(&run);
	run = host_run(NULL, "--", _i ? "plugin" : path, "%s %s testdata/counter.o",
		       _i == 2 ? "-g" : "", _i ? path : "");
	if (_i != 1) {
		assert_status(&run, 0);
		assert_has(run.out, "map packets 2 /sys/fs/bpf/tc/globals/packets\n");
		ck_assert_str_eq(run.err, "");
	} else {
		assert_status(&run, 1);
		assert_has(run.err, "elfmap: this program calls the libbpf at ");
		assert_has(run.err, "libbpf: elf: legacy map definitions in 'maps' section");
		ck_assert_uint_eq(nr_lines(run.err, "elfmap: "), 1);
	}
	free_run(&run);
}
END_TEST

/* The program sees seven names of ours, and none of what the engine brought. */
START_TEST(test_no_names)
{
	struct run run = host_run(NULL, "--", "names",
				  "testdata/counter.o elfmap_open_file elfmap_set_log translate "
				  "elfmap_preload_engine SHA1Init SHA1Data mnl_socket_open "
				  "elf_begin bpf_object__open_file bpf_object__close gelf_getehdr");

	assert_status(&run, 0);
	ck_assert_uint_eq(nr_lines(run.out, "elfmap"), 0);
	ck_assert_uint_eq(nr_lines(run.out, "SHA1"), 0);
	ck_assert_uint_eq(nr_lines(run.out, "mnl"), 0);
	ck_assert_uint_eq(nr_lines(run.out, "translate"), 0);
	/* that the test can see something: what is interposed, and what is libbpf's */
	assert_has(run.out, "elf_begin elfmap-preload.so\n");
	assert_has(run.out, "bpf_object__open_file elfmap-preload.so\n");
	assert_has(run.out, "bpf_object__close libbpf.so.1");
	assert_has(run.out, "gelf_getehdr libelf");
	free_run(&run);
}
END_TEST

/* The names that a library gives away, each with its kind. */
static char *names_of(const char *library)
{
	char *command CLEANUP(cleanup_free) = NULL;
	struct run run;
	char *names;

	if (!have_command("nm"))
		test_skip("no nm here");
	ck_assert_int_gt(
		asprintf(&command, "nm -D --defined-only -P %s | cut -d' ' -f1,2", library), 0);
	run = run("sh", "-c", command);
	assert_status(&run, 0);
	names = take_ptr(run.out);
	free_run(&run);
	return names;
}

/* What comes into every process needs nothing but the C library, and has no other names. */
START_TEST(test_library)
{
	char *preload CLEANUP(cleanup_free) = built_file("elfmap-preload.so");
	char *engine CLEANUP(cleanup_free) = built_file("elfmap-preload-engine.so");
	char *names CLEANUP(cleanup_free) = names_of(preload);
	char *engine_names CLEANUP(cleanup_free) = names_of(engine);
	struct dynamic dynamic = dynamic_of(preload);

	ck_assert_str_eq(names, "bpf_object__load T\n"
				"bpf_object__load_skeleton T\n"
				"bpf_object__open T\n"
				"bpf_object__open_file T\n"
				"bpf_object__open_mem T\n"
				"bpf_object__open_skeleton T\n"
				"elf_begin T\n");
	ck_assert_msg(!strstr(dynamic.needed, "bpf") && !strstr(dynamic.needed, "elf") &&
			      !strstr(dynamic.needed, "libmd") &&
			      /* that of the C library is not in programs of another one */
			      !strstr(dynamic.needed, "ld-") && !dynamic.own_path,
		      "%s", dynamic.needed);
	ck_assert_str_eq(engine_names, "elfmap_preload_engine D\n");
	/* of what it needs besides, a program may have another by the same names */
	dynamic = dynamic_of(engine);
	ck_assert_msg(!strstr(dynamic.needed, "libmd"), "%s", dynamic.needed);
	ck_assert(strstr(dynamic.needed, "libbpf.so.1 ") && !dynamic.own_path);
}
END_TEST

/* A child of a child, by a shell that knows nothing of BPF; bound at once or when needed. */
START_TEST(test_grandchild)
{
	static const char *const environments[][2] = { { "LD_BIND_NOW=1", NULL }, { NULL } };
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	char *script CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_gt(asprintf(&script, "sh -c '%s testdata/counter.o; exit 3'", host), 0);
	run = run_command((const char *const[]){ tool_path(), "exec", "--", "sh", "-c", script,
						 NULL },
			  environments[_i]);
	assert_status(&run, 3);
	assert_has(run.out, "map packets 2 ");
	assert_has_not(run.err, "elfmap");
	free_run(&run);
}
END_TEST

/* Without its engine the library says so, and all goes on as without it. */
START_TEST(test_no_engine)
{
	char *preload CLEANUP(cleanup_free) = built_file("elfmap-preload.so");
	const char *lonely = scratch_path("elfmap-preload.so");
	char *variable CLEANUP(cleanup_free) = NULL;
	struct run run;

	free(output_of("cp %s %s", preload, lonely));
	ck_assert_int_gt(asprintf(&variable, "LD_PRELOAD=%s", lonely), 0);
	run = host_run((const char *const[]){ variable, NULL }, NULL, "open", "testdata/nomaps.o");
	assert_status(&run, 0);
	assert_has(run.err, "elfmap: ");
	assert_has(run.err, "elfmap-preload-engine.so cannot be loaded, BPF objects are opened as "
			    "they are: ");
	free_run(&run);
}
END_TEST

Suite *preload_process_suite(void)
{
	Suite *suite = suite_of("preload_process", test_threads, test_plugin, test_no_names,
				test_library, test_no_engine);

	add_loop_test(suite, test_grandchild, 2);
	add_loop_test(suite, test_private_libbpf, 3);
	return suite;
}
