/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Whether words look like a definition of any layout: for where nothing says how long the
 * definitions of a section are, and a symbol may be missing.
 */
#ifndef ELFMAP_COMPAT_PLAUSIBLE_H
#define ELFMAP_COMPAT_PLAUSIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many words of a definition are looked at: those that all layouts begin with. */
#define PLAUSIBLE_WORDS 4

bool plausible_definition(const uint32_t words[PLAUSIBLE_WORDS]);
/* Whether a layout whose definitions are rows of words may have this size, in bytes. */
bool plausible_size(size_t size);

#endif
