// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The options of elfmap tc and elfmap ip: an abbreviation is what it is to the tool it is of, by
 * the order in which that compares; elfmap's own stand anywhere. Needs no rights.
 */
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

/* What the tool does with "elfmap TOOL OPTION help". */
enum outcome {
	TAKEN,	    /* and the words are read, which ask for help */
	TAKEN_HERE, /* and not by the original */
	PRINTS_VERSION,
	LEFT,	 /* to the original */
	NOBODYS, /* which does not know it either */
	WRONG,
};

static const struct option_line {
	const char *tool;
	const char *option; /* and its value */
	enum outcome outcome;
	/* what the message is about; NULL: the option */
	const char *said;
} option_lines[] = {
	{ "tc", "-s", TAKEN, NULL },
	{ "tc", "-stat", TAKEN, NULL },
	{ "tc", "-stats", TAKEN, NULL },
	{ "tc", "-statistics", TAKEN, NULL },
	{ "tc", "-d", TAKEN, NULL },
	{ "tc", "-details", TAKEN, NULL },
	{ "tc", "-r", TAKEN, NULL },
	{ "tc", "-raw", TAKEN, NULL },
	{ "tc", "-p", TAKEN, NULL },
	{ "tc", "-pretty", TAKEN, NULL },
	{ "tc", "-V", PRINTS_VERSION, NULL },
	{ "tc", "-Ver", PRINTS_VERSION, NULL },
	{ "tc", "-Version", PRINTS_VERSION, NULL },
	{ "tc", "-s -V nonsense", PRINTS_VERSION, NULL },
	{ "tc", "-i", TAKEN, NULL },
	{ "tc", "-iec", TAKEN, NULL },
	{ "tc", "-h", TAKEN, NULL },
	{ "tc", "-he nonsense", TAKEN, NULL },
	{ "tc", "--help nonsense", TAKEN_HERE, NULL },
	{ "tc", "-f", TAKEN, NULL },
	{ "tc", "-force", TAKEN, NULL },
	{ "tc", "-b /dev/stdin", TAKEN, NULL },
	{ "tc", "-n nothing", WRONG, "nothing" },
	{ "tc", "-netns nothing", WRONG, "nothing" },
	{ "tc", "-N", TAKEN, NULL },
	{ "tc", "-Numeric", TAKEN, NULL },
	{ "tc", "-c", TAKEN, NULL },
	{ "tc", "-color", TAKEN, NULL },
	{ "tc", "-c=always", TAKEN, NULL },
	{ "tc", "-col=auto", TAKEN, NULL },
	{ "tc", "-color=never", TAKEN, NULL },
	{ "tc", "-color=", TAKEN, NULL },
	{ "tc", "-color=nonsense", WRONG, "always, auto or never?" },
	{ "tc", "-j", TAKEN, NULL },
	{ "tc", "-json", TAKEN, NULL },
	{ "tc", "-o", TAKEN, NULL },
	{ "tc", "-oneline", TAKEN, NULL },
	{ "tc", "-v", TAKEN_HERE, NULL },
	{ "tc", "-s -d -j -p", TAKEN, NULL },
	{ "tc", "--", TAKEN_HERE, NULL },
	/* what is not ours, and what is an option to nobody */
	{ "tc", "-g", LEFT, NULL },
	{ "tc", "-graph", LEFT, NULL },
	{ "tc", "-na", TAKEN, NULL },
	{ "tc", "-nm", TAKEN, NULL },
	{ "tc", "-cf /nowhere", TAKEN, NULL },
	{ "tc", "-conf /nowhere", TAKEN, NULL },
	{ "tc", "-t", TAKEN, NULL },
	{ "tc", "-ts", TAKEN, NULL },
	{ "tc", "-br", LEFT, NULL },
	{ "tc", "-sj", NOBODYS, NULL },
	{ "tc", "-json=1", NOBODYS, NULL },
	{ "tc", "-batch=x", NOBODYS, NULL },
	{ "tc", "-statisticsx", NOBODYS, NULL },
	{ "tc", "-", LEFT, NULL },
	{ "tc", "--layouts", NOBODYS, NULL },

	{ "ip", "-f inet", TAKEN, NULL },
	{ "ip", "-family inet6", TAKEN, NULL },
	{ "ip", "-f nonsense", WRONG, "inet or inet6?" },
	{ "ip", "-4", TAKEN, NULL },
	{ "ip", "-6", TAKEN, NULL },
	{ "ip", "-h", TAKEN, NULL },
	{ "ip", "-human-readable", TAKEN, NULL },
	{ "ip", "-i", TAKEN, NULL },
	{ "ip", "-s", TAKEN, NULL },
	{ "ip", "-statistics", TAKEN, NULL },
	{ "ip", "-d", TAKEN, NULL },
	{ "ip", "-o", TAKEN, NULL },
	{ "ip", "-V", PRINTS_VERSION, NULL },
	{ "ip", "-fo", TAKEN, NULL },
	{ "ip", "-b /dev/stdin", TAKEN, NULL },
	{ "ip", "-j", TAKEN, NULL },
	{ "ip", "-p", TAKEN, NULL },
	{ "ip", "-c", TAKEN, NULL },
	{ "ip", "--color=auto", TAKEN, NULL },
	{ "ip", "-he nonsense", TAKEN, NULL },
	{ "ip", "--help nonsense", TAKEN, NULL },
	{ "ip", "-n nothing", WRONG, "nothing" },
	{ "ip", "-N", TAKEN, NULL },
	{ "ip", "-v", TAKEN_HERE, NULL },
	{ "ip", "-s --", TAKEN, NULL },
	{ "ip", "-l 3", TAKEN, NULL },
	{ "ip", "-0", LEFT, NULL },
	{ "ip", "-M", LEFT, NULL },
	{ "ip", "-B", LEFT, NULL },
	{ "ip", "-r", TAKEN, NULL },
	{ "ip", "-t", TAKEN, NULL },
	{ "ip", "-br", LEFT, NULL },
	{ "ip", "-rc 3", TAKEN, NULL },
	{ "ip", "-a", LEFT, NULL },
	{ "ip", "-echo", LEFT, NULL },
};
#define NR_OPTION_LINES (sizeof(option_lines) / sizeof(option_lines[0]))

