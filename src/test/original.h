/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What an object's programs are before anything is translated: read from the file with libelf, by
 * code that shares nothing with the library.
 */
#ifndef ELFMAP_TEST_ORIGINAL_H
#define ELFMAP_TEST_ORIGINAL_H

#include <linux/bpf.h>

/*
 * The tag that the kernel must give to the program that begins at a function's symbol: that of the
 * file's instructions, with references to maps and global data marked and the subprograms that it
 * calls appended, as every loader does it. For objects in the host's byte order.
 */
void original_tag(const char *path, const char *function, __u8 tag[BPF_TAG_SIZE]);

#endif
