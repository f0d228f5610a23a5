// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Files of commands, for tc and ip: how they are read, and what comes of a line that fails. */
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define OBJECT "testdata/counter.o"
#define ADD "filter add dev veth0 ingress bpf da obj " OBJECT " sec ingress"

/* The path of a file with this text. */
static const char *lines(const char *text)
{
	return scratch_file("lines", text, strlen(text));
}

static size_t nr_filters(void)
{
	return attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0);
}

/* --- how lines are read -------------------------------------------------------------------- */

/* Each puts two filters on the ingress of veth0, once it has its clsact. */
static const char *const readable[] = {
	"qdisc add dev veth0 clsact\n" ADD "\n" ADD "\n",
	/* no end of line at the end */
	"qdisc add dev veth0 clsact\n" ADD "\n" ADD,
	/* blank lines, blanks and comments */
	"\n  \n\t# what is to come\nqdisc add dev veth0 clsact # all of it\n#" ADD "\n\n  " ADD
	" \t\n" ADD "#sec nothing\n",
	/* lines that go on; a comment takes the sign of it away */
	"qdisc add \\\ndev veth0 \\\n   clsact\n" ADD "\n" ADD "\\\n\n# and \\\n# so on\n",
	"qdisc add dev ve\\\nth0 clsact\n\\\n" ADD "\n" ADD " # \\\n",
	/* the other end of lines */
	"qdisc add dev veth0 clsact\r\n\r\n" ADD "\r\nfilter add dev veth0 ingress \\\r\n bpf da "
	"obj " OBJECT " sec ingress\r\n",
	/* quotes around words, which end them too */
	"qdisc add dev \"veth0\" 'clsact'\nfilter add dev 'veth0'ingress bpf da obj \"" OBJECT
	"\" sec ingress\n\"filter\" add dev veth0 ingress bpf da obj '" OBJECT
	"' 'sec' 'ingress'\n",
	/* verbs that change nothing */
	"qdisc add dev veth0 clsact\n" ADD "\nhelp\nqdisc help\nfilter show dev veth0 egress\n" ADD
	"\n",
};
#define NR_READABLE (sizeof(readable) / sizeof(readable[0]))

START_TEST(test_readable)
{
	struct run run;

	enter_kernel();
	run = tool("tc -batch %s", lines(readable[_i]));
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	ck_assert_uint_eq(nr_filters(), 2);
	free_run(&run);
}
END_TEST

/* "-" is stdin. */
START_TEST(test_stdin)
{
	struct run run;

	enter_kernel();
	run = run("sh", "-c",
		  "printf '%s\\n' 'qdisc add dev veth0 clsact' '" ADD "' | \"$0\" tc -b -",
		  tool_path());
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	ck_assert_uint_eq(nr_filters(), 1);
	free_run(&run);
}
END_TEST

/* A file of nothing is no mistake. */
START_TEST(test_empty)
{
	tool_works("tc -b %s", lines(""));
	tool_works("ip -b %s", lines("\n# nothing\n"));
	tool_works("tc -b /dev/null");
}
END_TEST

/* What is asked for is printed, each in its turn, with the options of the command line. */
START_TEST(test_output)
{
	const char *path = lines("qdisc show dev veth0\nqdisc add dev veth0 clsact\n"
				 "qdisc show dev veth0\n");
	char *out CLEANUP(cleanup_free) = NULL;
	const char *second;

	enter_kernel();
	out = tool_output("tc -j -batch %s", path);
	second = strchr(out, '\n');
	ck_assert_ptr_nonnull(second);
	ck_assert_msg(*out == '[' && second[1] == '[', "%s", out);
	ck_assert_ptr_nonnull(strstr(second, "\"clsact\""));
}
END_TEST

/* The log that one line asks for is not shown for the next. */
START_TEST(test_verbose_line)
{
	const char *path = lines("qdisc add dev veth0 clsact\n" ADD
				 " verb\nfilter add dev veth0 egress "
				 "bpf da obj " OBJECT "\n");
	struct run run;
	const char *log;

	enter_kernel();
	run = tool("tc -batch %s", path);
	assert_status(&run, 0);
	log = strstr(run.err, "processed ");
	ck_assert_msg(log && !strstr(log + 1, "processed "), "%s", run.err);
	free_run(&run);
}
END_TEST

/* --- lines that fail ------------------------------------------------------------------------ */

/* In a file whose first line makes a clsact and whose last adds a filter. */
static const struct failure {
	const char *line;
	unsigned int number; /* of its last line */
	const char *said;
} failures[] = {
	{ "filter add dev veth0 ingress bpf obj testdata/nothing.o", 2, "testdata/nothing.o" },
	{ "filter add dev veth9 ingress bpf obj " OBJECT, 2, "veth9" },
	{ "qdisc add dev veth0 clsact", 2, "has one already" },
	{ "nonsense", 2, "'nonsense'" },
	{ "filter add dev 'veth0 ingress", 2, "quote" },
	{ "filter add dev \"veth0 ingress'", 2, "quote" },
	{ "\n# here:\nfilter nonsense", 4, "'nonsense'" },
	{ "filter \\\n\\\nnonsense", 4, "'nonsense'" },
	{ "''", 2, "what is ''" },
	/* options are for the command line */
	{ "-force qdisc show", 2, "'-force'" },
};
#define NR_FAILURES (sizeof(failures) / sizeof(failures[0]))

static struct run run_failure(const char *options, const struct failure *failure)
{
	char *text CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(
		asprintf(&text, "qdisc add dev veth0 clsact\n%s\n" ADD "\n", failure->line), 0);
	return tool("tc %s -batch %s", options, lines(text));
}

