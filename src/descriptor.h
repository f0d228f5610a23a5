/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Descriptors: of what one is, and another for the same.
 */
#ifndef ELFMAP_DESCRIPTOR_H
#define ELFMAP_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether it is a "bpf-map", "bpf-prog", ...: the kernel answers for one what it was asked about
 * another. True without /proc, which is what tells.
 */
bool descriptor_is(int fd, const char *kind);

/*
 * A duplicate, close-on-exec, above those of stdin, stdout and stderr, which may be closed; or a
 * negative errno.
 */
int descriptor_duplicate(int fd);

/*
 * The number that /proc gives to a descriptor under this name: what the kernel tells of maps there
 * alone. -ENOENT: it does not have that, or there is no /proc.
 */
int descriptor_number(int fd, const char *name, uint32_t *number);

#endif
