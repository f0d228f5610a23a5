/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Where the file systems of the kernel's own are mounted.
 */
#ifndef ELFMAP_MOUNTS_H
#define ELFMAP_MOUNTS_H

#include <stdbool.h>

struct mount_type {
	const char *name;	  /* as in /proc/mounts */
	unsigned long magic;	  /* of linux/magic.h */
	const char *const *usual; /* where to look first, up to a NULL */
};

/* Whether a path is on a file system with this magic number. */
bool mounts_is(const char *path, unsigned long magic);

/*
 * The first usual place that is of the type, else the first in /proc/mounts; NULL where there is none.
 * The caller frees it.
 */
char *mounts_find(const struct mount_type *type);

/*
 * Call fn with the place of each mount of the type (as in /proc/mounts), in the order of the mounts,
 * until it returns another value than 0, which is returned. One mount may hide another. -errno:
 * what is mounted cannot be read.
 */
int mounts_each(const char *type, int (*fn)(const char *path, void *ctx), void *ctx);

#endif
