// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Several elfmaps at the same time: what one of them takes back, as it failed, is not what another
 * has found; and each finds the qdisc that the first one made.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "elfmap.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define ROUNDS 12
#define DEMO " bpf da obj testdata/demo.o sec "

/* The words as a command of their own. */
static struct running start_tool(const char *words)
{
	char *text CLEANUP(cleanup_free) = strdup(words);
	const char *argv[32] = { tool_path() };
	size_t count = 1;
	char *rest = NULL;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		ck_assert_uint_lt(count, 31);
		argv[count++] = word;
	}
	return start_command(argv, NULL);
}

static int finish(struct running *running)
{
	struct run run = finish_command(running);
	int status = run.status;

	free_run(&run);
	return status;
}

/* What demo.o is when it works. */
static void assert_demo_is_whole(void)
{
	int fd = open_pin(GLOBALS "/jumps");

	ck_assert_uint_ne(slot_id(fd, 0), 0);
	close(fd);
	close(open_pin(GLOBALS "/protocols"));
	close(open_pin(GLOBALS "/bytes"));
	close(open_pin(GLOBALS "/directions"));
	close(open_pin(GLOBALS "/packets_in"));
	close(open_pin(GLOBALS "/packets_out"));
}

static void start_afresh(void)
{
	tool_works("tc filter del dev veth0 egress");
	ck_assert_int_eq(system("rm -r " BPFFS "/tc " BPFFS "/ip " BPFFS "/xdp"), 0);
}

/* One is refused as its filter is there, the other succeeds: it has all its pins and slots. */
START_TEST(test_refused_beside_another)
{
	enter_with_clsact();
	tool_works("tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj testdata/nomaps.o");
	for (int i = 0; i < ROUNDS; i++) {
		struct running refused = start_tool(
			"tc filter add dev veth0 ingress prio 1 handle 1" DEMO "ingress");
		struct running works =
			start_tool("tc filter add dev veth0 egress prio 1 handle 1" DEMO "egress");

		ck_assert_int_eq(finish(&works), 0);
		ck_assert_int_eq(finish(&refused), 2);
		assert_demo_is_whole();
		start_afresh();
	}
}
END_TEST

#define NR_TOGETHER 5

/* All of them find a qdisc, whoever made it. */
START_TEST(test_one_clsact)
{
	static const char *const hooks[] = { "ingress", "egress" };

	enter_kernel();
	for (int i = 0; i < ROUNDS; i++) {
		struct running running[NR_TOGETHER];

		for (int j = 0; j < NR_TOGETHER; j++) {
			char *words CLEANUP(cleanup_free) = NULL;

			ck_assert_int_gt(asprintf(&words,
						  "tc filter add dev veth0 %s prio %d bpf da obj "
						  "testdata/counter.o sec ingress",
						  hooks[j % 2], j + 1),
					 0);
			running[j] = start_tool(words);
		}
		for (int j = 0; j < NR_TOGETHER; j++) {
			struct run run = finish_command(&running[j]);

			assert_status(&run, 0);
			free_run(&run);
		}
		ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 3);
		ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_EGRESS, NULL, 0), 2);
		tool_works("tc qdisc del dev veth0 clsact");
	}
}
END_TEST

/* A signal that comes in mid-work waits: what was begun is done, or taken back. */
START_TEST(test_signal)
{
	static const char words[] = "tc filter add dev veth0 ingress prio 1 handle 1" DEMO
				    "ingress";
	unsigned int done = 0;

	enter_kernel();
	for (int i = 0; i < 40; i++) {
		struct running running = start_tool(words);
		char *tree CLEANUP(cleanup_free) = NULL;

		usleep((useconds_t)i * 400);
		/* not SIGTERM, which libcheck hands on until the tool is executed */
		kill(running.pid, SIGHUP);
		finish(&running);
		tree = list_tree(BPFFS);
		if (*tree) {
			/* what is there is all of it */
			assert_demo_is_whole();
			ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), 0);
			ck_assert_ptr_null(strstr(tree, "elfmap"));
			tool_works("tc qdisc del dev veth0 clsact");
			ck_assert_int_eq(system("rm -r " BPFFS "/tc " BPFFS "/ip " BPFFS "/xdp"),
					 0);
			done++;
		} else {
			ck_assert(!has_qdisc("veth0", "clsact"));
		}
	}
	ck_assert_uint_gt(done, 0);
}
END_TEST

/* --- the library's lock ------------------------------------------------------------------- */

/* Load demo.o in a process of its own, and say so when it is done. */
static pid_t load_in_child(int lock, int done)
{
	pid_t pid = fork();
	struct elfmap_object *object;

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	close(lock);
	object = elfmap_object__open_file("testdata/demo.o", NULL);
	if (!object || elfmap_object__load(object) || write(done, "", 1) != 1)
		_exit(1);
	elfmap_object__close(object);
	_exit(0);
}

/* Others wait for who holds it, and find what it left: here nothing. */
START_TEST(test_lock)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts) };
	struct elfmap_object *object;
	int done[2], status;
	char byte;
	pid_t pid;

	enter_kernel();
	ck_assert_int_eq(pipe2(done, O_CLOEXEC | O_NONBLOCK), 0);
	opts.pin_lock = elfmap_lock_pins(NULL);
	ck_assert_int_gt(opts.pin_lock, 0);
	object = elfmap_object__open_file("testdata/demo.o", &opts);
	ck_assert_ptr_nonnull(object);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	pid = load_in_child(opts.pin_lock, done[1]);
	usleep(200000);
	ck_assert_int_lt(read(done[0], &byte, 1), 0);
	elfmap_object__undo_load(object);
	ck_assert_int_eq(close(opts.pin_lock), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	assert_demo_is_whole();
	elfmap_object__close(object);
}
END_TEST

/* The first loads ever wait for each other as well: only one mounts a bpffs. */
START_TEST(test_first_loads)
{
	enter_with_clsact();
	for (int i = 0; i < ROUNDS; i++) {
		struct running first, second;

		while (umount2(BPFFS, MNT_DETACH) == 0)
			;
		first = start_tool("tc filter add dev veth0 ingress" DEMO "ingress");
		second = start_tool("tc filter add dev veth0 egress" DEMO "egress");
		ck_assert_int_eq(finish(&first), 0);
		ck_assert_int_eq(finish(&second), 0);
		assert_demo_is_whole();
		tool_works("tc filter del dev veth0 ingress");
		tool_works("tc filter del dev veth0 egress");
		ck_assert_int_eq(umount2(BPFFS, MNT_DETACH), 0);
	}
}
END_TEST

Suite *together_suite(void)
{
	return suite_of("together", test_refused_beside_another, test_one_clsact, test_signal,
			test_lock, test_first_loads);
}
