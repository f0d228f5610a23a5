/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Text files, read as a whole.
 */
#ifndef ELFMAP_TEST_TEXT_FILE_H
#define ELFMAP_TEST_TEXT_FILE_H

/* The file, which must be there and not be empty; the caller frees it. */
char *file_text(const char *path);

#endif
