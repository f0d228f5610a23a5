/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Definitions that begin with their own size: ebpf-for-windows'. Other layouts of these sizes do not
 * claim them.
 */
#ifndef ELFMAP_COMPAT_OWN_SIZE_H
#define ELFMAP_COMPAT_OWN_SIZE_H

#include "elfmap.h"

/* From the first release's six words to the nine of later ones. */
#define OWN_SIZE_LEAST_WORDS 6
#define OWN_SIZE_MOST_WORDS 9

bool own_size_comes_first(const struct elfmap_section *section);

#endif
