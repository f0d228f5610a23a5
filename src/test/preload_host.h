/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The programs of src/test/host, which know nothing of elfmap, alone and under elfmap exec.
 */
#ifndef ELFMAP_TEST_PRELOAD_HOST_H
#define ELFMAP_TEST_PRELOAD_HOST_H

#include "test/run.h"
#include "test/tool.h"

/* Run one with these words; with elfmap exec and its options before it unless exec is NULL. */
struct run host_run(const char *const *environment, const char *exec, const char *host,
		    const char *format, ...) PRINTF(4, 5);

/* The line of a text that begins with a word and a blank, "" where there is none; for free(). */
char *line_of(const char *text, const char *word);
/* How many lines of a text begin so. */
size_t nr_lines(const char *text, const char *beginning);

#endif
