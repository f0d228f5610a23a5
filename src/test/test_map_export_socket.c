// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The socket that maps are handed over at: paths where there can be none, what is there already,
 * and that it goes again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map_export.h"
#include "test/export_peer.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"

/* the length of the longest path, which is followed by a zero */
#define LONGEST (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

#define assert_send_refused(path, error, ...)                                   \
	do {                                                                    \
		collect_messages();                                             \
		ck_assert_int_eq(map_export_send(path, &nothing_sent), -error); \
		assert_one_error(__VA_ARGS__);                                  \
	} while (0)

#define assert_receive_refused(path, error, ...)                           \
	do {                                                               \
		struct map_export none;                                    \
		collect_messages();                                        \
		ck_assert_int_eq(map_export_receive(path, &none), -error); \
		assert_one_error(__VA_ARGS__);                             \
	} while (0)

/* One map that is none: it is refused where it would be sent. */
static struct map_export_map no_map = { .fd = -1 };
static const struct map_export nothing_sent = { .object = "object.o", .count = 1, .maps = &no_map };

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* A path of that length for a file named socket. */
static const char *path_of_length(size_t length)
{
	char slashes[2 * LONGEST] = "";
	char *path;

	memset(slashes, '/', sizeof(slashes) - 1);
	path = (char *)scratch_path(slashes);
	ck_assert_uint_gt(strlen(path), length);
	memcpy(path + length - strlen("socket"), "socket", sizeof("socket"));
	return path;
}

/* --- paths -------------------------------------------------------------------------------- */

START_TEST(test_length)
{
	const char *longest = path_of_length(LONGEST);
	const char *too_long = path_of_length(LONGEST + 1);
	struct peer_datagram datagram;
	struct map_export received;
	pid_t peer;
	int fd;

	enter_kernel();
	make_maps(&fd, 1);
	datagram = peer_datagram(&fd, 1, 0);
	peer = peer_send(longest, &datagram, 1);
	ck_assert_int_eq(map_export_receive(longest, &received), 0);
	peer_join(peer);
	ck_assert(!exists(longest));
	peer_listen(longest);
	ck_assert_int_eq(map_export_send(longest, &received), 0);
	map_export_close(&received);
	assert_send_refused(too_long, ENAMETOOLONG, too_long, "107 bytes at most");
	assert_receive_refused(too_long, ENAMETOOLONG, too_long, "107 bytes at most");
	assert_send_refused("", EINVAL, "empty");
	assert_receive_refused("", EINVAL, "empty");
}
END_TEST

START_TEST(test_nothing_there)
{
	const char *path = scratch_path("socket");
	const char *deeper = scratch_path("none/socket");

	assert_send_refused(path, ENOENT, path, "first start", "import");
	assert_send_refused(deeper, ENOENT, deeper);
	assert_receive_refused(deeper, ENOENT, deeper, "No such file");
}
END_TEST

/* What is in the way stays as it is. */
START_TEST(test_file_there)
{
	const char *path = scratch_file("file", "content", 7);
	struct stat st;

	assert_send_refused(path, ECONNREFUSED, path, "nobody receives there");
	assert_receive_refused(path, EEXIST, path, "nobody receives there", "remove it");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 7);
}
END_TEST

START_TEST(test_socket_left_behind)
{
	const char *path = scratch_path("socket");

	close(peer_listen(path));
	assert_send_refused(path, ECONNREFUSED, path, "nobody receives there");
	assert_receive_refused(path, EEXIST, path, "nobody receives there", "remove it");
	ck_assert(exists(path));
}
END_TEST

START_TEST(test_other_receiver)
{
	const char *path = scratch_path("socket");
	int fd = peer_listen(path);

	assert_receive_refused(path, EADDRINUSE, path, "another process");
	ck_assert(exists(path));
	close(fd);
}
END_TEST

START_TEST(test_stream)
{
	const char *path = scratch_path("socket");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	assert_send_refused(path, EPROTOTYPE, path, "datagrams");
	assert_receive_refused(path, EADDRINUSE, path, "another process");
	ck_assert(exists(path));
	close(fd);
}
END_TEST

/* --- what cannot be sent ------------------------------------------------------------------ */

