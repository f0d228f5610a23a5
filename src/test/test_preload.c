// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The preload library in programs that know nothing of elfmap: what they get of libbpf, what is theirs
 * to say, and what does not reach them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/compiler.h"
#include "test/outcome.h"
#include "test/preload_host.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/text_file.h"

/* Every way to open: the options of host/open, and whether the name is the file's. */
static const struct {
	const char *option;
	const char *call; /* as spied on where nothing is translated */
} ways[] = { { "", "open_file" }, { "-o", "open" }, { "-m", "open_mem" }, { "-s", NULL } };
#define NR_WAYS (sizeof(ways) / sizeof(ways[0]))
/* all but skeletons */
#define NR_SPIED (NR_WAYS - 1)

/* --- opening ------------------------------------------------------------------------------- */

/* libbpf refuses it, and takes it with the library; slots, pins and types are set. */
START_TEST(test_ways)
{
	struct run run = host_run(NULL, NULL, "open", "%s testdata/tailcalls.o", ways[_i].option);

	assert_status(&run, 1);
	assert_has(run.out, "failed: ");
	free_run(&run);

	run = host_run(NULL, "--", "open", "%s testdata/tailcalls.o", ways[_i].option);
	assert_status(&run, 0);
	assert_has(run.out, "map steps 3 /sys/fs/bpf/tc/globals/steps\n");
	assert_has(run.out, "map verdicts 3 /sys/fs/bpf/tc/"
			    "89a6db0d971dd5f528800497676e9f596c554597/verdicts\n");
	assert_has(run.out, "program accept 0xabccba/0 3\n");
	assert_has_not(run.err, "elfmap");
	free_run(&run);
}
END_TEST

/* Names are those that libbpf gives. */
START_TEST(test_names)
{
	static const char *const names[NR_WAYS] = { "counter", "counter", NULL, "skeleton" };
	struct run run = host_run(NULL, "", "open", "%s testdata/counter.o", ways[_i].option);
	char *call CLEANUP(cleanup_free) = line_of(run.out, "open_mem");
	char *name CLEANUP(cleanup_free) = line_of(run.out, "object");
	unsigned long address, size;
	char expected[64];

	assert_status(&run, 0);
	if (!names[_i]) {
		ck_assert_int_eq(sscanf(call, "open_mem %lx %lu", &address, &size), 2);
		snprintf(expected, sizeof(expected), "%lx-%lx", address, size);
		/* libbpf keeps what the kernel takes */
		ck_assert_msg(!strncmp(name + strlen("object "), expected, 15), "%s", name);
	} else {
		ck_assert_str_eq(name + strlen("object "), names[_i]);
	}
	free_run(&run);
	run = host_run(NULL, "", "open", "%s -n own testdata/counter.o", ways[_i].option);
	if (strcmp(ways[_i].option, "-o") != 0)
		assert_has(run.out, "object own\n");
	free_run(&run);
}
END_TEST

/* Options that end before any name, as those of a program that was built long ago may. */
START_TEST(test_short_opts)
{
	struct run run =
		host_run(NULL, "--", "open", "-z 8 %s testdata/counter.o", ways[_i].option);

	assert_status(&run, 0);
	assert_has(run.out, "map packets 2 /sys/fs/bpf/tc/globals/packets\n");
	free_run(&run);
	if (strcmp(ways[_i].option, "-o") == 0)
		return;
	/* those that libbpf refuses are its to refuse */
	run = host_run(NULL, "--", "open", "-z 4 %s testdata/counter.o", ways[_i].option);
	assert_status(&run, 1);
	ck_assert_str_eq(strstr(run.out, "failed: "), "failed: 22\n");
	assert_has(run.err, "libbpf: bpf_object_open_opts size (4) is too small\n");
	ck_assert_uint_eq(nr_lines(run.err, "elfmap: "), 1);
	free_run(&run);
}
END_TEST

/* --- as it is ------------------------------------------------------------------------------ */

/* What a sanitizer has to say of a library that comes before its own, when the tool has one. */
#define SANITIZED "ASAN_OPTIONS=verify_asan_link_order=0"

static char *spy_variable(void)
{
	char *spy CLEANUP(cleanup_free) = built_file("host/spy.so"), *variable;

	ck_assert_int_gt(asprintf(&variable, "LD_PRELOAD=%s", spy), 0);
	return variable;
}

/*
 * What is modern, converted, damaged, or no object at all reaches libbpf by the call and with the
 * arguments that the program made, as a preload library of the user's own sees that is behind ours.
 */
