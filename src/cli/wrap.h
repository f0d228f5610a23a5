/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_WRAP_H
#define ELFMAP_CLI_WRAP_H

#define TERMINAL_WIDTH 80

/*
 * Print text in lines of at most 80 columns, broken between words: the first indented by `first`
 * columns, the others by `rest`.
 */
void print_wrapped(int first, int rest, const char *text);

#endif
