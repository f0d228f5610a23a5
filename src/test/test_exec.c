// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap exec: what it runs, what it runs in it, what becomes of status, signals and environment; and
 * what it does not run, as that could not be helped.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/compiler.h"
#include "test/outcome.h"
#include "test/preload_host.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/stock.h"
#include "test/tests.h"

/* Run elfmap exec -- sh -c SCRIPT. */
static struct run exec_script(const char *const *environment, const char *script)
{
	return run_command((const char *const[]){ tool_path(), "exec", "--", "sh", "-c", script,
						  NULL },
			   environment);
}

/* --- what is the command's ------------------------------------------------------------------ */

START_TEST(test_status)
{
	static const struct {
		const char *script;
		int status;
	} rows[] = {
		{ "exit 0", 0 },
		{ "exit 42", 42 },
		{ "exit 255", 255 },
		{ "kill -TERM $$", 128 + SIGTERM },
		{ "kill -KILL $$", 128 + SIGKILL },
	};
	struct run run = exec_script(NULL, rows[_i].script);

	assert_status(&run, rows[_i].status);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST

/* The command is this very process, with its arguments, whatever they look like. */
START_TEST(test_arguments)
{
	struct run run =
		run_command((const char *const[]){ tool_path(), "exec", "printf", "%s|", "-v",
						   "--layout", "--", "a b", "", NULL },
			    NULL);

	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "-v|--layout|--|a b||");
	free_run(&run);
	run = run_command((const char *const[]){ tool_path(), "exec", "-v", "--", "printf", "%s|",
						 "--version", NULL },
			  NULL);
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "--version|");
	free_run(&run);
}
END_TEST

START_TEST(test_not_run)
{
	static const struct {
		const char *command;
		int status;
		const char *said;
	} rows[] = {
		{ "nosuchcommand", 127, "cannot run 'nosuchcommand': No such file" },
		{ "/nonexistent/tc", 127, "cannot run '/nonexistent/tc': No such file" },
		{ "README.md/tc", 127, "No such file" },
		{ "./README.md", 126, "cannot run './README.md': Permission denied" },
		{ "./testdata", 126, "cannot run './testdata': Permission denied" },
	};
	struct run run = tool("exec -- %s", rows[_i].command);

	assert_status(&run, rows[_i].status);
	assert_has(run.err, "elfmap: ");
	assert_has(run.err, rows[_i].said);
	free_run(&run);
}
END_TEST

START_TEST(test_usage)
{
	static const char *const rows[][2] = {
		{ "exec", "too few arguments" },
		{ "exec -v --", "too few arguments" },
		{ "exec --pin-policy", "needs a value" },
		{ "exec --pin-policy replace -- true",
		  "--pin-policy replace: expected auto or none" },
		{ "exec --layout nosuch -- true", "--layout nosuch: expected one that elfmap" },
		{ "exec -j -- true", "--json is not for exec" },
		{ "exec --nosuch -- true", "unknown option '--nosuch'" },
	};
	struct run run = tool("%s", rows[_i][0]);

	assert_status(&run, 2);
	assert_has(run.err, rows[_i][1]);
	ck_assert_str_eq(run.out, "");
	free_run(&run);
}
END_TEST

/* What the program would be told by the environment as it is. */
START_TEST(test_wrong_environment)
{
	static const struct {
		const char *name, *value, *said;
	} rows[] = {
		{ "ELFMAP_LAYOUT", "nosuch", "ELFMAP_LAYOUT nosuch: expected one that elfmap" },
		{ "ELFMAP_PIN_POLICY", "some", "ELFMAP_PIN_POLICY some: expected auto or none" },
	};
	struct run run;

	ck_assert_int_eq(setenv(rows[_i].name, rows[_i].value, 1), 0);
	run = tool("exec -- true");
	assert_status(&run, 2);
	assert_has(run.err, rows[_i].said);
	free_run(&run);
	/* options come before it */
	free(tool_output("exec --layout bpf_elf_map36 --pin-policy none -- true"));
}
END_TEST

