/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "descriptor.h"

/* Of the thread, not of the process: that has nothing there once its first thread has ended. */
#define PROC "/proc/thread-self/"

bool descriptor_is(int fd, const char *kind)
{
	/* the link of a file begins with "/", whatever the file is called */
	static const char prefix[] = "anon_inode:";
	const size_t prefix_length = sizeof(prefix) - 1;
	char link[48], target[64];
	ssize_t length;

	snprintf(link, sizeof(link), PROC "fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return true;
	target[length] = '\0';
	return !strncmp(target, prefix, prefix_length) && !strcmp(target + prefix_length, kind);
}

int descriptor_duplicate(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (copy >= 0)
		return copy;
	/* that is beyond RLIMIT_NOFILE */
	return errno == EINVAL ? -EMFILE : -errno;
}

int descriptor_number(int fd, const char *name, uint32_t *number)
{
	CLEANUP(cleanup_file) FILE *file = NULL;
	char path[48], line[128];
	size_t length = strlen(name);

	snprintf(path, sizeof(path), PROC "fdinfo/%d", fd);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, length) && sscanf(line + length, ": %u", number) == 1)
			return 0;
	return -ENOENT;
}
