// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * make install as packagers run it, into directories of the test, and programs that are compiled
 * against what came out with nothing but pkg-config to say how.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/compiler.h"
#include "test/exports.h"
#include "test/run.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/text_file.h"

#define PREFIX "/opt/elfmap"

#define LIBRARY(major) LIBRARY_TEXT(major)
#define LIBRARY_TEXT(major) "libelfmap.so." #major
#define SONAME LIBRARY(ELFMAP_MAJOR_VERSION)

/* --- make --------------------------------------------------------------------------------- */

/* What the make that runs the tests was told is not for this one. */
static const char *const fresh[] = { "MAKEFLAGS", "MAKELEVEL", "MFLAGS",       "DESTDIR",
				     "PREFIX",	  "SBINDIR",   "LIBDIR",       "INCLUDEDIR",
				     "DATADIR",	  "MANDIR",    "PKGCONFIGDIR", "COMPLETIONDIR",
				     "INSTALL",	  NULL };

/* Run make TARGET with more words, as a user whose new files are his alone. */
static struct run make(const char *target, const char *build, const char *destdir, const char *more)
{
	char *command CLEANUP(cleanup_free) = NULL;

	if (!have_command("make"))
		test_skip("no make here");
	ck_assert_int_gt(asprintf(&command,
				  "umask 077 && exec make --no-print-directory %s BUILD='%s' "
				  "DESTDIR='%s' PREFIX=" PREFIX " %s",
				  target, build, destdir, more),
			 0);
	return run_command((const char *const[]){ "sh", "-c", command, NULL }, fresh);
}

static char *build_directory(void)
{
	return built_file("");
}

static void make_works(const char *target, const char *destdir, const char *more)
{
	char *build CLEANUP(cleanup_free) = build_directory();
	struct run run = make(target, build, destdir, more);

	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}

/* --- trees -------------------------------------------------------------------------------- */

static char *path_in(const char *tree, const char *path)
{
	char *whole;

	ck_assert_int_gt(asprintf(&whole, "%s%s", tree, path), 0);
	return whole;
}

/* nftw() hands nothing on to its function. */
static size_t nr_files;

static int check_mode(const char *path, const struct stat *st, int type, struct FTW *place)
{
	const mode_t mode = st->st_mode & 07777;

	if (type == FTW_D && place->level > 0)
		ck_assert_msg(mode == 0755, "%s: mode %o", path, mode);
	if (type == FTW_F)
		ck_assert_msg(mode == 0644 || mode == 0755, "%s: mode %o", path, mode);
	if (type == FTW_SL)
		ck_assert_msg(access(path, R_OK) == 0, "%s leads nowhere", path);
	nr_files += type != FTW_D;
	return 0;
}

/* How many files are in a tree; all can be read by all, and links lead to files. */
static size_t count_files(const char *tree)
{
	nr_files = 0;
	ck_assert_int_eq(nftw(tree, check_mode, 16, FTW_PHYS), 0);
	return nr_files;
}

static void assert_file(const char *tree, const char *file, mode_t mode)
{
	char *path CLEANUP(cleanup_free) = path_in(tree, file);
	struct stat st;

	ck_assert_msg(stat(path, &st) == 0 && S_ISREG(st.st_mode), "%s is not there", path);
	ck_assert_msg((st.st_mode & 07777) == mode, "%s: mode %o", path, st.st_mode);
}

/* --- files -------------------------------------------------------------------------------- */

START_TEST(test_files)
{
	const char *tree = scratch_path("with a blank");
	char *library CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&library, PREFIX "/lib/libelfmap.so.%s", elfmap_version_string()),
			 0);
	make_works("install", tree, "");
	assert_file(tree, PREFIX "/sbin/elfmap", 0755);
	assert_file(tree, library, 0755);
	assert_file(tree, PREFIX "/lib/" SONAME, 0755);
	assert_file(tree, PREFIX "/lib/libelfmap.so", 0755);
	assert_file(tree, PREFIX "/lib/libelfmap.a", 0644);
	assert_file(tree, PREFIX "/lib/elfmap/elfmap-preload.so", 0755);
	assert_file(tree, PREFIX "/lib/elfmap/elfmap-preload-engine.so", 0755);
	assert_file(tree, PREFIX "/lib/pkgconfig/libelfmap.pc", 0644);
	assert_file(tree, PREFIX "/include/elfmap.h", 0644);
	assert_file(tree, PREFIX "/share/man/man8/elfmap.8", 0644);
	assert_file(tree, PREFIX "/share/man/man3/elfmap_open_file.3", 0644);
	assert_file(tree, PREFIX "/share/bash-completion/completions/elfmap", 0644);
	ck_assert_uint_ge(count_files(tree), 8);

	/* over what is there, as an upgrade does */
	make_works("install", tree, "");
	make_works("uninstall", tree, "");
	ck_assert_uint_eq(count_files(tree), 0);
	make_works("uninstall", tree, "");
}
END_TEST

