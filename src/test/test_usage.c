// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What the tool says to wrong command lines and to those that ask for help. Needs no rights. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/tests.h"
#include "test/tool.h"

#define FILTER "tc filter add dev lo ingress "
#define MIRRED "tc actions add action mirred "

struct wrong_line {
	const char *words;
	const char *said;
};

static const struct wrong_line wrong_lines[] = {
	{ "nonsense", "'nonsense'" },
	{ "-x", "'-x'" },
	{ "--nonsense inspect x", "'--nonsense'" },
	{ "inspect", "too few" },
	{ "inspect --nonsense x", "'--nonsense'" },
	{ "inspect -x x", "'-x'" },
	{ "inspect --json=3 x", "--json" },
	{ "inspect --layout", "--layout" },
	{ "convert testdata/counter.o", "too few" },
	{ "convert a b c", "'c'" },
	{ "load", "too few" },
	{ "load a b", "'b'" },
	{ "load a --pin-dir", "--pin-dir" },
	{ "load --type nonsense testdata/counter.o", "'nonsense'" },
	{ "tc", "qdisc, filter" },
	{ "tc nonsense", "'nonsense'" },
	{ "tc qdisc nonsense", "'nonsense'" },
	{ "tc qdisc add", "dev DEV" },
	{ "tc qdisc add dev", "'dev'" },
	{ "tc qdisc add dev lo", "clsact" },
	{ "tc qdisc add dev lo clsact ingress", "'ingress'" },
	{ "tc qdisc add dev lo dev lo clsact", "'dev'" },
	{ "tc qdisc add dev lo handle 1: clsact", "'1:'" },
	{ FILTER "bpf obj x action", "behind action" },
	{ FILTER "bpf obj x action nonsense", "'nonsense'" },
	{ FILTER "bpf obj x action ok da", "'da'" },
	{ FILTER "bpf obj x action ok add", "'add'" },
	{ FILTER "bpf obj x action ok classid 1:1 action drop", "twice" },
	{ "tc actions nonsense", "'nonsense'" },
	{ "tc actions add", "behind action" },
	{ "tc actions add action", "behind action" },
	{ "tc actions add action ok action", "behind action" },
	{ "tc actions add action nonsense", "'nonsense'" },
	{ "tc actions add action ok nonsense", "'nonsense'" },
	/* tc's verbs come before what else these letters abbreviate */
	{ "tc actions add action d", "behind action" },
	{ "tc actions add action g chain 3", "behind action" },
	{ "tc actions add action c", "behind action" },
	{ "tc actions add action r", "behind action" },
	{ "tc actions add action gact", "what is gact to do" },
	{ "tc actions add action goto", "chain N" },
	{ "tc actions add action goto 3", "chain N" },
	{ "tc actions add action goto chain", "'chain'" },
	{ "tc actions add action goto chain 268435456", "'268435456'" },
	{ "tc actions add action jump", "'jump'" },
	{ "tc actions add action jump 0x3", "'0x3'" },
	{ "tc actions add action ok index", "'index'" },
	{ "tc actions add action ok index nonsense", "'nonsense'" },
	{ "tc actions add action ok index 4294967296", "'4294967296'" },
	{ "tc actions add action ok index 1 index 2", "twice" },
	{ "tc actions add action ok cookie", "'cookie'" },
	{ "tc actions add action ok cookie 0", "'0'" },
	{ "tc actions add action ok cookie 0x", "'0x'" },
	{ "tc actions add action ok cookie 000102030405060708090a0b0c0d0e0f10", "cookie" },
	{ "tc actions add action ok cookie aa cookie bb", "twice" },
	{ "tc actions add action ok hw_stats nonsense", "'nonsense'" },
	{ "tc actions add action bpf", "obj FILE" },
	{ "tc actions add action bpf ok", "'ok'" },
	{ "tc actions add action bpf obj", "'obj'" },
	{ "tc actions add action bpf pinned x sec y", "pinned program" },
	{ "tc actions add action bpf obj x obj y", "'obj'" },
	{ "tc actions get", "action KIND index N" },
	{ "tc actions get action bpf", "index N" },
	{ "tc actions del action bpf 3", "index N" },
	{ "tc actions del action nonsense index 3", "'nonsense'" },
	{ "tc actions ls", "action KIND" },
	{ "tc actions ls bpf", "action KIND" },
	{ "tc actions ls action", "action KIND" },
	{ "tc actions ls action nonsense", "'nonsense'" },
	{ "tc actions ls action bpf nonsense", "'nonsense'" },
	{ "tc actions ls action bpf since nonsense", "'nonsense'" },
	{ "tc actions flush action", "action KIND" },
	{ "tc actions flush action bpf index", "'index'" },
	{ "tc filter nonsense", "'nonsense'" },
	{ "tc filter add", "dev DEV" },
	{ "tc filter add dev lo ingress", "bpf" },
	{ FILTER "bpf", "obj FILE" },
	{ FILTER "bpf da", "obj FILE" },
	{ FILTER "bpf obj", "'obj'" },
	{ FILTER "bpf obj x sec", "'section'" },
	{ FILTER "bpf obj x sec y sec z", "'section'" },
	{ FILTER "bpf obj x obj y", "once" },
	{ FILTER "bpf obj x pinned y", "once" },
	{ FILTER "bpf pinned", "'pinned'" },
	{ FILTER "bpf pinned x sec y", "pinned program" },
	{ FILTER "bpf obj x nonsense", "'nonsense'" },
	{ FILTER "bpf obj x handle 1", "before 'bpf'" },
	{ FILTER "bpf da obj x sec y prio 1", "before 'bpf'" },
	{ FILTER "bpf obj x classid nonsense", "'nonsense'" },
	{ FILTER "handle nonsense bpf obj x", "'nonsense'" },
	{ FILTER "handle 1:2 bpf obj x", "'1:2'" },
	{ FILTER "prio 65536 bpf obj x", "'65536'" },
	{ FILTER "prio -1 bpf obj x", "'-1'" },
	{ FILTER "prio 1 pref 2 bpf obj x", "twice" },
	{ FILTER "protocol nonsense bpf obj x", "'nonsense'" },
	{ FILTER "chain 4294967296 bpf obj x", "'4294967296'" },
	{ FILTER "parent 1:1 bpf obj x", "only one" },
	{ FILTER "dev lo bpf obj x", "'dev'" },
	{ "tc filter add dev lo parent nonsense bpf obj x", "'nonsense'" },
	{ FILTER "bpf obj x action mirred", "ingress or egress" },
	{ FILTER "bpf obj x action mirred egress", "mirror or redirect" },
	{ MIRRED "redirect dev lo", "ingress or egress" },
	{ MIRRED "egress ingress redirect dev lo", "mirror or redirect" },
	{ MIRRED "egress mirror redirect dev lo", "dev DEV" },
	{ MIRRED "egress mirror", "dev DEV" },
	{ MIRRED "egress redirect lo", "dev DEV" },
	{ MIRRED "egress redirect dev", "'dev'" },
	{ MIRRED "egress redirect dev lo nonsense", "'nonsense'" },
	{ MIRRED "egress mirror dev lo goto 5", "chain" },
	{ MIRRED "egress index x mirror dev lo", "'x'" },
	{ MIRRED "egress index 3 mirror index 4 dev lo", "twice" },
	{ MIRRED "egress mirror index 3 dev lo index 4", "twice" },
	{ "tc filter del dev lo ingress handle 1", "bpf" },
	{ "tc filter show dev lo ingress bpf", "'bpf'" },
};
#define NR_WRONG_LINES (sizeof(wrong_lines) / sizeof(wrong_lines[0]))