START_TEST(test_untouched)
{
	static const char *const files[] = { "modern", "converted", "cut", "text" };
	struct test_object cut;
	struct object_file file = object_file_at("testdata/counter.btf.o");
	char *spy CLEANUP(cleanup_free) = spy_variable();
	const char *const environment[] = { spy, SANITIZED, NULL };
	const char *paths[] = { "testdata/nomaps.btf.o", "", scratch_path("cut.o"), "README.md" };
	size_t way = (size_t)_i % NR_SPIED, which = (size_t)_i / NR_SPIED;
	char *made CLEANUP(cleanup_free) = NULL;
	char *seen CLEANUP(cleanup_free) = NULL;
	struct run run;

	cut = object_load("counter");
	cut.size /= 2;
	scratch_object("cut.o", cut);
	paths[1] = scratch_path("counter.o");
	run = tool("convert %s %s", file.path, paths[1]);
	assert_status(&run, 0);
	free_run(&run);

	run = host_run(environment, "--", "open", "%s %s", ways[way].option, paths[which]);
	assert_status(&run, which < 2 ? 0 : 1);
	made = line_of(run.out, ways[way].call);
	seen = line_of(run.err, ways[way].call);
	ck_assert_msg(*made && !strcmp(made, seen), "%s: made: %s, seen: %s", files[which], made,
		      seen);
	/* libbpf's open calls open_file by itself */
	ck_assert_uint_eq(nr_lines(run.err, "open"), strcmp(ways[way].call, "open") ? 1 : 2);
	/* those that cannot be read have a line */
	ck_assert_uint_eq(nr_lines(run.err, "elfmap: "), which < 2 ? 0 : 1);
	free_run(&run);
}
END_TEST

/* What is translated reaches it as another buffer, with a copy of the options. */
START_TEST(test_translated)
{
	char *spy CLEANUP(cleanup_free) = spy_variable();
	const char *const environment[] = { spy, SANITIZED, NULL };
	struct run run = host_run(environment, "", "open", "-m testdata/counter.o");
	char *made CLEANUP(cleanup_free) = line_of(run.out, "open_mem");
	char *seen CLEANUP(cleanup_free) = line_of(run.err, "open_mem");

	assert_status(&run, 0);
	ck_assert(*made && *seen);
	ck_assert_str_ne(made, seen);
	ck_assert_uint_eq(nr_lines(run.err, "open"), 1);
	free_run(&run);
}
END_TEST

/* The same for calls that a library makes, which is linked to the program. */
START_TEST(test_library_calls)
{
	char *library CLEANUP(cleanup_free) = built_file("host/libopen.so");
	char *directory CLEANUP(cleanup_free) = built_file("host");
	char *spy CLEANUP(cleanup_free) = spy_variable();
	const char *const environment[] = { spy, NULL };
	char *command CLEANUP(cleanup_free) = NULL;
	const char *path = scratch_path("open");
	struct run run;

	if (compiler_sanitizes())
		test_skip("what is preloaded comes before the sanitizer's runtime");
	ck_assert_int_gt(asprintf(&command, "%s -Isrc -o %s src/test/host/main.c %s -Wl,-rpath,%s",
				  compiler(COMPILER_C), path, library, directory),
			 0);
	run = run("sh", "-c", command);
	assert_status(&run, 0);
	free_run(&run);
	run = host_run(environment, "--", path, "testdata/counter.o");
	assert_status(&run, 0);
	assert_has(run.out, "map packets 2 ");
	ck_assert_uint_eq(nr_lines(run.err, "open_mem "), 1);
	free_run(&run);
}
END_TEST

/* The errors are libbpf's. */
START_TEST(test_errors)
{
	static const char *const paths[] = { "/nonexistent.o", "/etc", "testdata/windows.o",
					     "testdata/counter.be.o", "README.md" };
	const char *path = paths[_i];
	struct run alone = host_run(NULL, NULL, "open", "%s", path);
	struct run run = host_run(NULL, "--", "open", "%s", path);
	char *expected CLEANUP(cleanup_free) = line_of(alone.out, "failed:");
	char *failed CLEANUP(cleanup_free) = line_of(run.out, "failed:");

	assert_status(&alone, 1);
	assert_status(&run, 1);
	ck_assert_str_ne(failed, "");
	ck_assert_str_eq(failed, expected);
	ck_assert_msg(nr_lines(run.err, "elfmap: ") == 1, "%s", run.err);
	/* and libbpf says what it said before */
	assert_has(run.err, alone.err);
	free_run(&alone);
	free_run(&run);
}
END_TEST

