// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What bash offers on TAB. Held against what the tool says of itself, so that nothing new is left out.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/readme.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

#define WORDS_MAX 32

/* Complete lines that begin behind "elfmap ". What is offered, as complete.bash prints it. */
static char *complete_lines(const char *tool, char *const *lines, size_t count)
{
	const char *argv[WORDS_MAX + 3] = { "bash", "src/test/complete.bash" };
	char *offered;
	struct run run;

	if (!have_command("bash"))
		test_skip("no bash here");
	ck_assert_uint_lt(count, WORDS_MAX);
	for (size_t i = 0; i < count; i++)
		ck_assert_int_gt(asprintf((char **)&argv[i + 2], "%s %s", tool, lines[i]), 0);
	run = run_command(argv, NULL);
	for (size_t i = 0; i < count; i++)
		free((char *)argv[i + 2]);
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	offered = take_ptr(run.out);
	free_run(&run);
	return offered;
}

/* One line; the words, each with a tab behind it. */
static char *complete(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *complete(const char *format, ...)
{
	char *line CLEANUP(cleanup_free) = NULL;
	va_list arguments;
	char *offered;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&line, format, arguments), 0);
	va_end(arguments);
	offered = complete_lines(tool_path(), &line, 1);
	offered[strcspn(offered, "\n")] = '\0';
	return offered;
}

static bool is_offered(const char *offered, const char *word)
{
	char *between CLEANUP(cleanup_free) = NULL;
	char *all CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&between, "\t%s\t", word), 0);
	ck_assert_int_gt(asprintf(&all, "\t%s", offered), 0);
	return strstr(all, between);
}

/* --- what the tool says of itself --------------------------------------------------------- */

/* The names under "commands:" in the help text: they are for free(). Returns how many. */
static size_t read_commands(char *names[WORDS_MAX])
{
	char *help CLEANUP(cleanup_free) = tool_output("--help");
	char *line = strstr(help, "\ncommands:\n");
	size_t count = 0;

	ck_assert_ptr_nonnull(line);
	line += strlen("\ncommands:\n");
	while (!strncmp(line, "  ", 2)) {
		ck_assert_uint_lt(count, WORDS_MAX);
		names[count++] = strndup(line + 2, strcspn(line + 2, " \n"));
		line = strchr(line, '\n') + 1;
	}
	ck_assert_uint_ge(count, 5);
	return count;
}

static void free_words(char **words, size_t count)
{
	while (count)
		free(words[--count]);
}

START_TEST(test_commands)
{
	char *offered CLEANUP(cleanup_free) = complete("%s", "");
	char *commands[WORDS_MAX];
	size_t count = read_commands(commands), tabs = 0;

	for (size_t i = 0; i < count; i++)
		ck_assert_msg(is_offered(offered, commands[i]), "%s: not in %s", commands[i],
			      offered);
	ck_assert(is_offered(offered, "help"));
	for (const char *c = offered; *c; c++)
		tabs += *c == '\t';
	ck_assert_msg(tabs == count + 1, "%s", offered);
	free_words(commands, count);
}
END_TEST

/* The option that begins here in a help text, without what may be left out: -j[son] is -json. */
static size_t read_option(const char *text, char option[32])
{
	size_t length = 0, used = 0;

	while (text[length] &&
	       (strchr("-[]", text[length]) || isalnum((unsigned char)text[length]))) {
		if (!strchr("[]", text[length]) && used < 31)
			option[used++] = text[length];
		length++;
	}
	option[used] = '\0';
	return used > 1 && isalnum((unsigned char)option[used - 1]) ? length : 0;
}

