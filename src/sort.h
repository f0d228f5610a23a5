/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * qsort() for what is mostly in order already, as compilers write symbols and sections: then it is
 * looked at once, and nothing is moved.
 */
#ifndef ELFMAP_SORT_H
#define ELFMAP_SORT_H

#include <stddef.h>

void sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
