/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "cleanup.h"
#include "copy.h"
#include "log.h"

/* What is expected of a pipe. */
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

/* A regular file is read at an offset, which leaves its own where it is. */
static ssize_t read_some(int fd, bool is_regular, uint8_t *to, size_t size, size_t offset)
{
	ssize_t got;

	do
		got = is_regular ? pread(fd, to, size, (off_t)offset) : read(fd, to, size);
	while (got < 0 && errno == EINTR);
	return got;
}

/*
 * All up to the end, which may come earlier or later than stat() said. There is always room for one
 * byte more, so that the end shows.
 */
static int read_all(int fd, bool is_regular, size_t expected, const char *name, struct bytes *out)
{
	CLEANUP(cleanup_free) uint8_t *data = malloc(expected + 1);
	size_t capacity = expected + 1, done = 0;

	while (data && done <= OBJECT_SIZE_MAX) {
		ssize_t got;

		if (done == capacity) {
			uint8_t *grown = realloc(data, 2 * capacity);

			if (!grown)
				return -ENOMEM;
			data = grown;
			capacity *= 2;
		}
		got = read_some(fd, is_regular, data + done, capacity - done, done);
		if (got < 0)
			return cannot_read(name, -errno);
		done += (size_t)got;
		/* regular files give all that they have */
		if (got == 0 || (is_regular && done < capacity && done <= OBJECT_SIZE_MAX)) {
			*out = (struct bytes){ take_ptr(data), done };
			return 0;
		}
	}
	return data ? check_size(name, done) : -ENOMEM;
}

static int read_regular(int fd, const struct stat *st, const char *name, struct bytes *out)
{
	if (check_size(name, (uint64_t)st->st_size))
		return -EFBIG;
	return read_all(fd, true, (size_t)st->st_size, name, out);
}

int bytes_of_descriptor(int fd, const char *name, struct bytes *out)
{
	struct stat st;

	if (fstat(fd, &st))
		return cannot_read(name, -errno);
	if (!S_ISREG(st.st_mode))
		return read_all(fd, false, FIRST_CAPACITY, name, out);
	return read_regular(fd, &st, name, out);
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
	return read_regular(fd, &st, path, out);
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
		copy_bytes(data, buf, size);
	*out = (struct bytes){ data, size };
	return 0;
}