static void check_option(const char *command, const char *option, const char *behind,
			 const char *offered)
{
	char *values CLEANUP(cleanup_free) = NULL;

	ck_assert_msg(is_offered(offered, option), "elfmap %s: %s is not offered, but\n%s", command,
		      option, offered);
	if (strncmp(option, "--", 2) != 0 || behind[0] != ' ' || !isupper((unsigned char)behind[1]))
		return;
	/* behind a word, options are those of the command that exec runs */
	values = complete("%s %s%s ", command,
			  strcmp(command, "exec") != 0 ? "testdata/counter.o " : "", option);
	ck_assert_msg(*values, "elfmap %s: %s has no values", command, option);
	ck_assert_msg(!is_offered(values, option), "elfmap %s: %s has options as values", command,
		      option);
}

/* Each option in a help text is offered, and so are values where it has one. */
static void check_options(const char *command)
{
	char *help CLEANUP(cleanup_free) = tool_output("%s --help", command);
	char *offered CLEANUP(cleanup_free) = complete("%s%s-", command, *command ? " " : "");
	size_t count = 0, length;
	char option[32];

	for (const char *text = help; *text; text++) {
		if (*text != '-' || (text > help && !strchr(" \n(,", text[-1])))
			continue;
		length = read_option(text, option);
		if (length) {
			check_option(command, option, text + length, offered);
			count++;
		}
	}
	ck_assert_msg(count > 2, "elfmap %s: %zu options", command, count);
}

START_TEST(test_options)
{
	char *commands[WORDS_MAX];
	size_t count = read_commands(commands);

	check_options("");
	for (size_t i = 0; i < count; i++)
		check_options(commands[i]);
	free_words(commands, count);
}
END_TEST

START_TEST(test_program_types)
{
	char *offered CLEANUP(cleanup_free) = complete("load --type ");

	for (int type = BPF_PROG_TYPE_SOCKET_FILTER; type <= BPF_PROG_TYPE_SYSCALL; type++) {
		const char *name = libbpf_bpf_prog_type_str((enum bpf_prog_type)type);

		ck_assert_msg(is_offered(offered, name), "%s: not in %s", name, offered);
	}
}
END_TEST

START_TEST(test_layouts)
{
	char *offered CLEANUP(cleanup_free) = complete("inspect --layout ");
	const struct elfmap_format *format;

	for (size_t i = 0; (format = elfmap_builtin_format(i)); i++)
		ck_assert_msg(is_offered(offered, format->name), "%s: not in %s", format->name,
			      offered);
}
END_TEST

/* Each verb that is offered is one of the tool's. */
START_TEST(test_verbs)
{
	static const char *const objects[] = { "tc qdisc", "tc filter", "tc action",
					       "tc exec",  "ip link",	"ip route" };

	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		char *offered CLEANUP(cleanup_free) = complete("%s ", objects[i]);
		char *rest = NULL;

		ck_assert_str_ne(offered, "");
		for (char *verb = strtok_r(offered, "\t", &rest); verb;
		     verb = strtok_r(NULL, "\t", &rest)) {
			struct run run = tool("%s %s help", objects[i], verb);

			ck_assert_msg(!strstr(run.err, "what is '") &&
					      !strstr(run.err, "does not handle"),
				      "%s %s: %s", objects[i], verb, run.err);
			free_run(&run);
		}
	}
}
END_TEST

/* --- lines -------------------------------------------------------------------------------- */

struct line {
	const char *typed;
	const char *offered;
};

