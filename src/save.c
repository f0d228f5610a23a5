/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The image to a file that is either as before or complete.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "model.h"

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

static int write_temporary(int fd, const uint8_t *bytes, size_t size)
{
	int err = write_all(fd, bytes, size);

	if (!err && fsync(fd))
		err = -errno;
	return err;
}

/*
 * A new file beside path. mkostemp() makes files for their owner alone, and who reads the umask to
 * correct that changes it for other threads.
 */
static int open_temporary(const char *path, char **temporary)
{
	int err = 0;

	for (unsigned int attempt = 0; attempt < 1000; attempt++) {
		int fd;

		if (asprintf(temporary, "%s.%ld.%u", path, (long)getpid(), attempt) < 0) {
			*temporary = NULL;
			return -ENOMEM;
		}
		fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		err = -errno;
		free(take_ptr(*temporary));
		if (err != -EEXIST)
			break;
	}
	return err;
}

static int replace(const char *path, const uint8_t *bytes, size_t size)
{
	CLEANUP(cleanup_free) char *temporary = NULL;
	CLEANUP(cleanup_fd) int fd = open_temporary(path, &temporary);
	int err;

	if (fd < 0)
		return fd;
	err = write_temporary(fd, bytes, size);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

int elfmap_object__write(struct elfmap_object *obj, const char *path)
{
	size_t size;
	const void *image = elfmap_object__image(obj, &size);
	int err;

	if (!image)
		return -errno;
	err = replace(path, image, size);
	if (err)
		log_error("%s: cannot write %s: %s", obj->view.name, path, strerror(-err));
	return err;
}