/* A FIFO is no object, and what is in it is for its reader: nobody waits for a second writer. */
START_TEST(test_fifo)
{
	const char *path = scratch_path("fifo");
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	char *script CLEANUP(cleanup_free) = NULL;
	const char *words[] = { tool_path(), "exec", "--", "sh", "-c", NULL, NULL };
	struct run run;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_gt(asprintf(&script, "cat testdata/counter.o >%s & timeout 30 %s %s", path,
				  host, path),
			 0);
	words[5] = script;
	run = run_command(words, NULL);
	assert_status(&run, 1);
	free_run(&run);
}
END_TEST

/* --- what is the program's to say ---------------------------------------------------------- */

START_TEST(test_pins)
{
	static const struct {
		const char *exec, *words, *steps;
	} rows[] = {
		{ "--", "", "/sys/fs/bpf/tc/globals/steps" },
		{ "--pin-policy auto --", "", "/sys/fs/bpf/tc/globals/steps" },
		{ "--pin-policy none --", "", "-" },
		{ "--", "-r /sys/fs/bpf/mine", "/sys/fs/bpf/mine/steps" },
		{ "--pin-policy none --", "-r /sys/fs/bpf/mine", "-" },
		{ "--", "-p steps", "-" },
	};
	struct run run =
		host_run(NULL, rows[_i].exec, "open", "%s testdata/tailcalls.o", rows[_i].words);
	char expected[128];

	assert_status(&run, 0);
	snprintf(expected, sizeof(expected), "map steps 3 %s\n", rows[_i].steps);
	assert_has(run.out, expected);
	free_run(&run);
}
END_TEST

/* Those of BTF-defined maps beside legacy ones are libbpf's. */
START_TEST(test_native_pins)
{
	struct run run = host_run(NULL, "--pin-policy none --", "open",
				  "-r /sys/fs/bpf/mine testdata/mixed_order.btf.o");

	assert_status(&run, 0);
	assert_has(run.out, "map new_marks 1 /sys/fs/bpf/mine/new_marks\n");
	ck_assert_uint_ge(nr_lines(run.out, "map old_"), 2);
	assert_has_not(run.out, "/old_");
	free_run(&run);
}
END_TEST

/* --- loading ------------------------------------------------------------------------------- */

/* A loader is generated instead: there is no slot to be filled in the kernel. */
START_TEST(test_generated_loader)
{
	struct run run =
		host_run(NULL, "--pin-policy none --", "open", "-g -l -t 3 testdata/tailcalls.o");

	assert_status(&run, 0);
	assert_has_not(run.err, "elfmap");
	free_run(&run);
}
END_TEST

/*
 * The kernel adds a flag to a pinned devmap, which libbpf before 1.7 takes for a difference; without the
 * pin there is none to be told of.
 */
START_TEST(test_devmap)
{
	static const char *const words[] = { "-l -t 6", "-l -t 6", "-l -t 6 -p ports" };

	enter_kernel();
	for (size_t i = 0; i < 3; i++) {
		struct run run = host_run(NULL, "--", "open", "%s testdata/xdp.o", words[i]);

		assert_status(&run, 0);
		ck_assert_str_eq(run.err, "");
		free_run(&run);
	}
}
END_TEST

/* A program that is told not to be loaded leaves its slot empty, and nothing fails. */
START_TEST(test_load)
{
	struct run run;

	enter_kernel();
	run = host_run(NULL, "-v --", "open", "-l -t 3 testdata/tailcalls.o");
	assert_status(&run, 0);
	ck_assert_uint_eq(nr_lines(run.out, "slot "), 4);
	assert_has(run.err, "elfmap: tailcalls: slots stored after the load: 4\n");
	free_run(&run);
	free(output_of("rm -r " BPFFS "/tc"));

	run = host_run(NULL, "--", "open", "-l -t 3 -x decide testdata/tailcalls.o");
	assert_status(&run, 0);
	ck_assert_uint_eq(nr_lines(run.out, "slot "), 3);
	ck_assert_uint_eq(nr_lines(run.out, "slot steps 0"), 1);
	ck_assert_uint_eq(nr_lines(run.out, "slot steps 1"), 0);
	free_run(&run);
}
END_TEST