/* --- the environment ------------------------------------------------------------------------ */

START_TEST(test_preload_is_kept)
{
	char *preload CLEANUP(cleanup_free) = built_file("elfmap-preload.so");
	char *real CLEANUP(cleanup_free) = realpath(preload, NULL);
	char *spy CLEANUP(cleanup_free) = built_file("host/spy.so");
	char *variable CLEANUP(cleanup_free) = NULL;
	char *expected CLEANUP(cleanup_free) = NULL;
	struct run run =
		exec_script((const char *const[]){ "LD_PRELOAD", NULL }, "echo $LD_PRELOAD");

	ck_assert_int_gt(asprintf(&expected, "%s\n", real), 0);
	ck_assert_str_eq(run.out, expected);
	free_run(&run);
	free(expected);
	ck_assert_int_gt(asprintf(&variable, "LD_PRELOAD=%s", spy), 0);
	ck_assert_int_gt(asprintf(&expected, "%s:%s\n", real, spy), 0);
	run = exec_script((const char *const[]){ variable, "ASAN_OPTIONS=verify_asan_link_order=0",
						 NULL },
			  "echo $LD_PRELOAD");
	ck_assert_str_eq(run.out, expected);
	free_run(&run);
}
END_TEST

START_TEST(test_variables)
{
	static const char script[] = "$ELFMAP_LOG,$ELFMAP_LAYOUT,$ELFMAP_PIN_POLICY";
	static const struct {
		const char *options, *expected;
	} rows[] = {
		{ "--", "error,,\n" },
		{ "-v --", "info,,\n" },
		{ "-vv --", "debug,,\n" },
		{ "-v -v -v --", "debug,,\n" },
		{ "--layout aya28 --pin-policy none --", "error,aya28,none\n" },
		{ "--pin-policy=auto", "error,,auto\n" },
	};
	char *echo CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_gt(asprintf(&echo, "%s exec %s sh -c 'echo %s'", tool_path(),
				  rows[_i].options, script),
			 0);
	/* as the quotes say it to the inner shell */
	run = run_command((const char *const[]){ "sh", "-c", echo, NULL },
			  (const char *const[]){ "ELFMAP_LOG=error", NULL });
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, rows[_i].expected);
	free_run(&run);
}
END_TEST

/* --- where the library is ------------------------------------------------------------------- */

START_TEST(test_missing)
{
	const char *const nowhere[] = { "ELFMAP_PRELOAD=/nonexistent.so", NULL };
	char *preload CLEANUP(cleanup_free) = built_file("elfmap-preload.so");
	const char *lonely = scratch_path("elfmap-preload.so");
	const char *blank = scratch_path("with a blank");
	char *variable CLEANUP(cleanup_free) = NULL;
	struct run run = tool_with(nowhere, "exec -- echo run");

	assert_refusal_with_details(run, "/nonexistent.so: No such file",
				    "ELFMAP_PRELOAD says where");
	free(output_of("cp %s %s", preload, lonely));
	ck_assert_int_gt(asprintf(&variable, "ELFMAP_PRELOAD=%s", lonely), 0);
	assert_refusal_with_details(
		tool_with((const char *const[]){ variable, NULL }, "exec -- echo run"),
		"elfmap-preload-engine.so: No such file", "beside elfmap-preload.so");
	free(variable);

	ck_assert_int_eq(mkdir(blank, 0755), 0);
	ck_assert_int_gt(asprintf(&variable,
				  "cp $(dirname %s)/elfmap-preload*.so '%s' && "
				  "ELFMAP_PRELOAD='%s/elfmap-preload.so' %s exec -- echo run",
				  preload, blank, blank, tool_path()),
			 0);
	assert_refusal(run_command((const char *const[]){ "sh", "-c", variable, NULL }, NULL),
		       "LD_PRELOAD takes no path with a blank or colon");
}
END_TEST

