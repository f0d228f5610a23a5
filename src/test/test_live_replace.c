// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Replacing a filter while packets come: none is missed, neither by the filter nor behind its tail
 * calls, as the filter is replaced at once and live prog arrays are never emptied.
 */
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define FRAME_SIZE 60
#define FILTER "dev veth0 ingress prio 1 handle 1 bpf da obj testdata/demo.o sec ingress"
#define NR_REPLACED 25

struct sending {
	int stop; /* has a byte when it is to end */
	__u64 sent;
};

static bool go_on(void *ctx)
{
	const struct timespec pause = { .tv_nsec = 100000 };
	struct sending *sending = ctx;
	char byte;

	sending->sent++;
	nanosleep(&pause, NULL);
	return read(sending->stop, &byte, 1) < 0;
}

/* Send frames in a process of its own until told to stop; it says how many on the other end. */
static pid_t start_sending(int stop, int count)
{
	const struct frame frame = { .ethertype = ETH_P_IP, .protocol = 17 };
	struct sending sending = { .stop = stop };
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	if (send_frames("veth1", &frame, go_on, &sending))
		_exit(1);
	_exit(write(count, &sending.sent, sizeof(sending.sent)) != sizeof(sending.sent));
}

static __u64 counted(const char *map, __u32 key)
{
	char *path CLEANUP(cleanup_free) = NULL;
	int fd CLEANUP(cleanup_fd) = -1;

	ck_assert_int_gt(asprintf(&path, GLOBALS "/%s", map), 0);
	fd = open_pin(path);
	return map_counter(fd, key);
}

START_TEST(test_no_packet_is_missed)
{
	int stop[2], count[2], status;
	__u32 first;
	__u64 sent;
	pid_t pid;

	enter_with_clsact();
	tool_works("tc filter add " FILTER);
	first = attached_program("veth0", TC_H_MIN_INGRESS);
	ck_assert_int_eq(pipe2(stop, O_NONBLOCK | O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(count, O_CLOEXEC), 0);
	pid = start_sending(stop[0], count[1]);
	for (int i = 0; i < NR_REPLACED; i++)
		tool_works("tc filter replace " FILTER);
	ck_assert_int_eq(write(stop[1], "", 1), 1);
	ck_assert_int_eq(read(count[0], &sent, sizeof(sent)), (int)sizeof(sent));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);

	ck_assert_uint_ne(attached_program("veth0", TC_H_MIN_INGRESS), first);
	ck_assert_uint_gt(sent, NR_REPLACED);
	/* bytes are counted behind the tail call */
	wait_until(counted("protocols", ETH_P_IP) == sent);
	wait_until(counted("bytes", 0) == sent * FRAME_SIZE);
}
END_TEST

Suite *live_replace_suite(void)
{
	return suite_of("live_replace", test_no_packet_is_missed);
}