static const struct line lines[] = {
	{ "ins", "inspect\t" },
	{ "--layout btf ins", "inspect\t" },
	{ "help conv", "convert\t" },
	{ "nonsense", "" },

	{ "inspect testdata/xd", "testdata/xdp.o\ttestdata/xdp.btf.o\t" },
	{ "convert testdata/leg", "" },
	{ "inspect testd", "testdata\t" },
	{ "inspect --layou", "--layout\t--layouts\t" },
	{ "inspect --layout go", "goebpf40\tgobpf280\t" },
	{ "inspect --layout=go", "goebpf40\tgobpf280\t" },
	{ "convert --for ", "libbpf\ttc\tbpftool\t" },
	{ "load --type lwt_s", "lwt_seg6local\t" },
	{ "load --pin-dir testda", "testdata\t" },
	{ "load --pin-dir testdata/xdp", "" },
	{ "load testdata/gobpf.o --pin-path ", "policy=\tsleepers=\ttotals=\t" },
	{ "load --pin-path policy=testdata/xdp.c", "testdata/xdp.c\t" },

	{ "exec --pin", "--pin-policy\t" },
	{ "exec --pin-policy ", "auto\tnone\t" },
	{ "exec --pin-policy=n", "none\t" },
	{ "exec -v --layout go", "goebpf40\tgobpf280\t" },
	{ "exec -- testdata/pinn", "testdata/pinning\t" },
	{ "exec cat testdata/pinn", "testdata/pinning\t" },
	{ "exec -v cat --pin", "" },
	{ "exec readlin", "readlink\t" },
	{ "exec --pin-policy none -- readlin", "readlink\t" },

	{ "tc ", "qdisc\tfilter\taction\texec\thelp\t" },
	{ "tc -n blue fi", "filter\t" },
	{ "tc -stat", "-statistics\t" },
	{ "tc -color=a", "always\tauto\t" },
	{ "tc -batch testdata/pinn", "testdata/pinning\t" },
	{ "tc qdisc add dev eth0 ", "dev\tclsact\tingress\tingress_block\tegress_block\t" },
	{ "tc filter r", "replace\t" },
	{ "tc filter add dev lo", "lo\t" },
	{ "tc filter add --no", "--no-qdisc\t" },
	{ "tc filter add dev eth0 ingress b", "block\tbpf\t" },
	{ "tc filter add dev eth0 ingress bpf d", "da\tdirect-action\t" },
	{ "tc f a dev eth0 ingress bpf d", "da\tdirect-action\t" },
	{ "tc filter add dev eth0 ingress prio ", "" },
	{ "tc filter add dev eth0 bpf obj testdata/xdp.", "testdata/xdp.o\ttestdata/xdp.btf.o\t" },
	{ "tc filter add dev eth0 bpf obj testdata/tailcalls.o sec 4", "42/0\t42/1\t" },
	{ "tc filter add dev eth0 bpf obj testdata/tailcalls.o program ent", "enter\t" },
	{ "tc filter add dev eth0 bpf pinned ", "/sys/fs/bpf/\tm:globals/\t" },
	{ "tc filter add dev eth0 bpf pinned m:gl", "globals/\t" },
	{ "tc filter add dev eth0 bpf obj a.o action mi", "mirred\t" },
	{ "tc filter add dev eth0 bpf obj a.o action mirred ", "ingress\tegress\t" },
	{ "tc filter add dev eth0 bpf obj a.o action mirred egress ", "redirect\tmirror\t" },
	{ "tc action del action gact i", "index\t" },
	{ "tc action add action g", "gact\tgoto\t" },
	{ "tc exec bpf graft m:globals/jumps k", "key\t" },
	{ "tc exec bpf import maps.sock ", "run\t" },
	{ "tc class ", "help\t" },

	{ "ip ", "route\tlink\thelp\t" },
	{ "ip l s dev eth0 xdpg", "xdpgeneric\t" },
	{ "ip link set dev eth0 xdp o", "obj\toff\t" },
	{ "ip link set dev eth0 xdp obj testdata/xdp.o s", "sec\t" },
	{ "ip route add 10.0.0.0/8 dev eth0 encap ", "bpf\t" },
	{ "ip route add 2001:db8::/32 via ::1 dev eth0 encap bpf x", "xmit\t" },
	{ "ip route add 10.0.0.0/8 proto", "protocol\t" },
};

START_TEST(test_line)
{
	const struct line *line = &lines[_i];
	char *offered CLEANUP(cleanup_free) = complete("%s", line->typed);

	ck_assert_msg(!strcmp(offered, line->offered), "elfmap %s: offered is\n%s, expected\n%s",
		      line->typed, offered, line->offered);
}
END_TEST

/* Behind these stands what only the user knows. */
static bool is_followed_by_name(const char *word)
{
	static const char *const words[] = { "dev", "obj",    "sec",	"pinned", "graft",
					     "run", "export", "import", "-n",	  "-batch" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(word, words[i]))
			return true;
	}
	return false;
}

