/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "formats.h"

/* Evidence decides, not the order; where readings agree in effect, the first gives its name. */
static const struct elfmap_format *const formats[] = {
	&format_btf_members,
	&format_bpf_map_def16,
	&format_bpf_map_def20,
	&format_bpf_elf_map20,
	&format_bpf_map_def24,
	&format_bpf_elf_map24,
	&format_bpf_elf_map24_u8,
	&format_bpf_map_def28_pinning,
	&format_bpf_elf_map28,
	&format_bpf_map_def28,
	&format_bpf_elf_map32,
	&format_bpf_elf_map36,
	&format_bpf_elf_map40,
	&format_goebpf40,
	&format_gobpf280,
	&format_datadog284,
	&format_android,
	&format_ebpf_for_windows,
	&format_bpf_map_def_padded,
	&format_aya28,
};

const struct elfmap_format *elfmap_builtin_format(size_t i)
{
	return i < sizeof(formats) / sizeof(formats[0]) ? formats[i] : NULL;
}
