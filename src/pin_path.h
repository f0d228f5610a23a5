/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Pin paths: owned by maps and programs, and told by objects, which are not to be trusted.
 */
#ifndef ELFMAP_PIN_PATH_H
#define ELFMAP_PIN_PATH_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Replace it by a copy of path, or by NULL: nowhere. */
static inline int pin_path_set(char **owned, const char *path)
{
	char *copy = path ? strdup(path) : NULL;

	if (path && !copy)
		return -ENOMEM;
	free(*owned);
	*owned = copy;
	return 0;
}

/* Write a path; -ENAMETOOLONG where it has no room. */
__attribute__((format(printf, 3, 4))) static inline int pin_path_format(char *path, size_t size,
									const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(path, size, format, args);
	va_end(args);
	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

/* Whether a path leaves the directory it is told for: no part of it may be "..". */
static inline bool pin_path_climbs(const char *path)
{
	size_t length;

	for (const char *part = path; *part; part += length + (part[length] == '/')) {
		length = strcspn(part, "/");
		if (length == 2 && !strncmp(part, "..", 2))
			return true;
	}
	return false;
}

#endif