/* Whether the word, or one that it abbreviates, is offered; true where nothing is. */
static bool is_offered_or_free(char *offered, const char *word)
{
	char *rest = NULL;
	bool any = false;

	for (char *other = strtok_r(offered, "\t", &rest); other;
	     other = strtok_r(NULL, "\t", &rest)) {
		if (!strncmp(other, word, strlen(word)))
			return true;
		any = true;
	}
	return !any;
}

/* Complete a line at each of its words; elfmap itself is no such. */
static void check_words(const char *line)
{
	char *begun[WORDS_MAX], *words[WORDS_MAX];
	char *offered CLEANUP(cleanup_free) = NULL, *next;
	char *text CLEANUP(cleanup_free) = strdup(line);
	char *rest = NULL;
	size_t count = 0;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		begun[count] = strndup(line, (size_t)(word - text));
		words[count++] = word;
	}
	offered = complete_lines(tool_path(), begun, count);
	next = offered;
	for (size_t i = 0; i < count; i++) {
		char *here = strsep(&next, "\n");
		bool is_name = i > 0 && is_followed_by_name(words[i - 1]);

		/* options are offered behind a "-" only, a destination is anybody's */
		if (!is_name && *words[i] != '-' && !isdigit((unsigned char)*words[i]))
			ck_assert_msg(is_offered_or_free(here, words[i]), "%s: %s is not offered",
				      line, words[i]);
	}
	free_words(begun, count);
}

/* What the README shows can be typed with TAB. */
START_TEST(test_readme)
{
	struct readme_table table = readme_table();

	for (size_t i = 0; i < table.count; i++)
		check_words(table.lines[i]);
	ck_assert_uint_ge(table.count, 20);
	free_words(table.lines, table.count);
}
END_TEST

/* --- trust -------------------------------------------------------------------------------- */

/* Names in an object are neither run while they are looked at, nor when the line is entered. */
START_TEST(test_hostile_names)
{
	struct test_object object = object_load("counter");
	char *offered CLEANUP(cleanup_free) = NULL;
	const char *path;

	object_rename_section(&object, "classifier", "$(echo${IFS}x>ran)`echo>ran`;*");
	path = scratch_object("hostile.o", object);
	offered = complete("tc filter add dev lo bpf obj %s sec ", path);
	ck_assert_str_eq(offered,
			 "\\$\\(echo\\$\\{IFS\\}x\\>ran\\)\\`echo\\>ran\\`\\;\\*\tingress\t");
	ck_assert_int_ne(access("ran", F_OK), 0);
}
END_TEST

START_TEST(test_blank_in_path)
{
	const char *path = scratch_object("a blank.o", object_load("counter"));
	char *offered CLEANUP(cleanup_free) = NULL;
	char *begun CLEANUP(cleanup_free) = strdup(path);

	strstr(begun, " blank")[0] = '\0';
	offered = complete("inspect %s", begun);
	offered[strcspn(offered, "\t")] = '\0';
	ck_assert_str_eq(offered, path);
}
END_TEST

/* Without the tool there is nothing to offer, and nothing to complain about. */
START_TEST(test_no_tool)
{
	char *line = "";
	char *offered;

	ck_assert(!have_command("elfmap-of-nobody"));
	if (have_command("elfmap"))
		test_skip(
			"an elfmap is installed here, which takes the place of the one that is not");
	offered = complete_lines("elfmap-of-nobody", &line, 1);
	ck_assert_str_eq(offered, "\n");
	free(offered);
}
END_TEST

Suite *completion_suite(void)
{
	Suite *suite = suite_of("completion", test_commands, test_options, test_program_types,
				test_layouts, test_verbs, test_readme, test_hostile_names,
				test_blank_in_path, test_no_tool);

	add_loop_test(suite, test_line, sizeof(lines) / sizeof(lines[0]));
	return suite;
}
