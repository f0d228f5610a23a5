/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <linux/bpf.h>

#include "ambiguous.h"
#include "layout.h"
#include "map_types.h"

/* No machine has more; the kernel's MAX_NUMNODES is at most 1 << 10. */
#define NUMA_NODE_PLAUSIBLE 1024u
/* The flags that the kernel takes for a prog array; it refuses all others. */
#define PROG_ARRAY_FLAGS (BPF_F_NUMA_NODE | BPF_F_RDONLY | BPF_F_WRONLY)
/* A pinning that was one byte, as it reads in a word of a big-endian object. */
#define U8_SHIFT 24

#define WORDS_MAX 7

/* Indices of the words from the fifth on, in one layout or the other. */
enum {
	TYPE = 0,
	FLAGS = 4,
	ELF20_ID = 4,
	ELF24_ID = 4,
	ELF24_PINNING = 5,
	ELF28_ID = 5,
	ELF28_PINNING = 6,
	DEF28_NUMA_NODE = 6,
};

/* What speaks for each reading; both may be set, in an object that contradicts itself. */
struct signs {
	const char *map_def;
	const char *elf_map;
	bool is_open;  /* a word may be either, and it matters */
	bool has_u8;   /* a pinning is a byte */
	bool has_word; /* a pinning is a word */
};

static void read_words(const struct elfmap_entry *entry, size_t count, __u32 *words)
{
	for (size_t i = 0; i < count; i++)
		if (elfmap_entry__u32(entry, i * sizeof(words[0]), &words[i]))
			words[i] = 0;
}

/* Whether a section ID/KEY means this map, if that word is its id. */
static bool is_tail_call_id(const struct elfmap_section *section, __u32 type, __u32 id)
{
	return type == BPF_MAP_TYPE_PROG_ARRAY && id &&
	       elfmap_section__has_tail_call_id(section, id);
}

/* --- 20 bytes ----------------------------------------------------------------------------------- */

static void read_signs20(const struct elfmap_section *section, const __u32 *word,
			 struct signs *signs)
{
	if (!is_tail_call_id(section, word[TYPE], word[ELF20_ID]))
		return;
	if (word[FLAGS] & ~(__u32)PROG_ARRAY_FLAGS)
		signs->elf_map = "a section ID/KEY names the fifth word as an id, and it is no "
				 "valid flags";
	else
		signs->is_open = true;
}

/* --- 24 bytes ----------------------------------------------------------------------------------- */

static void read_signs24(const struct elfmap_section *section, const __u32 *word,
			 struct signs *signs)
{
	__u32 pinning = word[ELF24_PINNING];
	bool is_u8 = elfmap_section__is_big_endian(section) && pinning >> U8_SHIFT &&
		     !(pinning & ((1u << U8_SHIFT) - 1));

	if (is_u8)
		pinning >>= U8_SHIFT;
	/* bpf_elf_map had 24 bytes before the kernel had maps in maps */
	if (is_outer_type(word[TYPE]))
		signs->map_def = "a map of maps of 24 bytes names its inner map by position";
	else if (is_tail_call_id(section, word[TYPE], word[ELF24_ID]))
		signs->elf_map = "a section ID/KEY names the fifth word as an id";
	else if (pinning == 1 || pinning == 2)
		signs->elf_map = "a last word of 1 or 2 in a map that has no inner one is a "
				 "pinning";
	else if (pinning)
		signs->is_open = true;
	if (pinning && !is_outer_type(word[TYPE])) {
		signs->has_u8 |= is_u8;
		signs->has_word |= !is_u8;
	}
}

/* --- 28 bytes ----------------------------------------------------------------------------------- */

static void read_signs28(const struct elfmap_section *section, const __u32 *word,
			 struct signs *signs)
{
	/* bpf_elf_map had 28 bytes before the kernel had maps in maps */
	if (is_outer_type(word[TYPE]))
		signs->map_def = "a map of maps of 28 bytes names its inner map by position";
	else if (word[FLAGS] & BPF_F_NUMA_NODE && word[DEF28_NUMA_NODE] < NUMA_NODE_PLAUSIBLE)
		signs->map_def = "BPF_F_NUMA_NODE is set and the last word is a node";
	else if (word[ELF28_PINNING] == 1 || word[ELF28_PINNING] == 2)
		signs->elf_map = "a last word of 1 or 2 without BPF_F_NUMA_NODE is a pinning";
	if (is_tail_call_id(section, word[TYPE], word[ELF28_ID]))
		signs->elf_map = "a section ID/KEY names the sixth word as an id";
}

/* --- the verdicts ------------------------------------------------------------------------------- */

static struct signs all_signs(const struct elfmap_section *section, size_t nr_words,
			      void (*read_signs)(const struct elfmap_section *section,
						 const __u32 *word, struct signs *signs))
{
	struct signs signs = { .map_def = NULL };

	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		__u32 word[WORDS_MAX];

		read_words(elfmap_section__entry(section, i), nr_words, word);
		read_signs(section, word, &signs);
	}
	return signs;
}

int ambiguous20_is_bpf_map_def(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section, 5, read_signs20);

	*why = signs.is_open ? "the fifth word is valid flags" :
			       "no section ID/KEY makes the fifth word an id";
	return signs.elf_map ? ELFMAP_EVIDENCE_NONE : ELFMAP_EVIDENCE_SIZE;
}

int ambiguous20_is_bpf_elf_map(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section, 5, read_signs20);

	if (!signs.elf_map && !signs.is_open)
		return ELFMAP_EVIDENCE_NONE;
	return layout_verdict(signs.elf_map, NULL, why);
}

int ambiguous24_is_bpf_map_def(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section, 6, read_signs24);

	if (signs.map_def || signs.elf_map)
		return layout_verdict(signs.map_def, signs.elf_map, why);
	*why = signs.is_open ? "the last word may be a position" :
			       "nothing makes the fifth word an id or the last one a pinning";
	return ELFMAP_EVIDENCE_SIZE;
}

static int is_bpf_elf_map24(const struct elfmap_section *section, bool u8, const char **why)
{
	struct signs signs = all_signs(section, 6, read_signs24);
	/* in a little-endian object both forms have the same bytes, and are called by the later */
	bool is_mine = u8 ? signs.has_u8 : signs.has_word || !signs.has_u8;

	if ((!signs.elf_map && !signs.is_open) || !is_mine)
		return ELFMAP_EVIDENCE_NONE;
	return layout_verdict(signs.elf_map, signs.map_def, why);
}

int ambiguous24_is_bpf_elf_map(const struct elfmap_section *section, const char **why)
{
	return is_bpf_elf_map24(section, false, why);
}

int ambiguous24_is_bpf_elf_map_u8(const struct elfmap_section *section, const char **why)
{
	return is_bpf_elf_map24(section, true, why);
}

int ambiguous28_is_bpf_map_def(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section, 7, read_signs28);

	return layout_verdict(signs.map_def, signs.elf_map, why);
}

int ambiguous28_is_bpf_elf_map(const struct elfmap_section *section, const char **why)
{
	struct signs signs = all_signs(section, 7, read_signs28);

	return layout_verdict(signs.elf_map, signs.map_def, why);
}