START_TEST(test_tool)
{
	const char *tree = scratch_path("tree");
	char *tool CLEANUP(cleanup_free) = path_in(tree, PREFIX "/sbin/elfmap");
	struct run run;

	make_works("install", tree, "");
	run = run(tool, "--version");
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.out, elfmap_version_string()));
	free_run(&run);
}
END_TEST

/* elfmap exec finds what was installed with it, wherever packagers have it. */
START_TEST(test_preload)
{
	static const char *const places[][2] = {
		{ "", PREFIX "/lib" },
		{ "LIBDIR=" PREFIX "/lib64", PREFIX "/lib64" },
		{ "LIBDIR=" PREFIX "/lib/some-linux-gnu", PREFIX "/lib/some-linux-gnu" },
	};
	const char *tree = scratch_path("tree");
	char *tool CLEANUP(cleanup_free) = path_in(tree, PREFIX "/sbin/elfmap");
	char *expected CLEANUP(cleanup_free) = NULL;
	struct run run;

	make_works("install", tree, places[_i][0]);
	run = run(tool, "exec", "--", "sh", "-c", "echo $LD_PRELOAD");
	assert_status(&run, 0);
	ck_assert_int_gt(
		asprintf(&expected, "%s%s/elfmap/elfmap-preload.so\n", tree, places[_i][1]), 0);
	ck_assert_str_eq(run.out, expected);
	free_run(&run);
}
END_TEST

/* Directories can be anywhere, and are other ones than those of the build. */
START_TEST(test_directories)
{
	static const char directories[] = "SBINDIR=/bin LIBDIR=" PREFIX
					  "/lib64 INCLUDEDIR=/inc PKGCONFIGDIR=/pc";
	const char *tree = scratch_path("tree");
	char *path CLEANUP(cleanup_free) = path_in(tree, "/pc/libelfmap.pc");
	char *text CLEANUP(cleanup_free) = NULL;

	make_works("install", tree, directories);
	assert_file(tree, "/bin/elfmap", 0755);
	assert_file(tree, PREFIX "/lib64/libelfmap.so", 0755);
	assert_file(tree, "/inc/elfmap.h", 0644);
	text = file_text(path);
	ck_assert_msg(strstr(text, "prefix=" PREFIX "\n"), "%s", text);
	ck_assert_msg(strstr(text, "libdir=${prefix}/lib64\n"), "%s", text);
	ck_assert_msg(strstr(text, "includedir=/inc\n"), "%s", text);
	ck_assert_msg(!strchr(text, '@') && !strstr(text, tree), "%s", text);
	make_works("uninstall", tree, directories);
	ck_assert_uint_eq(count_files(tree), 0);
}
END_TEST

/* --- who may install ---------------------------------------------------------------------- */

/* Whatever is older than its sources: root installs what is there, and leaves it his who built it. */
START_TEST(test_builds_nothing)
{
	const char *tree = scratch_path("tree"), *stamp;
	char *build CLEANUP(cleanup_free) = build_directory();
	struct run changed;

	/* the kernel's clock for files ticks each few milliseconds */
	usleep(50000);
	stamp = scratch_file("stamp", "", 0);
	usleep(50000);
	make_works("install", tree,
		   "-W include/elfmap.h -W src/open.c -W src/libelfmap.pc.in "
		   "CC=false AR=false LD=false OBJCOPY=false");
	changed = run("find", build, "-cnewer", stamp);
	assert_status(&changed, 0);
	ck_assert_str_eq(changed.out, "");
	free_run(&changed);
}
END_TEST

START_TEST(test_not_built)
{
	const char *tree = scratch_path("tree");
	struct run run = make("install", scratch_path("empty"), tree, "");

	assert_status(&run, 2);
	ck_assert_msg(strstr(run.err, "elfmap is not there; run: make\n"), "%s", run.err);
	ck_assert_int_ne(access(tree, F_OK), 0);
	free_run(&run);
}
END_TEST

/* --- programs ----------------------------------------------------------------------------- */

enum link {
	LINK_SHARED,
	LINK_ARCHIVE, /* elfmap from its archive, all else from shared libraries */
	LINK_STATIC,
};

struct program {
	const char *compiler;
	const char *language;
	enum link link;
};