static void assert_names_line(const struct run *run, const struct failure *failure)
{
	char *place CLEANUP(cleanup_free) = NULL;
	const char *found;

	ck_assert_int_gt(asprintf(&place, "/lines:%u: this command failed", failure->number), 0);
	found = strstr(run->err, place);
	ck_assert_msg(found && strstr(run->err, failure->said), "%s", run->err);
	/* only this one */
	ck_assert_ptr_null(strstr(found + strlen(place), "this command failed"));
	assert_status(run, 1);
}

/* It is named by its number, and what follows is not run. */
START_TEST(test_failure)
{
	struct run run;

	enter_kernel();
	run = run_failure("", &failures[_i]);
	assert_names_line(&run, &failures[_i]);
	ck_assert_ptr_nonnull(strstr(run.err, "-force"));
	ck_assert(has_qdisc("veth0", "clsact"));
	ck_assert_uint_eq(nr_filters(), 0);
	free_run(&run);
}
END_TEST

/* With -force what follows is run, and the status remains. */
START_TEST(test_force)
{
	struct run run;

	enter_kernel();
	run = run_failure("-force", &failures[_i]);
	assert_names_line(&run, &failures[_i]);
	ck_assert_uint_eq(nr_filters(), 1);
	free_run(&run);
}
END_TEST

/* Each that fails is named then. */
START_TEST(test_force_names_all)
{
	struct run run = tool("tc -fo -b %s", lines("nonsense\n\nnonsense\nhelp\nnonsense\n"));

	assert_status(&run, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "/lines:1: "));
	ck_assert_ptr_nonnull(strstr(run.err, "/lines:3: "));
	ck_assert_ptr_nonnull(strstr(run.err, "/lines:5: "));
	ck_assert_ptr_nonnull(strstr(run.out, "usage: elfmap tc "));
	free_run(&run);
}
END_TEST

/* What one line changes of slots and pins is there for the next; what it fails at is not. */
START_TEST(test_state_between)
{
	const char *path =
		lines("filter add dev veth0 ingress bpf da obj testdata/tailcalls.o\n"
		      "exec bpf graft m:globals/steps obj testdata/tailcalls.o sec 42/1\n"
		      "exec bpf graft m:globals/steps key 0 obj testdata/xdp.o type xdp\n");
	char *before;
	struct run run;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/tailcalls.o");
	tool_works("tc filter del dev veth0 ingress");
	before = pinned_maps();
	run = tool("tc -b %s", path);
	assert_status(&run, 1);
	ck_assert_msg(strstr(run.err, "/lines:3: this command failed"), "%s", run.err);
	free_run(&run);
	ck_assert_uint_eq(nr_filters(), 1);
	/* the pins of xdp.o went again */
	run.out = pinned_maps();
	ck_assert_str_eq(run.out, before);
	free(run.out);
	free(before);
}
END_TEST

/* --- files that cannot be read -------------------------------------------------------------- */

START_TEST(test_unreadable)
{
	assert_refusal(tool("tc -batch %s", scratch_path("nothing")), "/nothing", "No such file");
	assert_refusal(tool("tc -batch %s", scratch_directory()), scratch_directory(),
		       "Is a directory");
	assert_refusal(tool("ip -batch %s", scratch_directory()), "Is a directory");
	assert_refusal_with_details(tool("tc -batch"), "'-batch' needs a value");
}
END_TEST

/* Half a command is not run. */
START_TEST(test_zero_byte)
{
	static const char text[] = "qdisc show dev lo\nqdisc show\0dev lo\n";
	struct run run;

	enter_kernel();
	run = tool("tc -batch %s", scratch_file("zero", text, sizeof(text) - 1));
	assert_status(&run, 1);
	ck_assert_msg(strstr(run.err, ":2: the line has a zero byte in it"), "%s", run.err);
	free_run(&run);
}
END_TEST

START_TEST(test_cut_off)
{
	enter_kernel();
	assert_refusal(tool("tc -b %s", lines("qdisc add dev veth0 clsact \\\n")),
		       "/lines:1: ", "goes on");
	assert_refusal(tool("tc -force -b %s", lines("\nqdisc add dev \\\nveth0 clsact \\\n# no\\\n"
						     "\\\n")),
		       "/lines:5: ", "goes on");
	ck_assert(has_qdisc("veth0", "clsact"));
}
END_TEST

/* tc reads such a file as we do. */
START_TEST(test_as_stock)
{
	char *of_stock CLEANUP(cleanup_free) = NULL;
	char *ours CLEANUP(cleanup_free) = NULL;
	const char *path = lines("# both\n\nqdisc add dev veth0 \\\n  clsact # here\n"
				 "'qdisc' show dev \"veth0\"\r\nqdisc del dev veth0 clsact\n");

	if (!have_command("tc"))
		test_skip("no tc is installed");
	enter_kernel();
	of_stock = output_of("tc -batch %s", path);
	ours = tool_output("tc -batch %s", path);
	ck_assert_ptr_nonnull(strstr(ours, "clsact"));
	ck_assert_str_eq(ours, of_stock);
}
END_TEST

Suite *batch_suite(void)
{
	Suite *suite = suite_of("batch", test_stdin, test_empty, test_output, test_verbose_line,
				test_force_names_all, test_state_between, test_unreadable,
				test_cut_off, test_zero_byte, test_as_stock);

	add_loop_test(suite, test_readable, NR_READABLE);
	add_loop_test(suite, test_failure, NR_FAILURES);
	add_loop_test(suite, test_force, NR_FAILURES);
	return suite;
}
