/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The README's table "what you typed, what you type now".
 */
#ifndef ELFMAP_TEST_README_H
#define ELFMAP_TEST_README_H

#include <stddef.h>

#define README_LINES_MAX 64

struct readme_table {
	char *lines[README_LINES_MAX]; /* behind "elfmap "; each is for free() */
	size_t count;
};

/* Each line must be the same words in both columns, with elfmap in front in the second. */
struct readme_table readme_table(void);

#endif
