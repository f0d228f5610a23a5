/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <linux/bpf.h>

#include "size28.h"

/* No machine has more; the kernel's MAX_NUMNODES is at most 1 << 10. */
#define NUMA_NODE_PLAUSIBLE 1024u

/* What speaks for each reading; both may be set, in an object that contradicts itself. */
struct signs {
	const char *map_def;
	const char *elf_map;
};

static void read_signs(const struct elfmap_entry *entry, const struct elfmap_section *section,
		       struct signs *signs)
{
	__u32 word[7];

	for (size_t i = 0; i < 7; i++)
		if (elfmap_entry__u32(entry, i * sizeof(word[0]), &word[i]))
			return;
	/* bpf_elf_map had 28 bytes before the kernel had maps in maps */
	if (word[0] == BPF_MAP_TYPE_ARRAY_OF_MAPS || word[0] == BPF_MAP_TYPE_HASH_OF_MAPS)
		signs->map_def = "a map of maps of 28 bytes names its inner map by position";
	else if (word[4] & BPF_F_NUMA_NODE && word[6] < NUMA_NODE_PLAUSIBLE)
		signs->map_def = "BPF_F_NUMA_NODE is set and the last word is a node";
	else if (word[6] == 1 || word[6] == 2)
		signs->elf_map = "a last word of 1 or 2 without BPF_F_NUMA_NODE is a pinning";
	if (word[0] == BPF_MAP_TYPE_PROG_ARRAY && word[5] &&
	    elfmap_section__has_tail_call_id(section, word[5]))
		signs->elf_map = "a section ID/KEY names the sixth word as an id";
}

static struct signs all_signs(const struct elfmap_section *section)
{
	struct signs signs = { NULL, NULL };

	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++)
		read_signs(elfmap_section__entry(section, i), section, &signs);
	return signs;
}

/* Without any sign both layouts claim the section, and must then agree in effect. */
static int verdict(const char *mine, const char *other, const char **why)
{
	if (mine) {
		*why = mine;
		return ELFMAP_EVIDENCE_CONTENT;
	}
	*why = "the words in which layouts of this size differ have no effect here";
	return other ? ELFMAP_EVIDENCE_NONE : ELFMAP_EVIDENCE_SIZE;
}

int size28_is_bpf_map_def(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section);

	return verdict(signs.map_def, signs.elf_map, why);
}

int size28_is_bpf_elf_map(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section);

	return verdict(signs.elf_map, signs.map_def, why);
}