/* --- what cannot be helped ------------------------------------------------------------------ */

/* A program of these sources, linked with these words; for linking statically. */
static const char *compile(const char *name, const char *words)
{
	char *command CLEANUP(cleanup_free) = NULL;
	const char *output = scratch_path(name);
	struct run run;

	if (compiler_sanitizes())
		test_skip("sanitizers cannot be linked statically");
	ck_assert_int_gt(asprintf(&command, "%s -D_GNU_SOURCE -Isrc -o %s %s", compiler(COMPILER_C),
				  output, words),
			 0);
	run = run("sh", "-c", command);
	if (run.status)
		test_skip("no static libraries of libbpf and what it needs here");
	free_run(&run);
	return output;
}

#define HOST "src/test/host/main.c src/test/host/open.c "

/* libbpf is in the program, which is known with its symbols and without them. */
START_TEST(test_libbpf_inside)
{
	static const char *const words[] = {
		HOST "-l:libbpf.a -lelf -lz",
		"-s " HOST "-l:libbpf.a -lelf -lz",
		"-static " HOST "$(pkg-config --static --libs libbpf)",
		"-s -static " HOST "$(pkg-config --static --libs libbpf)",
	};
	const char *path = compile("inside", words[_i]);
	struct run run = tool("exec -- %s testdata/counter.o", path);

	assert_refusal_with_details(run, path, "its libbpf is built in and cannot be reached",
				    "elfmap convert old.o new.o");
	/* what is advised helps */
	run = tool("convert testdata/counter.o %s", scratch_path("new.o"));
	assert_status(&run, 0);
	free_run(&run);
	run = command("%s %s", path, scratch_path("new.o"));
	assert_status(&run, 0);
	free_run(&run);
}
END_TEST

/* One without libbpf's message, as those before 1.0 were, is known by the symbols. */
START_TEST(test_symbols)
{
	static const char text[] = "int bpf_object__open_file(void);\n"
				   "int bpf_object__open_file(void) { return 0; }\n"
				   "int main(void) { return bpf_object__open_file(); }\n";
	const char *source = scratch_file("inside.c", text, strlen(text));
	const char *path = compile("inside", source);

	assert_refusal_with_details(tool("exec -- %s", path), path,
				    "its libbpf is built in and cannot be reached");
	free(output_of("strip %s", path));
	free(tool_output("exec -- %s", path));
}
END_TEST

/* Debian's has libbpf in it; one that links it loads legacy objects. */
START_TEST(test_bpftool)
{
	struct run linked, run;

	require_stock("bpftool");
	enter_kernel();
	linked = run("sh", "-c", "ldd $(command -v bpftool)");
	run = tool("exec -- bpftool prog load testdata/xdp.o " BPFFS "/forward type xdp");
	if (!strstr(linked.out, "libbpf.so.1")) {
		assert_refusal_with_details(run, "bpftool", "--for bpftool");
	} else {
		assert_status(&run, 0);
		ck_assert_uint_eq(map_info_of_pin(BPFFS
						  "/tc/"
						  "f651c2473e19152a7fa7a846376026e6b0c6077d/seen")
					  .max_entries,
				  2);
		free_run(&run);
	}
	free_run(&linked);
}
END_TEST

/* A static program without libbpf may start others: a warning. */
START_TEST(test_static)
{
	const char *source = scratch_file("starts.c",
					  "#include <unistd.h>\n"
					  "int main(int c, char **v) { return c ? execvp(v[1], v + "
					  "1) : 0; }\n",
					  strlen("#include <unistd.h>\n"
						 "int main(int c, char **v) { return c ? "
						 "execvp(v[1], v + 1) : 0; }\n"));
	char *words CLEANUP(cleanup_free) = NULL;
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	const char *path;
	struct run run;

	ck_assert_int_gt(asprintf(&words, "-static %s", source), 0);
	path = compile("starts", words);
	run = tool("exec -- %s %s testdata/counter.o", path, host);
	assert_status(&run, 0);
	assert_has(run.err, "elfmap: warning: ");
	assert_has(run.err, "it is static: only what it starts is helped");
	assert_has(run.out, "map packets 2 ");
	free_run(&run);
}
END_TEST

