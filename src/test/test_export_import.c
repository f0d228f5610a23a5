// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Maps from one process to another: the filter's export and tc exec bpf import, with each other,
 * with a peer that is no part of the tool, and with the stock tc.
 */
#include <linux/pkt_cls.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/expected.h"
#include "test/export_peer.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define TAIL_CALLS "testdata/tailcalls.o"
#define EXPORT "tc filter add dev veth0 ingress bpf da obj " TAIL_CALLS " export %s"

/* --- what a command was given -------------------------------------------------------------- */

/* Shows the variables that tell of maps, and of which map each of its descriptors is. */
#define SHOW "echo; env | grep ^BPF_; grep -s map_id: /proc/self/fdinfo/*; true"

/* The value of a variable in what SHOW prints, -1 if it is not there. */
static int variable(const char *shown, const char *name)
{
	char *start CLEANUP(cleanup_free) = NULL;
	const char *found;

	ck_assert_int_gt(asprintf(&start, "\n%s=", name), 0);
	found = strstr(shown, start);
	return found ? atoi(found + strlen(start)) : -1;
}

/* The map that the descriptor of a variable is of. */
static __u32 shown_map(const char *shown, const char *name)
{
	char *start CLEANUP(cleanup_free) = NULL;
	const char *found;
	__u32 id;

	ck_assert_int_gt(asprintf(&start, "/proc/self/fdinfo/%d:map_id:", variable(shown, name)),
			 0);
	found = strstr(shown, start);
	ck_assert_msg(found && sscanf(found + strlen(start), "%u", &id) == 1, "no %s in\n%s", start,
		      shown);
	return id;
}

static bool shows_map(const char *shown, __u32 id)
{
	char *end CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&end, ":map_id:\t%u\n", id), 0);
	return strstr(shown, end);
}

static size_t nr_shown_maps(const char *shown)
{
	size_t count = 0;

	while ((shown = strstr(shown, ":map_id:\t"))) {
		shown++;
		count++;
	}
	return count;
}

static bool is_socket(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Start a tc that waits at the path and then runs a line of shell. */
static struct running start_import(const char *tc, const char *path, const char *line)
{
	const char *const elfmap_words[] = { tool_path(), "tc", "exec", "bpf", "import", path,
					     "run",	  "sh", "-c",	line,  NULL };
	const char *const *words = strcmp(tc, "elfmap") ? elfmap_words + 1 : elfmap_words;
	struct running running = start_command(words, NULL);

	wait_until(is_socket(path));
	return running;
}

static __u32 pinned_map(const char *name)
{
	char *path CLEANUP(cleanup_free) = NULL;

	ck_assert_int_gt(asprintf(&path, GLOBALS "/%s", name), 0);
	return map_info_of_pin(path).id;
}

/* --- both ends ----------------------------------------------------------------------------- */

/* What the command of the other tc sees are the maps of the filter that was added, and no others. */
static void check_exchange(const char *tc)
{
	const char *path = scratch_path("socket");
	struct running importing;
	struct run run;

	enter_with_clsact();
	importing = start_import(tc, path, SHOW);
	tool_works(EXPORT, path);
	run = finish_command(&importing);
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	ck_assert_int_eq(variable(run.out, "BPF_NUM_MAPS"), 3);
	ck_assert_uint_eq(nr_shown_maps(run.out), 3);
	ck_assert_uint_eq(shown_map(run.out, "BPF_MAP42"), pinned_map("steps"));
	ck_assert_uint_eq(shown_map(run.out, "BPF_MAP0"), pinned_map("trace"));
	ck_assert_int_ne(variable(run.out, "BPF_MAP11259066"), -1); /* 0xabccba */
	ck_assert(!is_socket(path));
	free_run(&run);
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
}

START_TEST(test_exchange)
{
	check_exchange("elfmap");
}
END_TEST

/* tc's import is part of it to this day. */
START_TEST(test_stock_import)
{
	if (!have_command("tc"))
		test_skip("no tc is installed");
	check_exchange("tc");
}
END_TEST

/* Maps of one id have variables of one name, but a descriptor each. */
START_TEST(test_same_ids)
{
	static const char *const maps[] = { "protocols",  "bytes",	"jumps",
					    "directions", "packets_in", "packets_out" };
	const char *path = scratch_path("socket");
	struct running importing;
	struct run run;

	enter_with_clsact();
	importing = start_import("elfmap", path, SHOW);
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/demo.o exp %s sec ingress",
		   path);
	run = finish_command(&importing);
	assert_status(&run, 0);
	ck_assert_int_eq(variable(run.out, "BPF_NUM_MAPS"), 6);
	ck_assert_uint_eq(nr_shown_maps(run.out), 6);
	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		ck_assert_msg(shows_map(run.out, pinned_map(maps[i])), "%s\n%s", maps[i], run.out);
	free_run(&run);
}
END_TEST

