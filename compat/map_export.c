/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include "cleanup.h"
#include "log.h"
#include "map_export.h"
#include "map_export_datagram.h"
#include "map_export_socket.h"

void map_export_free(struct map_export *what)
{
	free(what->maps);
	*what = (struct map_export){ 0 };
}

void map_export_close(struct map_export *received)
{
	for (size_t i = 0; i < received->count; i++)
		cleanup_fd(&received->maps[i].fd);
	map_export_free(received);
}

int map_export_of_object(const struct elfmap_object *object, const char *path,
			 struct map_export *what)
{
	CLEANUP(map_export_free) struct map_export made = { 0 };
	const struct elfmap_map *map = NULL;
	size_t count = 0;
	struct stat st;

	if (stat(path, &st) < 0) {
		int err = -errno;

		log_error("%s: %s", path, strerror(-err));
		return err;
	}
	while ((map = elfmap_object__next_map(object, map)))
		count++;
	/* calloc() of nothing may yield NULL */
	made.maps = calloc(count ? count : 1, sizeof(*made.maps));
	if (!made.maps)
		return -ENOMEM;
	made.count = count;
	for (size_t i = 0; i < count; i++) {
		map = elfmap_object__next_map(object, map);
		made.maps[i] = (struct map_export_map){ .fd = elfmap_map__fd(map),
							.def = *elfmap_map__def(map) };
		if (made.maps[i].fd < 0)
			return made.maps[i].fd;
	}
	snprintf(made.object, sizeof(made.object), "%s", path);
	made.device = st.st_dev;
	made.inode = st.st_ino;
	*what = made;
	made = (struct map_export){ 0 };
	return 0;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* What is to be done about an error of the socket, where its own text does not tell. */
static const struct {
	int err;
	const char *text;
} refusals[] = {
	{ ENOENT, "nothing is there; first start what is to receive the maps, "
		  "such as elfmap tc exec bpf import" },
	{ ECONNREFUSED, "nobody receives there; start what is to receive the maps, such as "
			"elfmap tc exec bpf import, after removing a socket that was left behind" },
	{ EPROTOTYPE, "the socket there does not take datagrams: it is not one for maps" },
	{ ETIMEDOUT, "the receiver does not read what it is sent" },
	{ ETOOMANYREFS, "more descriptors are on their way than may be; raise the limit of open "
			"files (ulimit -n)" },
};

static int refuse_send(const char *path, const struct map_export *what, size_t sent, int err)
{
	const char *text = strerror(-err);

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].err == -err)
			text = refusals[i].text;
	if (sent)
		log_error("%s: only %zu of %zu maps were sent: %s", path, sent, what->count, text);
	else
		log_error("%s: %s", path, text);
	return err;
}

static int check_count(const char *path, size_t count)
{
	if (!count) {
		log_error("%s: there are no maps to send", path);
		return -ENODATA;
	}
	if (count > MAP_EXPORT_MAX_MAPS) {
		log_error("%s: %zu maps are more than the %d that can be announced", path, count,
			  MAP_EXPORT_MAX_MAPS);
		return -E2BIG;
	}
	return 0;
}

static int connect_to(int fd, const struct sockaddr_un *address)
{
	const struct timeval patience = { .tv_sec = MAP_EXPORT_SECONDS };

	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return -errno;
	return 0;
}

/* As datagram_send(), which a full queue stops and a signal may interrupt. */
static int send_next(int fd, const struct map_export *what, size_t first)
{
	int sent;

	do
		sent = datagram_send(fd, what, first);
	while (sent == -EINTR);
	return sent == -EAGAIN ? -ETIMEDOUT : sent;
}

int map_export_send(const char *socket_path, const struct map_export *what)
{
	CLEANUP(cleanup_fd) int fd = -1;
	struct sockaddr_un address;
	int err, count;

	err = check_count(socket_path, what->count);
	if (!err)
		err = map_export_address(socket_path, &address);
	if (err)
		return err;
	fd = map_export_socket(socket_path);
	if (fd < 0)
		return fd;
	err = connect_to(fd, &address);
	if (err)
		return refuse_send(socket_path, what, 0, err);
	for (size_t sent = 0; sent < what->count; sent += (size_t)count) {
		count = send_next(fd, what, sent);
		if (count < 0)
			return refuse_send(socket_path, what, sent, count);
	}
	return 0;
}