START_TEST(test_load_nested)
{
	struct run run;

	enter_kernel();
	run = host_run(NULL, "--", "open", "%s -l testdata/nested.o", ways[_i].option);
	assert_status(&run, 0);
	ck_assert_uint_eq(nr_lines(run.out, "slot by_direction "), 2);
	ck_assert_uint_eq(nr_lines(run.out, "slot mirror "), 2);
	free_run(&run);
}
END_TEST

/* --- the environment ----------------------------------------------------------------------- */

/* Without elfmap exec, which looks at them itself; see suite exec. */
START_TEST(test_settings)
{
	static const struct {
		const char *variable;
		int status;
		const char *said; /* NULL: nothing */
		size_t nr_lines;
	} rows[] = {
		{ "ELFMAP_LOG=info", 0, "testdata/counter.o: translated: legacy maps 1 of 1", 2 },
		{ "ELFMAP_LOG=debug", 0, "map packets: array, key 4, value 8, max_entries 1", 2 },
		{ "ELFMAP_LOG=warning", 0, NULL, 0 },
		{ "ELFMAP_LOG=error", 0, NULL, 0 },
		{ "ELFMAP_LOG=", 0, NULL, 0 },
		{ "ELFMAP_LOG=loud", 0, "ELFMAP_LOG=loud: expected error, warning, info or debug",
		  1 },
		{ "ELFMAP_PIN_POLICY=some", 1, "ELFMAP_PIN_POLICY=some: expected auto or none", 2 },
		{ "ELFMAP_LAYOUT=nosuch", 1, "ELFMAP_LAYOUT=nosuch: expected one that \"elfmap",
		  2 },
		{ "ELFMAP_LAYOUT=bpf_elf_map36", 0, NULL, 0 },
	};
	char *library CLEANUP(cleanup_free) = built_file("elfmap-preload.so");
	char *preload CLEANUP(cleanup_free) = NULL;
	const char *environment[] = { NULL, rows[_i].variable, NULL };
	struct run run;

	ck_assert_int_gt(asprintf(&preload, "LD_PRELOAD=%s", library), 0);
	environment[0] = preload;
	run = host_run(environment, NULL, "open", "testdata/counter.o");
	assert_status(&run, rows[_i].status);
	ck_assert_msg(nr_lines(run.err, "elfmap: ") == rows[_i].nr_lines, "%s", run.err);
	if (rows[_i].said)
		assert_has(run.err, rows[_i].said);
	if (rows[_i].status)
		assert_has(run.err, "elfmap: BPF objects are opened as they are\n");
	free_run(&run);
}
END_TEST

/* The layout decides how definitions are read. */
START_TEST(test_layout)
{
	struct run run = host_run(NULL, "-v --layout aya28 --", "open", "testdata/aya28.o");

	assert_status(&run, 0);
	assert_has(run.err, "read as aya28, to be pinned as /sys/fs/bpf/");
	free_run(&run);
}
END_TEST

/* Nobody reads stderr any more: a program that never writes there is not ended for a line of ours. */
START_TEST(test_broken_pipe)
{
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	char *script CLEANUP(cleanup_free) = NULL;
	char *status CLEANUP(cleanup_free) = NULL;
	const char *out = scratch_path("status"), *gone = scratch_path("gone");
	struct run run;

	/* the right side ends first, and says so */
	ck_assert_int_gt(asprintf(&script,
				  "mkfifo %s; { cat %s; %s exec -- %s -q testdata/windows.o; "
				  "echo $? >%s; } 2>&1 >/dev/null | { exec 0<&-; : >%s; }",
				  gone, gone, tool_path(), host, out, gone),
			 0);
	run = run("sh", "-c", script);
	status = file_text(out);
	ck_assert_str_eq(status, "1\n");
	free_run(&run);
}
END_TEST

Suite *preload_suite(void)
{
	Suite *suite = suite_of("preload", test_translated, test_library_calls, test_native_pins,
				test_load, test_layout, test_broken_pipe, test_devmap,
				test_generated_loader, test_fifo);

	add_loop_test(suite, test_ways, NR_WAYS);
	add_loop_test(suite, test_names, NR_WAYS);
	add_loop_test(suite, test_short_opts, NR_WAYS);
	add_loop_test(suite, test_untouched, 4 * NR_SPIED);
	add_loop_test(suite, test_errors, 5);
	add_loop_test(suite, test_pins, 6);
	add_loop_test(suite, test_load_nested, NR_WAYS);
	add_loop_test(suite, test_settings, 9);
	return suite;
}