/* --- the original's datagrams -------------------------------------------------------------- */

/* A peer that knows tc's datagrams gets the definitions of the object, and its maps. */
START_TEST(test_export_to_peer)
{
	static const char *const maps[] = { "steps", "verdicts", "trace" };
	const char *path = scratch_path("socket");
	struct peer_datagram datagram;
	struct stat st;
	int socket;

	enter_with_clsact();
	socket = peer_listen(path);
	tool_works(EXPORT, path);
	datagram = peer_receive(socket);
	ck_assert_int_eq(stat(TAIL_CALLS, &st), 0);
	ck_assert_str_eq(datagram.message.name, TAIL_CALLS);
	ck_assert_uint_eq(datagram.message.file.inode, st.st_ino);
	ck_assert_uint_eq(datagram.message.total, 3);
	ck_assert_uint_eq(datagram.nr_fds, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct peer_definition *definition = &datagram.message.definitions[i];
		const struct elfmap_map_def *def = &expected_map("tailcalls", maps[i])->def;
		struct bpf_map_info info = map_info(datagram.fds[i]);

		ck_assert_str_eq(info.name, maps[i]);
		ck_assert_uint_eq(info.type, definition->type);
		ck_assert_uint_eq(definition->type, def->type);
		ck_assert_uint_eq(definition->key_size, def->key_size);
		ck_assert_uint_eq(definition->value_size, def->value_size);
		ck_assert_uint_eq(definition->max_entries, def->max_entries);
		ck_assert_uint_eq(definition->id, def->id);
		ck_assert_uint_eq(definition->pinning, def->pinning);
	}
	ck_assert_uint_eq(map_info(datagram.fds[0]).id, pinned_map("steps"));
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
	close(socket);
}
END_TEST

/* And what such a peer sends is received, however many there are. */
START_TEST(test_import_of_peer)
{
	const size_t count = _i ? 70 : 2;
	const char *path = scratch_path("socket");
	struct peer_datagram datagrams[2];
	struct running importing;
	struct run run;
	int fds[70];

	enter_kernel();
	make_maps(fds, count);
	datagrams[0] = peer_datagram(fds, count, 0);
	if (_i)
		datagrams[1] = peer_datagram(fds, count, PEER_MAPS);
	importing = start_import("elfmap", path, SHOW);
	peer_send_now(path, datagrams, _i ? 2 : 1);
	run = finish_command(&importing);
	assert_status(&run, 0);
	ck_assert_int_eq(variable(run.out, "BPF_NUM_MAPS"), (int)count);
	ck_assert_uint_eq(nr_shown_maps(run.out), count);
	for (size_t i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof(name), "BPF_MAP%u", peer_definition(i).id);
		ck_assert_uint_eq(shown_map(run.out, name), map_info(fds[i]).id);
	}
	free_run(&run);
	close_all(fds, count);
}
END_TEST

/* --- the sender ----------------------------------------------------------------------------- */