static void assert_prints(const struct run *run, const char *start)
{
	assert_status(run, 0);
	ck_assert_str_eq(run->err, "");
	ck_assert_msg(!strncmp(run->out, start, strlen(start)), "%s", run->out);
}

static void assert_left(const struct run *run, const struct option_line *line)
{
	char *command CLEANUP(cleanup_free) = NULL;

	assert_status(run, 1);
	ck_assert_str_eq(run->out, "");
	ck_assert_msg(strstr(run->err, line->said ? line->said : line->option), "%s", run->err);
	ck_assert_int_gt(asprintf(&command, "use the stock '%s'", line->tool), 0);
	ck_assert_msg(!strstr(run->err, command) == (line->outcome == WRONG), "%s", run->err);
}

START_TEST(test_option)
{
	const struct option_line *line = &option_lines[_i];
	struct run run = tool("%s %s help", line->tool, line->option);
	char *version CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&version, "elfmap %s, libbpf v", elfmap_version_string()), 0);
	/* a batch file, which is empty here, takes the place of the words */
	if (strstr(line->option, "-b "))
		assert_prints(&run, "");
	else if (line->outcome == TAKEN || line->outcome == TAKEN_HERE)
		assert_prints(&run, *line->tool == 't' ? "usage: elfmap tc " : "usage: elfmap ip ");
	else if (line->outcome == PRINTS_VERSION)
		assert_prints(&run, version);
	else
		assert_left(&run, line);
	free_run(&run);
}
END_TEST

/* What the option does, told by what the tool does without it. */
START_TEST(test_effects)
{
	const char *path = scratch_file("lines", "nonsense\nhelp\n", strlen("nonsense\nhelp\n"));
	struct run run;

	/* -h is tc's -help, and ip's -human, unless there is nothing else */
	run = tool("tc -h nonsense");
	assert_prints(&run, "usage: elfmap tc ");
	free_run(&run);
	assert_refusal_with_details(tool("ip -h nonsense"), "'nonsense'");
	run = tool("ip -h");
	assert_prints(&run, "usage: elfmap ip ");
	free_run(&run);
	/* -f is tc's -force, and ip's -family */
	run = tool("tc -f -b %s", path);
	assert_status(&run, 1);
	ck_assert_msg(!strncmp(run.out, "usage: elfmap tc ", 17), "%s", run.out);
	free_run(&run);
	run = tool("ip -fo -b %s", path);
	assert_status(&run, 1);
	ck_assert_msg(!strncmp(run.out, "usage: elfmap ip ", 17), "%s", run.out);
	free_run(&run);
	assert_refusal_with_details(tool("ip -f -b %s", path), "-family -b");
	/* JSON, on one line and on more */
	run = tool("tc -j qdisc show dev lo");
	assert_prints(&run, "[");
	free_run(&run);
	run = tool("tc -p -j qdisc show dev lo");
	assert_prints(&run, "[");
	free_run(&run);
}
END_TEST

