/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Compiling as those do who use the library.
 */
#ifndef ELFMAP_TEST_COMPILER_H
#define ELFMAP_TEST_COMPILER_H

#include <stdbool.h>

/* What a language is compiled with: the compiler of this build, or one that is named. */
#define COMPILER_C "CC"
#define COMPILER_CXX "CXX"

/*
 * The command, with the flags that this build asks of it: for COMPILER_C and COMPILER_CXX what the
 * environment says, else cc and c++; other names are themselves. The test is skipped where the
 * compiler is not there.
 */
const char *compiler(const char *name);
/* Whether programs of this build are compiled with sanitizers. */
bool compiler_sanitizes(void);
/* The command for pkg-config; the test is skipped where it is not there. */
const char *pkg_config(void);

#endif
