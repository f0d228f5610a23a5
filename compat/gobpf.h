/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * gobpf's pins: below a namespace that the definition names.
 */
#ifndef ELFMAP_COMPAT_GOBPF_H
#define ELFMAP_COMPAT_GOBPF_H

#include "elfmap.h"

/* What def->pinning means, with a namespace of size bytes at an offset of the entry. */
int gobpf_read_pin(const struct elfmap_entry *entry, size_t offset, size_t size,
		   struct elfmap_map_def *def);

#endif
