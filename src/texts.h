/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Texts that live as long as their object: names and paths that were made while it was read.
 */
#ifndef ELFMAP_TEXTS_H
#define ELFMAP_TEXTS_H

#include <stddef.h>

struct text;

struct texts {
	struct text *last;
};

/* A copy of text; NULL without memory. */
const char *texts_keep(struct texts *texts, const char *text);
/* A copy of size bytes, and a zero behind them. */
const char *texts_keep_bytes(struct texts *texts, const char *bytes, size_t size);
/* The same for a formatted text. */
__attribute__((format(printf, 2, 3))) const char *texts_format(struct texts *texts,
							       const char *format, ...);
void texts_release(struct texts *texts);

#endif
