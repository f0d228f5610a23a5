/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The image to a file that is either as before or complete.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

/* mkostemp() makes files for their owner alone; an object is made as any other file. */
static int set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask) ? -errno : 0;
}

static int write_temporary(int fd, const uint8_t *bytes, size_t size)
{
	int err = set_mode(fd);

	if (!err)
		err = write_all(fd, bytes, size);
	if (!err && fsync(fd))
		err = -errno;
	return err;
}

static int replace(const char *path, const uint8_t *bytes, size_t size)
{
	CLEANUP(cleanup_free) char *temporary = NULL;
	CLEANUP(cleanup_fd) int fd = -1;
	int err;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
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
	int err = image ? replace(path, image, size) : -errno;

	if (err)
		log_error("%s: cannot write %s: %s", obj->view.name, path, strerror(-err));
	return err;
}