/* A script is what its interpreter is. */
START_TEST(test_script)
{
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	char *text CLEANUP(cleanup_free) = NULL;
	const char *path;
	struct run run;

	ck_assert_int_gt(asprintf(&text, "#! /bin/sh -e\n%s testdata/counter.o\nfalse\n", host), 0);
	path = scratch_file("script", text, strlen(text));
	ck_assert_int_eq(chmod(path, 0755), 0);
	run = tool("exec -- %s", path);
	assert_status(&run, 1);
	assert_has(run.out, "map packets 2 ");
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST

START_TEST(test_script_of_static)
{
	const char *inside = compile("inside", HOST "-l:libbpf.a -lelf -lz");
	char *text CLEANUP(cleanup_free) = NULL;
	const char *path;

	ck_assert_int_gt(asprintf(&text, "#!%s -m\n", inside), 0);
	path = scratch_file("script", text, strlen(text));
	ck_assert_int_eq(chmod(path, 0755), 0);
	assert_refusal_with_details(tool("exec -- %s", path), inside,
				    ", which runs it: its "
				    "libbpf");
}
END_TEST

/* What runs a script may be anything: a FIFO is not waited for. */
START_TEST(test_script_of_fifo)
{
	const char *fifo = scratch_path("fifo"), *path;
	char *text CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_eq(mkfifo(fifo, 0755), 0);
	ck_assert_int_gt(asprintf(&text, "#!%s\n", fifo), 0);
	path = scratch_file("script", text, strlen(text));
	ck_assert_int_eq(chmod(path, 0755), 0);
	run = tool("exec -- %s", path);
	assert_status(&run, 126);
	assert_has(run.err, "Permission denied");
	free_run(&run);
}
END_TEST

/* An archive behind a program, which may have a libbpf in it, is not looked at. */
START_TEST(test_archive_behind)
{
	static const char text[] = "section are not supported by libbpf v1.0+";
	const char *archive = scratch_file("archive", text, sizeof(text));
	const char *path = scratch_path("env");
	struct run run;
	char *command CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&command, "cp $(command -v env) %s && cat %s >>%s", path, archive,
				  path),
			 0);
	run = run("sh", "-c", command);
	assert_status(&run, 0);
	free_run(&run);
	run = tool("exec -- %s", path);
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST

/* A program of another C library runs as it does alone, with what it starts helped. */
START_TEST(test_other_library)
{
	static const char text[] =
		"#include <unistd.h>\n"
		"int main(int c, char **v) { return c ? execvp(v[1], v + 1) : 0; }\n";
	const char *source = scratch_file("starts.c", text, strlen(text));
	const char *path = scratch_path("starts");
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	char *command CLEANUP(cleanup_free) = NULL;
	struct run run;

	if (!have_command("musl-gcc"))
		test_skip("no musl-gcc here");
	ck_assert_int_gt(asprintf(&command, "musl-gcc -o %s %s", path, source), 0);
	run = run("sh", "-c", command);
	assert_status(&run, 0);
	free_run(&run);
	run = tool("exec -- %s %s testdata/counter.o", path, host);
	assert_status(&run, 0);
	assert_has(run.err, "it has another C library: only");
	ck_assert_uint_eq(nr_lines(run.err, ""), 2);
	assert_has(run.out, "map packets 2 ");
	free_run(&run);
}
END_TEST

