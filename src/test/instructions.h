/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * How many instructions this process, and those that it starts, run outside of the kernel: work that
 * is the same at every run. It shares no code with libcheck, so that the benchmark can use it.
 */
#ifndef ELFMAP_TEST_INSTRUCTIONS_H
#define ELFMAP_TEST_INSTRUCTIONS_H

#include <stdint.h>

/* A descriptor to be closed, less than 0 where the machine does not count or may not be asked. */
int instructions_begin(void);
/* Since then; 0 where they are not counted. */
uint64_t instructions_read(int fd);

#endif
