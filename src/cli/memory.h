/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_MEMORY_H
#define ELFMAP_CLI_MEMORY_H

/* For failures that a program of this size does not survive: says so and exits. */
void out_of_memory(void) __attribute__((noreturn));

#endif