/* The dynamic linker preloads nothing into what gains rights; what keeps them is run. */
START_TEST(test_rights)
{
	static const struct {
		uid_t owner;
		mode_t mode;
		bool runs;
	} rows[] = {
		{ 65534, 04755, false }, { 65534, 0755, true }, { 65534, 02755, false },
		{ 0, 04755, true },	 { 0, 02755, true },
	};
	const char *path = scratch_path("rights");
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	struct run run;

	if (getuid())
		test_skip("needs root, to give files away");
	free(output_of("cp %s %s", host, path));
	ck_assert_int_eq(chown(path, rows[_i].owner, rows[_i].owner), 0);
	ck_assert_int_eq(chmod(path, rows[_i].mode), 0);
	run = tool("exec -- %s testdata/counter.o", path);
	if (!rows[_i].runs) {
		assert_refusal_with_details(run, path, "it gains rights, and nothing is",
					    "sudo elfmap exec");
		return;
	}
	assert_status(&run, 0);
	assert_has(run.out, "map packets 2 ");
	free_run(&run);
}
END_TEST

/* Another machine's program; what is no program is for the kernel to refuse. */
START_TEST(test_other_machine)
{
	char *host CLEANUP(cleanup_free) = built_file("host/open");
	const char *path = scratch_path("other");
	const unsigned char class = 1; /* ELFCLASS32 */
	FILE *file;

	free(output_of("cp %s %s", host, path));
	file = fopen(path, "r+");
	ck_assert_ptr_nonnull(file);
	if (_i) {
		/* e_machine: s390x or PDP-10 */
		ck_assert_int_eq(fseek(file, 18, SEEK_SET), 0);
		ck_assert_uint_eq(fwrite("\026\026", 1, 2, file), 2);
	} else {
		ck_assert_int_eq(fseek(file, 4, SEEK_SET), 0);
		ck_assert_uint_eq(fwrite(&class, 1, 1, file), 1);
	}
	fclose(file);
	assert_refusal_with_details(tool("exec -- %s testdata/counter.o", path), path,
				    "it is for another machine", "elfmap convert");
}
END_TEST

/*
 * A program that takes libbpf's calls by their names from a library that it loads. A call that libbpf
 * ends by making another is helped all the same, and none fails that went well before.
 */
START_TEST(test_looks_up)
{
	static const char text[] =
		"#include <dlfcn.h>\n"
		"int main(int argc, char **argv) { void *(*open)(const char *) = (void *(*)(const "
		"char *))dlsym(dlopen(\"libbpf.so.1\", RTLD_NOW), \"bpf_object__open\"); "
		"return argc != 2 || !open(argv[1]); }\n";
	const char *source = scratch_file("looks_up.c", text, strlen(text));
	char *words CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_gt(asprintf(&words, "%s -ldl", source), 0);
	run = tool("exec -- %s testdata/counter.o", compile("looks_up", words));
	assert_status(&run, 0);
	assert_has(run.err, "it looks up libbpf at run time");
	free_run(&run);
}
END_TEST

/* One that has its objects in skeletons, and opens none otherwise. */
START_TEST(test_opens_skeletons)
{
	static const char text[] = "#include <bpf/libbpf.h>\n"
				   "int main(int c, char **v) { return c > 1 && "
				   "bpf_object__open_skeleton((void *)v, 0); }\n";
	const char *source = scratch_file("skeleton.c", text, strlen(text));
	char *words CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_gt(asprintf(&words, "%s -lbpf", source), 0);
	run = tool("exec -- %s", compile("skeleton", words));
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST

Suite *exec_suite(void)
{
	Suite *suite = suite_of("exec", test_arguments, test_preload_is_kept, test_missing,
				test_symbols, test_bpftool, test_static, test_script,
				test_script_of_static, test_script_of_fifo, test_archive_behind,
				test_other_library, test_looks_up, test_opens_skeletons);

	add_loop_test(suite, test_status, 5);
	add_loop_test(suite, test_not_run, 5);
	add_loop_test(suite, test_usage, 7);
	add_loop_test(suite, test_wrong_environment, 2);
	add_loop_test(suite, test_variables, 6);
	add_loop_test(suite, test_libbpf_inside, 4);
	add_loop_test(suite, test_rights, 5);
	add_loop_test(suite, test_other_machine, 2);
	return suite;
}
