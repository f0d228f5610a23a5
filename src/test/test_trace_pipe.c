// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* elfmap tc exec bpf dbg: what programs print, from wherever the tracefs is. */
#include <errno.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/export_peer.h"
#include "test/kernel.h"
#include "test/namespace.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

#define TRACING "/sys/kernel/tracing"

static bool unmount_one(void)
{
	FILE *mounts = setmntent("/proc/mounts", "re");
	struct mntent *mount;
	bool found = false;

	ck_assert_ptr_nonnull(mounts);
	while (!found && (mount = getmntent(mounts))) {
		/* a debugfs mounts one as soon as somebody looks */
		found = !strcmp(mount->mnt_type, "tracefs") || !strcmp(mount->mnt_type, "debugfs");
		if (found)
			ck_assert_int_eq(umount2(mount->mnt_dir, MNT_DETACH), 0);
	}
	endmntent(mounts);
	return found;
}

/* In a namespace without any tracefs. */
static void enter_without_tracefs(void)
{
	enter_kernel();
	while (unmount_one())
		;
}

/* As a program would, and again each time: another reader of the pipe may have taken the line. */
static bool wrote_marker(const char *directory, const char *text)
{
	char *path CLEANUP(cleanup_free) = NULL;
	FILE *file;

	ck_assert_int_gt(asprintf(&path, "%s/trace_marker", directory), 0);
	file = fopen(path, "we");
	ck_assert_msg(file && fputs(text, file) >= 0 && fclose(file) == 0, "%s: %s", path,
		      strerror(errno));
	return true;
}

/* Start it, see a line come out on stderr, and end it as Ctrl-C does. */
static void check_trace(const char *directory, const char *word)
{
	const char *const words[] = { tool_path(), "tc", "exec", "bpf", word, NULL };
	struct running tracing = start_command(words, NULL);
	char text[64], said[64];
	struct run run;

	snprintf(text, sizeof(text), "a line of test %ld\n", (long)getpid());
	snprintf(said, sizeof(said), "elfmap: copying %s/trace_pipe; Ctrl-C", directory);
	wait_until(has_said(&tracing, said));
	wait_until(wrote_marker(directory, text) && has_said(&tracing, text));
	ck_assert_int_eq(kill(tracing.pid, SIGINT), 0);
	run = finish_command(&tracing);
	assert_status(&run, 128 + SIGINT);
	ck_assert_str_eq(run.out, "");
	free_run(&run);
}

START_TEST(test_trace)
{
	static const char *const words[] = { "dbg", "debug", "d", "db" };

	enter_without_tracefs();
	mount_tracefs(TRACING);
	check_trace(TRACING, words[_i]);
}
END_TEST

/* Where tc does not expect it, /proc/mounts tells. */
START_TEST(test_elsewhere)
{
	enter_without_tracefs();
	mount_tracefs("/mnt");
	check_trace("/mnt", "dbg");
}
END_TEST

START_TEST(test_no_tracefs)
{
	enter_without_tracefs();
	assert_refusal_with_details(tool("tc exec bpf dbg"), "no tracefs is mounted",
				    "mount -t tracefs tracefs " TRACING);
}
END_TEST

/* Whatever is the matter with it, the file is named. */
START_TEST(test_unreadable)
{
	const char *path = scratch_path("socket");

	enter_without_tracefs();
	mount_tracefs(TRACING);
	close(peer_listen(path));
	ck_assert_int_eq(mount(path, TRACING "/trace_pipe", NULL, MS_BIND, NULL), 0);
	assert_refusal(tool("tc exec bpf dbg"), TRACING "/trace_pipe", "No such device");
}
END_TEST

/* The kernel ends the pipe where tracing is switched off. */
START_TEST(test_ended)
{
	struct run run;

	enter_without_tracefs();
	mount_tracefs(TRACING);
	ck_assert_int_eq(mount("/dev/null", TRACING "/trace_pipe", NULL, MS_BIND, NULL), 0);
	run = tool("tc exec bpf dbg");
	assert_status(&run, 1);
	ck_assert_msg(strstr(run.err, "it ended") && strstr(run.err, "tracing_on"), "%s", run.err);
	free_run(&run);
}
END_TEST

START_TEST(test_wrong_words)
{
	assert_refusal_with_details(tool("tc exec bpf dbg nonsense"), "tc exec bpf dbg",
				    "'nonsense'");
}
END_TEST

Suite *trace_pipe_suite(void)
{
	Suite *suite = suite_of("trace_pipe", test_elsewhere, test_no_tracefs, test_unreadable,
				test_ended, test_wrong_words);

	add_loop_test(suite, test_trace, 4);
	return suite;
}
