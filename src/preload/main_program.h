/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Which program it is that the preload library came into.
 */
#ifndef ELFMAP_PRELOAD_MAIN_PROGRAM_H
#define ELFMAP_PRELOAD_MAIN_PROGRAM_H

#include <stdbool.h>

/*
 * Whether it is iproute2's tc or ip, under whatever name, built with libbpf: that has a message in it
 * which the loader of no other program and of no other build has.
 */
bool main_program_is_iproute2(void);

#endif
