/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What commands print for people, as opposed to parsed.h.
 */
#ifndef ELFMAP_TEST_PRINTED_H
#define ELFMAP_TEST_PRINTED_H

#include <stdbool.h>
#include <stddef.h>

/* End the test where a line has more than 80 columns and a blank to break it at. */
void assert_columns(const char *text);

/* Whether the text has exactly this line, its indentation included. */
bool has_line(const char *text, const char *line);

/*
 * The text with lines that are indented deeper than this many blanks joined to the one above them,
 * by one blank. For free().
 */
char *unwrapped(const char *text, size_t indent);

#endif