/* Wrong usage is 1 for tc and ip, 2 for elfmap's own commands. */
static int usage_status(const char *words)
{
	return strncmp(words, "tc", 2) && strncmp(words, "ip", 2) ? 2 : 1;
}

/* That status, nothing on stdout, the word that is wrong, and how to get help: scripts rely on it. */
START_TEST(test_wrong_usage)
{
	const struct wrong_line *line = &wrong_lines[_i];
	struct run run = tool("%s", line->words);

	assert_status(&run, usage_status(line->words));
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(!strncmp(run.err, "elfmap: ", 8), "%s: %s", line->words, run.err);
	ck_assert_msg(strstr(run.err, line->said), "%s: %s", line->words, run.err);
	ck_assert_msg(strstr(run.err, "\n  try: elfmap "), "%s: %s", line->words, run.err);
	free_run(&run);
}
END_TEST

/* What tc has and elfmap has not. */
static const struct wrong_line tcs_own[] = {
	{ "tc class show dev lo", "'tc class'" },
	{ "tc monitor", "'tc monitor'" },
	{ "tc qdisc add dev lo root fq", "'tc qdisc add'" },
	{ "tc qdisc change dev lo clsact", "'tc qdisc'" },
	{ FILTER "flower", "'tc filter add'" },
	{ FILTER "bpf bytecode 1", "'tc filter add'" },
	{ FILTER "bpf obj x action ok action police", "'tc filter add'" },
	{ FILTER "bpf obj x police", "'tc filter add'" },
	{ "tc actions add action police", "'tc actions add'" },
	{ "tc actions add action ok random determ drop 5", "'tc actions add'" },
	{ "tc actions add action bpf bytecode 1", "'tc actions add'" },
	{ "tc actions del action csum index 3", "'tc actions del'" },
	{ "tc actions ls action csum", "'tc actions ls'" },
};
#define NR_TCS_OWN (sizeof(tcs_own) / sizeof(tcs_own[0]))

/* The user is sent to the command that takes it. */
START_TEST(test_left_to_tc)
{
	struct run run = tool("%s", tcs_own[_i].words);

	assert_status(&run, 1);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(strstr(run.err, "use the stock"), "%s", run.err);
	ck_assert_msg(strstr(run.err, tcs_own[_i].said), "%s", run.err);
	free_run(&run);
}
END_TEST

