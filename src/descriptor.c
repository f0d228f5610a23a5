/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "descriptor.h"

bool descriptor_is(int fd, const char *kind)
{
	/* the link of a file begins with "/", whatever the file is called */
	static const char prefix[] = "anon_inode:";
	const size_t prefix_length = sizeof(prefix) - 1;
	char link[32], target[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target) - 1);
	if (length < 0)
		return true;
	target[length] = '\0';
	return !strncmp(target, prefix, prefix_length) && !strcmp(target + prefix_length, kind);
}
