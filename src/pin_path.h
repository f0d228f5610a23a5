/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A pin path that a map or a program owns.
 */
#ifndef ELFMAP_PIN_PATH_H
#define ELFMAP_PIN_PATH_H

#include <errno.h>
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

#endif
