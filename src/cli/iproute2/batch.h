/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_BATCH_H
#define ELFMAP_CLI_BATCH_H

#include "cli/messages.h"

struct cli;

/* Runs the words of one line. */
typedef enum cli_status (*batch_line_fn)(struct cli *cli, const void *ctx, char **words, int count);

/*
 * Run the lines of a file, "-" is stdin, each an object, a verb and words: as tc and ip read them,
 * with '#' for comments, a backslash at the end for lines that go on, and quotes around words. The
 * first that fails ends it, unless -force is given; each that does is named. CLI_REFUSED if any did.
 */
enum cli_status batch_run(struct cli *cli, const char *path, batch_line_fn fn, const void *ctx);

#endif