START_TEST(test_counts)
{
	const char *path = scratch_path("socket");
	const struct map_export none = { 0 };
	const struct map_export many = { .count = MAP_EXPORT_MAX_MAPS + 1 };
	int fd = peer_listen(path);
	char byte;

	collect_messages();
	ck_assert_int_eq(map_export_send(path, &none), -ENODATA);
	assert_one_error(path, "no maps");
	collect_messages();
	ck_assert_int_eq(map_export_send(path, &many), -E2BIG);
	assert_one_error(path, "65536 maps", "65535");
	assert_send_refused(path, EBADF, path);
	ck_assert_int_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
	close(fd);
}
END_TEST

/* --- the end of the wait ------------------------------------------------------------------ */

static volatile sig_atomic_t handled;

static void handle(int signal)
{
	handled = signal;
}

/* A process that receives at the path, with this action for the signal. Exits with the errno. */
static pid_t start_receiving(const char *path, int signal_number, void (*action)(int))
{
	const struct rlimit no_core = { 0 };
	struct map_export received;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (!pid) {
		setrlimit(RLIMIT_CORE, &no_core);
		signal(signal_number, action);
		_exit(-map_export_receive(path, &received));
	}
	wait_until(exists(path));
	return pid;
}

static int end_of(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
#define NR_ENDING (sizeof(ending) / sizeof(ending[0]))

/* The process ends as it would have, and its socket goes first. */
START_TEST(test_signal)
{
	const char *path = scratch_path("socket");
	pid_t pid = start_receiving(path, ending[_i], SIG_DFL);
	int status;

	ck_assert_int_eq(kill(pid, ending[_i]), 0);
	status = end_of(pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), ending[_i]);
	ck_assert(!exists(path));
}
END_TEST

START_TEST(test_ignored_signal)
{
	const char *path = scratch_path("socket");
	struct peer_datagram datagram;
	pid_t pid;
	int fd;

	enter_kernel();
	make_maps(&fd, 1);
	datagram = peer_datagram(&fd, 1, 0);
	pid = start_receiving(path, ending[_i], SIG_IGN);
	ck_assert_int_eq(kill(pid, ending[_i]), 0);
	peer_send_now(path, &datagram, 1);
	peer_join(pid);
}
END_TEST

/* The handler runs, and the call is over; nothing is held any more. */
START_TEST(test_handled_signal)
{
	const char *path = scratch_path("socket");
	struct map_export received;
	sigset_t mask;
	pid_t pid;

	signal(ending[_i], handle);
	pid = fork();
	if (!pid) {
		wait_until(exists(path));
		kill(getppid(), ending[_i]);
		_exit(0);
	}
	ck_assert_int_eq(map_export_receive(path, &received), -EINTR);
	ck_assert_int_eq(handled, ending[_i]);
	ck_assert(!exists(path));
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	for (size_t i = 0; i < NR_ENDING; i++)
		ck_assert_int_eq(sigismember(&mask, ending[i]), 0);
	peer_join(pid);
}
END_TEST

/* Of who took the socket for one that was left behind, and put another there. */
START_TEST(test_replaced_socket)
{
	const char *path = scratch_path("socket");
	const char *aside = scratch_path("aside");
	struct peer_datagram datagram;
	pid_t pid;
	int fd;

	enter_kernel();
	make_maps(&fd, 1);
	datagram = peer_datagram(&fd, 1, 0);
	pid = start_receiving(path, SIGINT, SIG_DFL);
	ck_assert_int_eq(rename(path, aside), 0);
	peer_listen(path);
	peer_send_now(aside, &datagram, 1);
	peer_join(pid);
	ck_assert(exists(path));
}
END_TEST

Suite *map_export_socket_suite(void)
{
	Suite *suite = suite_of("map_export_socket", test_length, test_nothing_there,
				test_file_there, test_socket_left_behind, test_other_receiver,
				test_stream, test_counts, test_replaced_socket);

	add_loop_test(suite, test_signal, NR_ENDING);
	add_loop_test(suite, test_ignored_signal, NR_ENDING);
	add_loop_test(suite, test_handled_signal, NR_ENDING);
	return suite;
}