/* Without words it is wrong usage too, and shows how it is used, on stderr. */
START_TEST(test_no_words)
{
	const char *const argv[] = { tool_path(), NULL };
	struct run run = run_command(argv, NULL);

	assert_status(&run, 2);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(!strncmp(run.err, "usage: elfmap ", 14), "%s", run.err);
	free_run(&run);
}
END_TEST

static const struct help_line {
	const char *words;
	const char *first;
} help_lines[] = {
	{ "--help", "usage: elfmap [" },
	{ "-h", "usage: elfmap [" },
	{ "help", "usage: elfmap [" },
	{ "inspect --help", "usage: elfmap inspect " },
	{ "inspect -h x y", "usage: elfmap inspect " },
	{ "help inspect", "usage: elfmap inspect " },
	{ "convert --help", "usage: elfmap convert " },
	{ "help convert", "usage: elfmap convert " },
	{ "load --help", "usage: elfmap load " },
	{ "help load", "usage: elfmap load " },
	{ "tc help", "usage: elfmap tc " },
	{ "tc -h", "usage: elfmap tc " },
	{ "tc --help", "usage: elfmap tc " },
	{ "help tc", "usage: elfmap tc " },
	{ "tc qdisc help", "usage: elfmap tc " },
	{ "tc qdisc add help", "usage: elfmap tc " },
	{ "tc filter help", "usage: elfmap tc " },
	{ "tc filter show help", "usage: elfmap tc " },
	{ FILTER "bpf help", "usage: elfmap tc " },
	{ FILTER "bpf obj x action help", "usage: elfmap tc " },
	{ "tc actions help", "usage: elfmap tc " },
	{ "tc actions add help", "usage: elfmap tc " },
	{ "tc actions add action ok action help", "usage: elfmap tc " },
	{ "tc actions get help", "usage: elfmap tc " },
};
#define NR_HELP_LINES (sizeof(help_lines) / sizeof(help_lines[0]))

/* Help goes to stdout, with status 0, in lines that a terminal of 80 columns shows whole. */
START_TEST(test_help)
{
	const char *first = help_lines[_i].first;
	char *out = tool_output("%s", help_lines[_i].words);

	ck_assert_msg(!strncmp(out, first, strlen(first)), "%s", out);
	for (const char *line = out; *line;) {
		size_t length = strcspn(line, "\n");

		ck_assert_msg(length <= 80, "%zu columns: %.*s", length, (int)length, line);
		ck_assert_msg(!memchr(line, '\t', length), "a tab: %.*s", (int)length, line);
		ck_assert_int_eq(line[length], '\n');
		line += length + 1;
	}
	free(out);
}
END_TEST

/* Each command is in the list of commands. */
START_TEST(test_commands_are_listed)
{
	static const char *const commands[] = { "inspect", "convert", "load", "tc" };
	char *out = tool_output("--help");

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char line[32];

		snprintf(line, sizeof(line), "\n  %s ", commands[i]);
		ck_assert_msg(strstr(out, line), "%s", out);
	}
	free(out);
}
END_TEST

/* Both versions are told, wherever they are asked for. */
START_TEST(test_version)
{
	static const char *const lines[] = { "--version", "-V", "tc -V", "inspect --version" };
	char *expected CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&expected, "elfmap %s, libbpf v", elfmap_version_string()), 0);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char *out = tool_output("%s", lines[i]);

		ck_assert_msg(!strncmp(out, expected, strlen(expected)), "%s", out);
		free(out);
	}
}
END_TEST

/* A full disk is no success. */
START_TEST(test_output_is_lost)
{
	struct run run =
		run("sh", "-c", "\"$0\" inspect testdata/counter.o >/dev/full", tool_path());

	assert_status(&run, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "standard output"));
	free_run(&run);
}
END_TEST

/* Closed, it is not replaced by a socket or a file that the tool opens. */
START_TEST(test_closed_descriptors)
{
	struct run run = run("sh", "-c", "\"$0\" inspect testdata/counter.o >&-", tool_path());

	assert_status(&run, 1);
	ck_assert_ptr_nonnull(strstr(run.err, "standard output"));
	free_run(&run);
	run = run("sh", "-c", "\"$0\" inspect testdata/counter.o 2>&- <&-", tool_path());
	assert_status(&run, 0);
	ck_assert_ptr_nonnull(strstr(run.out, "packets"));
	free_run(&run);
}
END_TEST

/* Control characters of both sets are shown as what does nothing. */
START_TEST(test_control_characters)
{
	struct run run = run_elfmap("inspect", "a\033[2J\302\2332Jbc\303\244.o");

	assert_status(&run, 1);
	ck_assert_msg(strstr(run.err, "a?[2J??2Jbc\303\244.o"), "%s", run.err);
	free_run(&run);
}
END_TEST

Suite *usage_suite(void)
{
	Suite *suite = suite_of("usage", test_no_words, test_commands_are_listed, test_version,
				test_output_is_lost, test_closed_descriptors,
				test_control_characters);

	add_loop_test(suite, test_wrong_usage, NR_WRONG_LINES);
	add_loop_test(suite, test_left_to_tc, NR_TCS_OWN);
	add_loop_test(suite, test_help, NR_HELP_LINES);
	return suite;
}
