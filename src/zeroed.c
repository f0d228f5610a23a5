/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "zeroed.h"

/* What glibc keeps at hand; larger blocks come zeroed from the kernel more often. */
#define SMALL 1024u

void *zeroed(size_t count, size_t size)
{
	size_t bytes;
	void *block;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SMALL)
		return calloc(count, size);
	block = malloc(bytes);
	return block ? memset(block, 0, bytes) : NULL;
}
