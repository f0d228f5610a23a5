/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "cleanup.h"
#include "log.h"

/* What a pipe is read by at first; it doubles. */
#define FIRST_CAPACITY (64u << 10)

static int check_size(const char *name, uint64_t size)
{
	if (size <= OBJECT_SIZE_MAX)
		return 0;
	log_error("%s: %llu bytes: expected at most %u", name, (unsigned long long)size,
		  OBJECT_SIZE_MAX);
	return -EFBIG;
}

static int cannot_read(const char *name, int err)
{
	log_error("%s: cannot read: %s", name, strerror(-err));
	return err;
}

/* The whole of a regular file, which may be shorter by now than stat() said. */
static int read_regular(int fd, size_t size, const char *name, struct bytes *out)
{
	CLEANUP(cleanup_free) uint8_t *data = malloc(size ? size : 1);
	size_t done = 0;

	if (!data)
		return -ENOMEM;
	while (done < size) {
		ssize_t got = pread(fd, data + done, size - done, (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cannot_read(name, -errno);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*out = (struct bytes){ take_ptr(data), done };
	return 0;
}

/* What comes out of a pipe or a socket, up to its end. */
static int read_stream(int fd, const char *name, struct bytes *out)
{
	CLEANUP(cleanup_free) uint8_t *data = NULL;
	size_t capacity = 0, done = 0;

	for (;;) {
		ssize_t got;

		if (done == capacity) {
			uint8_t *grown;

			capacity = capacity ? 2 * capacity : FIRST_CAPACITY;
			grown = realloc(data, capacity);
			if (!grown)
				return -ENOMEM;
			data = grown;
		}
		got = read(fd, data + done, capacity - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return cannot_read(name, -errno);
		if (got == 0)
			break;
		done += (size_t)got;
		if (check_size(name, done))
			return -EFBIG;
	}
	*out = (struct bytes){ take_ptr(data), done };
	return 0;
}

int bytes_of_descriptor(int fd, const char *name, struct bytes *out)
{
	struct stat st;

	if (fstat(fd, &st))
		return cannot_read(name, -errno);
	if (!S_ISREG(st.st_mode))
		return read_stream(fd, name, out);
	if (check_size(name, (uint64_t)st.st_size))
		return -EFBIG;
	return read_regular(fd, (size_t)st.st_size, name, out);
}

int bytes_of_file(const char *path, struct bytes *out)
{
	/* does not wait for whoever may write to a FIFO */
	CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		int err = -errno;

		log_error("%s: cannot open: %s", path, strerror(-err));
		return err;
	}
	if (!S_ISREG(st.st_mode)) {
		log_error("%s: not a regular file", path);
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	}
	return bytes_of_descriptor(fd, path, out);
}

int bytes_of_memory(const void *buf, size_t size, const char *name, struct bytes *out)
{
	uint8_t *data;

	if (check_size(name, size))
		return -EFBIG;
	data = malloc(size ? size : 1);
	if (!data)
		return -ENOMEM;
	if (size)
		memcpy(data, buf, size);
	*out = (struct bytes){ data, size };
	return 0;
}
