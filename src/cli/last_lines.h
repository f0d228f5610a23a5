/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The last lines of a text that comes line by line and may have millions.
 */
#ifndef ELFMAP_CLI_LAST_LINES_H
#define ELFMAP_CLI_LAST_LINES_H

#include <stddef.h>

#define LAST_LINES_MAX 20

/* Empty when all zero. */
struct last_lines {
	size_t count; /* of all that came */
	char *lines[LAST_LINES_MAX];
};

/* One more, which is copied. */
void last_lines_keep(struct last_lines *last, const char *line);
/* The number of the first that is kept; they go on to last->count. */
size_t last_lines_first(const struct last_lines *last);
const char *last_lines_at(const struct last_lines *last, size_t number);
/* Free them; it is empty then. */
void last_lines_drop(struct last_lines *last);

#endif
