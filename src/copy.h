/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * memcpy() of a number of bytes that is not known before, called: where code is to be small, compilers
 * make one instruction of it, which takes long to begin.
 */
#ifndef ELFMAP_COPY_H
#define ELFMAP_COPY_H

#include <string.h>

static inline void copy_bytes(void *to, const void *from, size_t size)
{
	memmove(to, from, size);
}

#endif
