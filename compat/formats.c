/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "formats.h"

const struct elfmap_format *const builtin_formats[] = {
	&format_btf_members,   &format_bpf_elf_map36, &format_bpf_elf_map28, &format_bpf_map_def28,
	&format_bpf_map_def24, &format_bpf_map_def20, &format_bpf_map_def16, NULL,
};
