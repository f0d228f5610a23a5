/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * calloc() for blocks that are mostly small and soon freed: glibc's takes none of those that were freed
 * just before, which malloc() does.
 */
#ifndef ELFMAP_ZEROED_H
#define ELFMAP_ZEROED_H

#include <stddef.h>

/* For free(); NULL without memory. */
void *zeroed(size_t count, size_t size);

#endif