static const struct program programs[] = {
	{ COMPILER_C, "c", LINK_SHARED },  { COMPILER_CXX, "c++", LINK_SHARED },
	{ COMPILER_C, "c", LINK_ARCHIVE }, { COMPILER_CXX, "c++", LINK_ARCHIVE },
	{ COMPILER_C, "c", LINK_STATIC },  { COMPILER_CXX, "c++", LINK_STATIC },
};

/* What examples/list_maps.c prints for testdata/def20.o. */
static const char expected[] = "flows: lru_hash, key 4 bytes, value 8 bytes, 128 entries\n"
			       "marks: hash, key 4 bytes, value 8 bytes, 32 entries\n"
			       "events: perf_event_array, key 4 bytes, value 4 bytes, 0 entries\n"
			       "totals: percpu_array, key 4 bytes, value 8 bytes, 2 entries\n";

/* Compile a file with what pkg-config says of packages. */
static struct run compile(const struct program *program, const char *tree, const char *file,
			  const char *packages, const char *output)
{
	char *command CLEANUP(cleanup_free) = NULL;
	char *path CLEANUP(cleanup_free) = NULL;
	char *root CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&path, "PKG_CONFIG_PATH=%s" PREFIX "/lib/pkgconfig", tree), 0);
	ck_assert_int_gt(asprintf(&root, "PKG_CONFIG_SYSROOT_DIR=%s", tree), 0);
	ck_assert_int_gt(asprintf(&command,
				  "flags=$(%s %s --cflags --libs %s) && "
				  "%s -Wall -Wextra -Werror %s -x %s %s -x none -o %s $flags",
				  pkg_config(), program->link == LINK_SHARED ? "" : "--static",
				  packages, compiler(program->compiler),
				  program->link == LINK_STATIC ? "-static" : "", program->language,
				  file, output),
			 0);
	return run_command((const char *const[]){ "sh", "-c", command, NULL },
			   (const char *const[]){ path, root, NULL });
}

/* Not every distribution has static libraries of what elfmap needs. */
static void skip_without_static(const struct program *program)
{
	const char *output = scratch_path("nothing");
	const char *file;
	struct run run;

	if (compiler_sanitizes())
		test_skip("sanitizers cannot be linked statically");
	file = scratch_file("nothing.c", "int main(void) { return 0; }\n",
			    strlen("int main(void) { return 0; }\n"));
	run = compile(program, "", file, "libbpf libelf", output);
	if (run.status)
		test_skip("no static libraries of libbpf, libelf and libc here");
	free_run(&run);
}

static void remove_shared(const char *tree)
{
	static const char *const links[] = { "/lib/libelfmap.so", "/lib/" SONAME };

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		char *file CLEANUP(cleanup_free) = NULL;

		ck_assert_int_gt(asprintf(&file, "%s" PREFIX "%s", tree, links[i]), 0);
		ck_assert_int_eq(unlink(file), 0);
	}
}

static void assert_lists_maps(const char *program, const char *tree)
{
	char *path CLEANUP(cleanup_free) = NULL;
	struct run run;

	ck_assert_int_gt(asprintf(&path, "LD_LIBRARY_PATH=%s" PREFIX "/lib", tree), 0);
	run = run_command((const char *const[]){ program, "testdata/def20.o", NULL },
			  (const char *const[]){ path, NULL });
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, expected);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}

START_TEST(test_program)
{
	const struct program *program = &programs[_i];
	const char *tree = scratch_path("tree"), *output = scratch_path("list_maps");
	struct dynamic dynamic;
	struct run run;

	if (program->link == LINK_STATIC)
		skip_without_static(program);
	make_works("install", tree, "");
	if (program->link != LINK_SHARED)
		remove_shared(tree);
	run = compile(program, tree, "examples/list_maps.c", "libelfmap", output);
	assert_status(&run, 0);
	free_run(&run);

	dynamic = dynamic_of(output);
	ck_assert_msg(!strstr(dynamic.needed, SONAME " ") == (program->link != LINK_SHARED), "%s",
		      dynamic.needed);
	ck_assert_msg(!*dynamic.needed == (program->link == LINK_STATIC), "%s", dynamic.needed);
	assert_lists_maps(output, tree);
}
END_TEST

Suite *install_suite(void)
{
	Suite *suite = suite_of("install", test_files, test_tool, test_directories,
				test_builds_nothing, test_not_built);

	add_loop_test(suite, test_preload, 3);
	add_loop_test(suite, test_program, sizeof(programs) / sizeof(programs[0]));
	return suite;
}
