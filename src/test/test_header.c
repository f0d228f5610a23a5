// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * include/elfmap.h as others include it: alone, in every place, in C and in C++, without a warning.
 */
#include <stdlib.h>
#include <string.h>

#include "test/compiler.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

#define WARNINGS "-Wall -Wextra -pedantic -Werror"

struct language {
	const char *compiler;
	const char *flags;
};

static const struct language languages[] = {
	{ COMPILER_C, "-x c -std=c99" },
	{ COMPILER_C, "-x c -std=c11" },
	{ "gcc", "-x c -std=c99" },
	{ "gcc", "-x c -std=c11" },
	{ "clang", "-x c -std=c99" },
	{ "clang", "-x c -std=c11" },
	{ COMPILER_CXX, "-x c++ -std=c++17" },
	{ "g++", "-x c++ -std=c++17" },
	{ "clang++", "-x c++ -std=c++17" },
};

static const char *const sources[] = {
	"#include <elfmap.h>\n"
	"const char *version(void);\n"
	"const char *version(void) { return elfmap_version_string(); }\n",

	"#include <elfmap.h>\n"
	"#include <elfmap.h>\n"
	"struct elfmap_open_opts opts;\n",

	"#include <bpf/bpf.h>\n"
	"#include <bpf/btf.h>\n"
	"#include <bpf/libbpf.h>\n"
	"#include <elfmap.h>\n"
	"struct elfmap_format format;\n",

	"#include <elfmap.h>\n"
	"#include <bpf/libbpf.h>\n"
	"#include <bpf/btf.h>\n"
	"#include <bpf/bpf.h>\n"
	"struct elfmap_map_def def;\n",

	"#include <elfmap.h>\n"
	"#if ELFMAP_MAJOR_VERSION == 0 && ELFMAP_MINOR_VERSION < 1\n"
	"#error \"older than the first\"\n"
	"#endif\n"
	"int patch = ELFMAP_PATCH_VERSION;\n",
};

#define NR_LANGUAGES (sizeof(languages) / sizeof(languages[0]))
#define NR_SOURCES (sizeof(sources) / sizeof(sources[0]))

static struct run compile(const struct language *language, const char *source)
{
	const char *path = scratch_file("source", source, strlen(source));
	char *libbpf = output_of("%s --cflags libbpf", pkg_config());
	struct run run;

	libbpf[strcspn(libbpf, "\n")] = '\0';
	run = command("%s %s %s -Iinclude %s -c -o /dev/null %s", compiler(language->compiler),
		      language->flags, WARNINGS, libbpf, path);
	free(libbpf);
	return run;
}

START_TEST(test_compiles)
{
	for (size_t i = 0; i < NR_SOURCES; i++) {
		struct run run = compile(&languages[_i], sources[i]);

		assert_status(&run, 0);
		ck_assert_str_eq(run.err, "");
		free_run(&run);
	}
}
END_TEST

/* That a warning would be an error here. */
START_TEST(test_refuses)
{
	struct run run = compile(&languages[_i], "#include <elfmap.h>\n"
						 "static int unused;\n");

	ck_assert_int_ne(run.status, 0);
	ck_assert_msg(strstr(run.err, "unused"), "%s", run.err);
	free_run(&run);
}
END_TEST

Suite *header_suite(void)
{
	Suite *suite = suite_create("header");

	add_loop_test(suite, test_compiles, NR_LANGUAGES);
	add_loop_test(suite, test_refuses, NR_LANGUAGES);
	return suite;
}
