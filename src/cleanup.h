/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Owning locals that clean up after themselves. What leaves a function is taken out of its local
 * explicitly, with take_ptr() or take_fd(). No function mixes this with goto.
 */
#ifndef ELFMAP_CLEANUP_H
#define ELFMAP_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((__cleanup__(function)))

/* For a local of any pointer type that malloc() made. */
static inline void cleanup_free(void *local)
{
	free(*(void **)local);
}

/* For a local file descriptor; negative means none. */
static inline void cleanup_fd(int *local)
{
	if (*local >= 0)
		close(*local);
}

/* For a local of a file to read: that it closes is all there is to know. */
static inline void cleanup_file(FILE **local)
{
	if (*local)
		fclose(*local);
}

static inline int take_fd(int *local)
{
	int fd = *local;

	*local = -1;
	return fd;
}

/* Empties the local and yields what it held. */
#define take_ptr(local)                            \
	({                                         \
		__typeof__(local) taken = (local); \
		(local) = NULL;                    \
		taken;                             \
	})

#endif
