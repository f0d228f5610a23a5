// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The README's table "what you typed, what you type now": each line is the same words with elfmap in
 * front, and each is run, in the order of the table, with the files and devices that it names.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/pkt_cls.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/readme.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

/* --- what the lines name ------------------------------------------------------------------ */

static void copy(const char *name, const char *object)
{
	scratch_object(name, object_load(object));
}

static void put_text(const char *name, const char *text)
{
	scratch_file(name, text, strlen(text));
}

/* The tool, from wherever it is run. */
static void find_tool(void)
{
	char *path = realpath(tool_path(), NULL);

	ck_assert_ptr_nonnull(path);
	setenv("ELFMAP", path, 1);
	free(path);
}

static void make_devices(void)
{
	ck_assert_int_eq(make_veth_pair("eth0", "eth1"), 0);
	ck_assert_int_eq(set_link_up("eth0"), 0);
	ck_assert_int_eq(set_link_up("eth1"), 0);
}

static void make_files(void)
{
	copy("old.o", "demo");
	copy("new.o", "demo.btf");
	copy("act.o", "def20");
	copy("xdp.o", "xdp");
	copy("lwt.o", "lwt");
	put_text("filters.tc", "# as a script has them\n"
			       "filter add dev eth0 egress prio 77 bpf da obj old.o \\\n"
			       "  sec egress\n"
			       "filter del dev eth0 egress prio 77\n");
	put_text("agent", "#!/bin/sh\necho \"$BPF_NUM_MAPS\" >maps.count\n");
	ck_assert_int_eq(chmod(scratch_path("agent"), 0755), 0);
}

/* Two namespaces with an eth0, the one that is left is called blue; and programs that are pinned. */
static void enter(void)
{
	enter_kernel();
	find_tool();
	make_devices();
	leave_network_namespace("blue");
	make_devices();
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	make_files();
	ck_assert_int_eq(chdir(scratch_directory()), 0);
	setenv("PATH", ".:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	free(tool_output("load old.o --pin-dir " BPFFS "/old"));
	free(tool_output("load xdp.o --pin-dir " BPFFS "/xdp"));
}

/* --- running ------------------------------------------------------------------------------ */

static bool begins(const char *line, const char *words)
{
	return !strncmp(line, words, strlen(words));
}

/* What this kernel has no module for; the message says so. */
static bool needs_action(const char *line)
{
	return strstr(line, " action drop") || begins(line, "tc action ");
}

static void run_line(const char *line)
{
	struct run result = tool("%s", line);

	if (result.status && needs_action(line)) {
		assert_status(&result, 2);
		ck_assert_msg(strstr(result.err, "CONFIG_NET_ACT_"), "%s: %s", line, result.err);
	} else {
		ck_assert_msg(!result.status, "%s: status %d\n%s", line, result.status, result.err);
	}
	free_run(&result);
}

/* Lines that wait for something: they run while the next ones do. */
static pid_t start_line(const char *line)
{
	char *command CLEANUP(cleanup_free) = NULL;
	pid_t pid;

	ck_assert_int_gt(asprintf(&command, "exec \"$ELFMAP\" %s 2>>background", line), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	return pid;
}

static bool file_has(const char *path, const char *text)
{
	FILE *file = fopen(path, "re");
	char line[256];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, text);
	if (file)
		fclose(file);
	return found;
}

START_TEST(test_table)
{
	struct readme_table table = readme_table();
	pid_t agent = 0, trace = 0;
	int status;

	enter();
	for (size_t i = 0; i < table.count; i++) {
		if (begins(table.lines[i], "tc exec bpf import ")) {
			agent = start_line(table.lines[i]);
			wait_until(access("maps.sock", F_OK) == 0);
		} else if (begins(table.lines[i], "tc exec bpf dbg")) {
			trace = start_line(table.lines[i]);
		} else {
			run_line(table.lines[i]);
		}
		free(table.lines[i]);
	}
	ck_assert_uint_ge(table.count, 20);
	ck_assert(agent && trace);
	ck_assert_int_eq(waitpid(agent, &status, 0), agent);
	ck_assert_int_eq(status, 0);
	ck_assert(file_has("maps.count", "6"));
	wait_until(file_has("background", "trace"));
	ck_assert_int_eq(kill(trace, SIGINT), 0);
	ck_assert_int_eq(waitpid(trace, &status, 0), trace);
}
END_TEST

Suite *readme_suite(void)
{
	return suite_of("readme", test_table);
}
