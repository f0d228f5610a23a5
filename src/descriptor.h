/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a descriptor is a descriptor of.
 */
#ifndef ELFMAP_DESCRIPTOR_H
#define ELFMAP_DESCRIPTOR_H

#include <stdbool.h>

/*
 * Whether it is a "bpf-map", "bpf-prog", ...: the kernel answers for one what it was asked about
 * another. True without /proc, which is what tells.
 */
bool descriptor_is(int fd, const char *kind);

#endif