/* The variable stands for the word, which wins. */
START_TEST(test_variable)
{
	const char *path = scratch_path("socket");
	char *to_path CLEANUP(cleanup_free) = NULL;
	const char *environment[] = { NULL, NULL };
	struct peer_datagram datagram;
	struct run run;
	int socket;

	enter_with_clsact();
	ck_assert_int_gt(asprintf(&to_path, "TC_BPF_UDS=%s", path), 0);
	socket = peer_listen(path);
	environment[0] = to_path;
	run = tool_with(environment, "tc filter add dev veth0 ingress bpf da obj " TAIL_CALLS);
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
	datagram = peer_receive(socket);
	ck_assert_uint_eq(map_info(datagram.fds[0]).id, pinned_map("steps"));

	environment[0] = "TC_BPF_UDS=/nowhere";
	run = tool_with(environment,
			"tc filter add dev veth0 egress bpf da obj " TAIL_CALLS " export %s", path);
	assert_status(&run, 0);
	free_run(&run);
	datagram = peer_receive(socket);
	ck_assert_uint_eq(map_info(datagram.fds[0]).id, pinned_map("steps"));
	close(socket);

	/* as good as not set, and of no use to a pin, which has no maps */
	environment[0] = "TC_BPF_UDS=";
	run = tool_with(environment, "tc filter add dev veth0 egress bpf da obj " TAIL_CALLS);
	assert_status(&run, 0);
	free_run(&run);
	free(tool_output("load testdata/counter.o --pin-dir " BPFFS "/pinned"));
	environment[0] = "TC_BPF_UDS=/nowhere";
	run = tool_with(environment,
			"tc filter add dev veth0 egress bpf da pinned " BPFFS "/pinned/direct");
	assert_status(&run, 0);
	free_run(&run);
}
END_TEST

/* Nobody is there, or no more: no filter, and all that was loaded is taken back. */
START_TEST(test_nobody_listens)
{
	const char *path = scratch_path("socket");
	char *to_path CLEANUP(cleanup_free) = NULL;
	const char *environment[] = { NULL, NULL };
	char *before;

	enter_with_clsact();
	if (_i)
		close(peer_listen(path));
	before = snapshot();
	assert_refusal_with_details(tool(EXPORT, path), path,
				    _i ? "nobody receives" : "nothing is there",
				    TAIL_CALLS " is not attached", "elfmap tc exec bpf import ");
	assert_unchanged(before);

	/* nor is the clsact left that there was none of */
	before = snapshot();
	assert_refusal_with_details(
		tool("tc filter add dev veth1 ingress bpf da obj " TAIL_CALLS " export %s", path),
		path);
	assert_unchanged(before);

	before = snapshot();
	ck_assert_int_gt(asprintf(&to_path, "TC_BPF_UDS=%s", path), 0);
	environment[0] = to_path;
	assert_refusal_with_details(
		tool_with(environment, "tc filter add dev veth0 ingress bpf da obj " TAIL_CALLS),
		path, "$TC_BPF_UDS", "unset it");
	assert_unchanged(before);
}
END_TEST

/* Beside a filter that is at work: its slots are its own again. */
START_TEST(test_nobody_listens_beside_another)
{
	char *before;

	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj " TAIL_CALLS);
	before = snapshot();
	assert_refusal_with_details(
		tool("tc filter replace dev veth0 ingress prio 1 handle 1 bpf da obj " TAIL_CALLS
		     " export /nowhere"),
		"/nowhere");
	assert_unchanged(before);
}
END_TEST

/*
 * Actions export as filters do, alone and behind one, by the word and by the variable. That comes
 * before the kernel is asked for the action, which it may not have.
 */
static const struct action_line {
	const char *words;
	const char *variable;
} action_lines[] = {
	{ "tc actions add action bpf obj testdata/def20.o export %s", "TC_BPF_UDS" },
	{ "tc actions add action bpf obj testdata/def20.o", "TC_BPF_UDS=%s" },
	{ "tc filter add dev veth0 ingress bpf obj testdata/nomaps.o sec classifier action bpf obj "
	  "testdata/def20.o export %s",
	  "TC_BPF_UDS" },
};
#define NR_ACTION_LINES (sizeof(action_lines) / sizeof(action_lines[0]))

static struct run run_action(const struct action_line *line, const char *path)
{
	char *variable CLEANUP(cleanup_free) = NULL;
	char *words CLEANUP(cleanup_free) = NULL;
	const char *environment[] = { NULL, NULL };

