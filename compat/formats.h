/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The built-in formats. To add a layout: write its table in a file of its own here, declare its
 * struct elfmap_format below, and give it a line in formats.c.
 */
#ifndef ELFMAP_COMPAT_FORMATS_H
#define ELFMAP_COMPAT_FORMATS_H

#include "elfmap.h"

extern const struct elfmap_format format_btf_members;
extern const struct elfmap_format format_bpf_map_def16, format_bpf_map_def20, format_bpf_map_def24,
	format_bpf_map_def28, format_bpf_map_def28_pinning, format_bpf_map_def_padded;
extern const struct elfmap_format format_bpf_elf_map20, format_bpf_elf_map24,
	format_bpf_elf_map24_u8, format_bpf_elf_map28, format_bpf_elf_map32, format_bpf_elf_map36,
	format_bpf_elf_map40;
extern const struct elfmap_format format_aya28, format_goebpf40, format_gobpf280, format_datadog284,
	format_android, format_ebpf_for_windows;

#endif
