/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The receiving end: a socket that goes whatever happens, and the wait for datagrams.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "log.h"
#include "map_export.h"
#include "map_export_datagram.h"
#include "map_export_socket.h"

struct reception {
	const char *path;
	int socket;
	bool bound;
	struct stat file; /* the socket's, once it is bound */
	int signals;	  /* readable while one of those that are held is pending */
	bool holds_signals;
	sigset_t before;
	int64_t deadline; /* in milliseconds; 0 is none */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/*
 * Hold back what would end the process while there is a socket to remove. The signals are never
 * read: they are delivered when the mask is as before.
 */
static int hold_signals(struct reception *reception)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction action;
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		/* what is ignored would become pending too */
		if (!sigaction(ending[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&held, ending[i]);
	reception->signals = signalfd(-1, &held, SFD_CLOEXEC);
	if (reception->signals < 0 || sigprocmask(SIG_BLOCK, &held, &reception->before) < 0)
		return -errno;
	reception->holds_signals = true;
	return 0;
}

/* Of a path that is taken. It is not ours to remove: another receiver may be about to use it. */
static int refuse_path(const char *path, const struct sockaddr_un *address)
{
	CLEANUP(cleanup_fd) int fd = map_export_socket(path);

	if (fd < 0)
		return fd;
	/* a stream socket that somebody listens on answers with EPROTOTYPE */
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
	    errno != ECONNREFUSED) {
		log_error("%s: another process receives there; choose another path", path);
		return -EADDRINUSE;
	}
	log_error("%s: is there already and nobody receives there; remove it, if it was left "
		  "behind, or choose another path",
		  path);
	return -EEXIST;
}

static int bind_socket(struct reception *reception, const struct sockaddr_un *address)
{
	int err;

	if (bind(reception->socket, (const struct sockaddr *)address, sizeof(*address)) == 0) {
		reception->bound = lstat(reception->path, &reception->file) == 0;
		return 0;
	}
	err = -errno;
	if (err == -EADDRINUSE)
		return refuse_path(reception->path, address);
	log_error("%s: cannot make a socket there: %s", reception->path, strerror(-err));
	return err;
}

static int begin_reception(struct reception *reception)
{
	struct sockaddr_un address;
	int err;

	err = map_export_address(reception->path, &address);
	if (!err)
		err = hold_signals(reception);
	if (err)
		return err;
	reception->socket = map_export_socket(reception->path);
	if (reception->socket < 0)
		return reception->socket;
	return bind_socket(reception, &address);
}

static void end_reception(struct reception *reception)
{
	struct stat file;

	/* who took the socket for one that was left behind has put another there */
	if (reception->bound && lstat(reception->path, &file) == 0 &&
	    file.st_dev == reception->file.st_dev && file.st_ino == reception->file.st_ino)
		unlink(reception->path);
	cleanup_fd(&reception->socket);
	cleanup_fd(&reception->signals);
	if (reception->holds_signals)
		sigprocmask(SIG_SETMASK, &reception->before, NULL);
}

/* Milliseconds for poll(). */
static int time_left(const struct reception *reception)
{
	const int64_t left = reception->deadline - now();

	if (!reception->deadline)
		return -1;
	return left > 0 ? (int)left : 0;
}

static int wait_for_datagram(const struct reception *reception)
{
	struct pollfd waits[] = {
		{ .fd = reception->socket, .events = POLLIN },
		{ .fd = reception->signals, .events = POLLIN },
	};
	int ready;

	do
		ready = poll(waits, 2, time_left(reception));
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return -errno;
	if (!ready)
		return -ETIMEDOUT;
	return waits[1].revents ? -EINTR : 0;
}

static int begin_export(struct reception *reception, const struct datagram_content *content,
			struct map_export *begun)
{
	reception->deadline = now() + MAP_EXPORT_SECONDS * 1000;
	memcpy(begun->object, content->object, sizeof(begun->object));
	begun->device = content->device;
	begun->inode = content->inode;
	begun->maps = calloc(content->count, sizeof(*begun->maps));
	if (!begun->maps)
		return -ENOMEM;
	begun->count = content->count;
	for (size_t i = 0; i < begun->count; i++)
		begun->maps[i].fd = -1;
	return 0;
}

/* Receive the maps from the *arrived-th on, as far as one datagram has them. */
static int receive_some(struct reception *reception, struct map_export *begun, size_t *arrived)
{
	CLEANUP(datagram_close) struct datagram datagram = { .nr_fds = 0 };
	int err;

	err = wait_for_datagram(reception);
	if (!err)
		err = datagram_receive(reception->socket, &datagram);
	if (err == -EAGAIN)
		return 0;
	if (err == -ETIMEDOUT)
		log_error("%s: %zu of %zu maps arrived, the others did not within %d seconds; "
			  "export again",
			  reception->path, *arrived, begun->count, MAP_EXPORT_SECONDS);
	if (!err)
		err = datagram_check(&datagram, begun, *arrived, reception->path);
	if (!err && !*arrived)
		err = begin_export(reception, &datagram.content, begun);
	if (!err)
		*arrived += datagram_take(&datagram, begun->maps + *arrived);
	return err;
}

int map_export_receive(const char *socket_path, struct map_export *received)
{
	CLEANUP(map_export_close) struct map_export begun = { 0 };
	CLEANUP(end_reception)
	struct reception reception = { .path = socket_path, .socket = -1, .signals = -1 };
	size_t arrived = 0;
	int err;

	err = begin_reception(&reception);
	while (!err && (!arrived || arrived < begun.count))
		err = receive_some(&reception, &begun, &arrived);
	if (err)
		return err;
	*received = begun;
	begun = (struct map_export){ 0 };
	return 0;
}
