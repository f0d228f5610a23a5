/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Where the preload library is: named by $ELFMAP_PRELOAD, else beside the tool, as it is built, else
 * where it is installed to.
 */
#ifndef ELFMAP_CLI_PRELOAD_PATH_H
#define ELFMAP_CLI_PRELOAD_PATH_H

#include <stddef.h>

#define PRELOAD_FILE "elfmap-preload.so"

/* An absolute path, for free(); NULL with errno, ENOENT if it is nowhere. */
char *preload_path(void);

#endif
