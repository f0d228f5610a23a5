/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>

#include "sort.h"

void sort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	const char *element = base;

	for (size_t i = 1; i < count; i++, element += size)
		if (compare(element, element + size) > 0) {
			qsort(base, count, size, compare);
			return;
		}
}
