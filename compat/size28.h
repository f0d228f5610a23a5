/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Two layouts have 28 bytes: bpf_map_def ends in inner_map_idx and numa_node, bpf_elf_map in id and
 * pinning. These are the content checks of both, over all entries of the section together.
 */
#ifndef ELFMAP_COMPAT_SIZE28_H
#define ELFMAP_COMPAT_SIZE28_H

#include "elfmap.h"

int size28_is_bpf_map_def(const struct elfmap_section *section, const char **why);
int size28_is_bpf_elf_map(const struct elfmap_section *section, const char **why);

#endif
