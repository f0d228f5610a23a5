/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Sizes that several layouts have: content checks which tell them apart, over all definitions of
 * that size in the object together.
 *
 *   20  bpf_map_def ends in flags, bpf_elf_map in id
 *   24  bpf_map_def ends in flags, inner_map_idx; bpf_elf_map in id, pinning, a word or a byte
 *   28  bpf_map_def ends in inner_map_idx, numa_node; bpf_elf_map in id, pinning
 */
#ifndef ELFMAP_COMPAT_AMBIGUOUS_H
#define ELFMAP_COMPAT_AMBIGUOUS_H

#include "elfmap.h"

int ambiguous20_is_bpf_map_def(const struct elfmap_section *section, const char **why);
int ambiguous20_is_bpf_elf_map(const struct elfmap_section *section, const char **why);

int ambiguous24_is_bpf_map_def(const struct elfmap_section *section, const char **why);
int ambiguous24_is_bpf_elf_map(const struct elfmap_section *section, const char **why);
int ambiguous24_is_bpf_elf_map_u8(const struct elfmap_section *section, const char **why);

int ambiguous28_is_bpf_map_def(const struct elfmap_section *section, const char **why);
int ambiguous28_is_bpf_elf_map(const struct elfmap_section *section, const char **why);

#endif
