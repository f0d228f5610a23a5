/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * How many bytes belong to each entry: a section divided by its symbols, as old loaders did, or, in
 * sections that a static linker joined, what symbols, BTF or the next entry say. Part of decode.
 */
#ifndef ELFMAP_ENTRY_SIZES_H
#define ELFMAP_ENTRY_SIZES_H

#include "entries.h"

/* Set and check the sizes of entries, which stand by section and offset. is_legacy: by section. */
int entry_sizes_measure(struct entries *entries, const bool *is_legacy);

#endif