/* The originals take what is taken here, and know what is left to them, but for the exceptions. */
START_TEST(test_as_stock)
{
	const struct option_line *line = &option_lines[_i];
	struct run run;

	if (!have_command(line->tool))
		test_skip("no %s is installed", line->tool);
	if (line->outcome == WRONG)
		return;
	run = command("%s %s help", line->tool, line->option);
	ck_assert_msg(!strstr(run.err, "is unknown") ==
			      (line->outcome != TAKEN_HERE && line->outcome != NOBODYS),
		      "%s %s: %s", line->tool, line->option, run.err);
	free_run(&run);
}
END_TEST

/* --- elfmap's own ----------------------------------------------------------------------------- */

/* Where --layout can stand: between all words, but not between a keyword and its value. */
static const char *const layouts[] = {
	"--layout nonsense tc filter add dev lo ingress bpf da obj testdata/counter.o",
	"tc --layout nonsense filter add dev lo ingress bpf da obj testdata/counter.o",
	"tc --layout=nonsense filter add dev lo ingress bpf da obj testdata/counter.o",
	"tc filter --layout nonsense add dev lo ingress bpf da obj testdata/counter.o",
	"tc filter add --layout nonsense dev lo ingress bpf da obj testdata/counter.o",
	"tc filter add dev --layout nonsense lo ingress bpf da obj testdata/counter.o",
	"tc filter add dev lo ingress bpf --layout nonsense da obj testdata/counter.o",
	"tc filter add dev lo ingress bpf da obj testdata/counter.o --layout=nonsense",
	"tc filter add dev lo ingress bpf da obj testdata/counter.o --layout nonsense",
	("tc filter --no-qdisc add dev lo --layout nonsense ingress bpf da --keep-tail-calls obj "
	 "testdata/counter.o"),
};
#define NR_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

START_TEST(test_layout_anywhere)
{
	assert_refusal_with_details(tool("%s", layouts[_i]), "nonsense", "testdata/counter.o");
}
END_TEST

static const struct wrong_line {
	const char *words;
	const char *said;
} wrong_lines[] = {
	{ "tc qdisc show --layout", "--layout needs a value" },
	{ "tc qdisc show --no-qdisc=1", "--no-qdisc takes no value" },
	{ "tc qdisc show --keep-tail-calls=1", "--keep-tail-calls takes no value" },
	{ "--no-qdisc inspect testdata/counter.o", "--no-qdisc is for elfmap tc" },
	{ "--keep-tail-calls inspect testdata/counter.o", "--keep-tail-calls is for elfmap load" },
	{ "--keep-tail-calls convert testdata/counter.o x", "--keep-tail-calls is for" },
	{ "inspect --keep-tail-calls testdata/counter.o", "'--keep-tail-calls'" },
};
#define NR_WRONG_LINES (sizeof(wrong_lines) / sizeof(wrong_lines[0]))

START_TEST(test_wrong_lines)
{
	struct run run = tool("%s", wrong_lines[_i].words);

	assert_status(&run, strncmp(wrong_lines[_i].words, "tc", 2) ? 2 : 1);
	ck_assert_msg(strstr(run.err, wrong_lines[_i].said), "%s", run.err);
	ck_assert_msg(strstr(run.err, "\n  try: elfmap "), "%s", run.err);
	free_run(&run);
}
END_TEST

Suite *iproute2_options_suite(void)
{
	Suite *suite = suite_of("iproute2_options", test_effects);

	add_loop_test(suite, test_option, NR_OPTION_LINES);
	add_loop_test(suite, test_as_stock, NR_OPTION_LINES);
	add_loop_test(suite, test_layout_anywhere, NR_LAYOUTS);
	add_loop_test(suite, test_wrong_lines, NR_WRONG_LINES);
	return suite;
}
