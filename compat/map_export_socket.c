/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "log.h"
#include "map_export_socket.h"

int map_export_address(const char *path, struct sockaddr_un *address)
{
	const size_t length = strlen(path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!length) {
		log_error("the path of the socket is empty");
		return -EINVAL;
	}
	if (length >= sizeof(address->sun_path)) {
		log_error("%s: a socket's path has %zu bytes at most, this has %zu", path,
			  sizeof(address->sun_path) - 1, length);
		return -ENAMETOOLONG;
	}
	memcpy(address->sun_path, path, length);
	return 0;
}

int map_export_socket(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err;

	if (fd >= 0)
		return fd;
	err = -errno;
	log_error("%s: cannot open a socket: %s", path, strerror(-err));
	return err;
}