	ck_assert_int_gt(asprintf(&variable, line->variable, path), 0);
	ck_assert_int_gt(asprintf(&words, line->words, path), 0);
	environment[0] = variable;
	return tool_with(environment, "%s", words);
}

START_TEST(test_action)
{
	const char *path = scratch_path("socket");
	struct peer_datagram datagram;
	struct run run;
	int socket;

	enter_with_clsact();
	socket = peer_listen(path);
	run = run_action(&action_lines[_i], path);
	ck_assert_msg(run.status == 0 || strstr(run.err, "no act_bpf"), "%s", run.err);
	free_run(&run);
	datagram = peer_receive(socket);
	ck_assert_str_eq(datagram.message.name, "testdata/def20.o");
	ck_assert_uint_eq(datagram.nr_fds, 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(map_info(datagram.fds[i]).type,
				  datagram.message.definitions[i].type);
	close(socket);
}
END_TEST

START_TEST(test_action_without_listener)
{
	const char *path = scratch_path("socket");
	char *before;

	enter_with_clsact();
	before = snapshot();
	assert_refusal_with_details(run_action(&action_lines[_i], path), path, "nothing is there",
				    "testdata/def20.o is not attached");
	assert_unchanged(before);
}
END_TEST

START_TEST(test_nothing_to_export)
{
	struct run run;

	enter_with_clsact();
	run = tool("tc filter add dev veth0 ingress bpf da obj testdata/nomaps.o export /nowhere");
	assert_status(&run, 0);
	ck_assert_msg(strstr(run.err, "testdata/nomaps.o: it has no maps to export"), "%s",
		      run.err);
	free_run(&run);
	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
}
END_TEST

/* --- the receiver --------------------------------------------------------------------------- */

/* Import the maps of a peer and run what the words say. */
static struct run import_and_run(const char *const *command)
{
	const char *path = scratch_path("socket");
	const char *words[16] = { tool_path(), "tc", "exec", "bpf", "import", path };
	struct peer_datagram datagram;
	struct running importing;
	int fds[2];

	for (size_t i = 0; command[i]; i++)
		words[6 + i] = command[i];
	make_maps(fds, 2);
	datagram = peer_datagram(fds, 2, 0);
	importing = start_command(words, NULL);
	wait_until(is_socket(path));
	peer_send_now(path, &datagram, 1);
	close_all(fds, 2);
	return finish_command(&importing);
}

/* The words behind run are the command's, those too that would be options here. */
START_TEST(test_words_of_command)
{
	static const char *const command[] = {
		"r", "printf", "%s,", "--layout", "x", "--keep-tail-calls", "-V", "run", NULL,
	};
	struct run run;

	enter_kernel();
	run = import_and_run(command);
	assert_status(&run, 0);
	ck_assert_str_eq(run.out, "--layout,x,--keep-tail-calls,-V,run,");
	ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST

/* Its status is ours; without one it is a shell, which ends with its input. */
START_TEST(test_status_of_command)
{
	static const struct {
		const char *const command[5];
		int status;
		const char *said;
	} cases[] = {
		{ { NULL }, 0, NULL },
		{ { "run", "sh", "-c", "exit 77", NULL }, 77, NULL },
		{ { "run", "no-such-command", NULL }, 127, "'no-such-command'" },
		{ { "run", "/no/such/command", NULL }, 127, "No such file" },
		{ { "run", "/etc/passwd", NULL }, 126, "Permission denied" },
		{ { "run", "/", NULL }, 126, "'/'" },
	};
	struct run run;

	enter_kernel();
	run = import_and_run(cases[_i].command);
	assert_status(&run, cases[_i].status);
	if (cases[_i].said)
		ck_assert_msg(strstr(run.err, "elfmap: cannot run ") &&
				      strstr(run.err, cases[_i].said),
			      "%s", run.err);
	else
		ck_assert_str_eq(run.err, "");
	free_run(&run);
}
END_TEST
#define NR_STATUSES 6

/* What told of maps that the outer command was given does not mix with what tells of these. */
START_TEST(test_import_in_import)
{
	static const char *const command[] = { "run", "sh", "-c", SHOW, NULL };
	struct run run;

	enter_kernel();
	setenv("BPF_NUM_MAPS", "9", 1);
	setenv("BPF_MAP1005", "99", 1);
	setenv("BPF_MAP7", "99", 1);
	setenv("BPF_MAPS", "kept", 1);
	run = import_and_run(command);
	assert_status(&run, 0);
	ck_assert_int_eq(variable(run.out, "BPF_NUM_MAPS"), 2);
	ck_assert_int_ne(variable(run.out, "BPF_MAP1005"), 99);
	ck_assert_int_eq(variable(run.out, "BPF_MAP7"), -1);
	ck_assert_ptr_nonnull(strstr(run.out, "\nBPF_MAPS=kept\n"));
	free_run(&run);
}
END_TEST

/* Interrupted while it waits, it leaves no socket. */
START_TEST(test_interrupted)
{
	const char *path = scratch_path("socket");
	struct running importing = start_import("elfmap", path, "exit 1");
	struct run run;

	ck_assert_int_eq(kill(importing.pid, SIGINT), 0);
	run = finish_command(&importing);
	assert_status(&run, 128 + SIGINT);
	ck_assert(!is_socket(path));
	free_run(&run);
}
END_TEST

/* A file that is there already stays. */
START_TEST(test_path_is_taken)
{
	const char *path = scratch_file("socket", "kept", 4);

	assert_refusal(tool("tc exec bpf import %s run true", path), path, "is there already");
	free(output_of("grep -x kept %s", path));
}
END_TEST

static const struct wrong_line {
	const char *words;
	const char *said;
} wrong_lines[] = {
	{ "tc exec", "bpf is missing" },
	{ "tc exec nonsense", "'nonsense'" },
	{ "tc exec bp", "'bp'" },
	{ "tc exec bpf", "graft, import or dbg?" },
	{ "tc exec bpf nonsense", "'nonsense'" },
	{ "tc exec bpf run true", "import PATH must stand before run" },
	{ "tc exec bpf import", "'import' needs a value" },
	{ "tc exec bpf import /nowhere/x nonsense", "'nonsense'" },
	{ "tc exec bpf import /nowhere/x run", "'run' needs a command" },
	{ "tc filter add dev lo ingress bpf obj x export", "'export' needs a value" },
	{ "tc filter add dev lo ingress bpf obj x export y export z", "twice" },
	{ "tc filter add dev lo ingress bpf pinned x export y", "no maps to export" },
};
#define NR_WRONG_LINES (sizeof(wrong_lines) / sizeof(wrong_lines[0]))

START_TEST(test_wrong_words)
{
	assert_refusal_with_details(tool("%s", wrong_lines[_i].words), wrong_lines[_i].said,
				    "try: elfmap tc help");
}
END_TEST

START_TEST(test_help)
{
	static const char *const lines[] = { "tc exec help", "tc exec bpf help", "tc e bpf h" };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char *out CLEANUP(cleanup_free) = tool_output("%s", lines[i]);

		ck_assert_ptr_nonnull(strstr(out, "bpf import SOCKET"));
	}
}
END_TEST

Suite *export_import_suite(void)
{
	Suite *suite = suite_of("export_import", test_exchange, test_stock_import, test_same_ids,
				test_export_to_peer, test_variable,
				test_nobody_listens_beside_another, test_nothing_to_export,
				test_words_of_command, test_import_in_import, test_interrupted,
				test_path_is_taken, test_help);

	add_loop_test(suite, test_import_of_peer, 2);
	add_loop_test(suite, test_action, NR_ACTION_LINES);
	add_loop_test(suite, test_action_without_listener, NR_ACTION_LINES);
	add_loop_test(suite, test_nobody_listens, 2);
	add_loop_test(suite, test_status_of_command, NR_STATUSES);
	add_loop_test(suite, test_wrong_words, NR_WRONG_LINES);
	return suite;
}
