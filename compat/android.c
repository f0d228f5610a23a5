/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Android's struct bpf_map_def: as libbpf's, then the owner and mode of the pin, then which versions
 * of Android's loader and of the kernel it is for, and more. It grew with each release, so that the
 * object says its size, in a section of that name; the first had 32 bytes and did not. The owner, the
 * mode and the versions are shown; pins and choice by version are left to Android's loader.
 */
#include <endian.h>
#include <string.h>

#include "btf_members.h"
#include "formats.h"
#include "layout.h"

#define FIRST_SIZE 32

static const struct elfmap_field fields[] = {
	LAYOUT_WORD("type", 0),
	LAYOUT_WORD("key_size", 1),
	LAYOUT_WORD("value_size", 2),
	LAYOUT_WORD("max_entries", 3),
	LAYOUT_WORD("map_flags", 4),
	LAYOUT_WORD("uid", 5),
	LAYOUT_WORD("gid", 6),
	{ "mode", 28, 4, ELFMAP_FIELD_OCTAL },
	LAYOUT_WORD("bpfloader_min_ver", 8),
	LAYOUT_WORD("bpfloader_max_ver", 9),
	LAYOUT_WORD("min_kver", 10),
	LAYOUT_WORD("max_kver", 11),
	{ "selinux_context", 48, 32, ELFMAP_FIELD_TEXT },
	{ "pin_subdir", 80, 32, ELFMAP_FIELD_TEXT },
	{ "shared", 112, 1, ELFMAP_FIELD_NUMBER },
};

/* Those that every release has had since the second. */
#define NR_WORDS 12
#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct layout layout = { fields, NR_FIELDS, FIRST_SIZE, NULL, ELFMAP_PIN_BY_NUMBER };

/* What section size_of_bpf_map_def holds, an integer of 4 or 8 bytes; 0 where it is not there. */
static __u64 stated_size(const struct elfmap_section *section)
{
	bool big = elfmap_section__is_big_endian(section);
	size_t size;
	const void *data = elfmap_section__find(section, "size_of_bpf_map_def", &size);
	__u32 word;
	__u64 words;

	if (data && size == sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		return big ? be32toh(word) : le32toh(word);
	}
	if (data && size == sizeof(words)) {
		memcpy(&words, data, sizeof(words));
		return big ? be64toh(words) : le64toh(words);
	}
	return 0;
}

static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	size_t size = elfmap_section__entry_size(section), progs;

	(void)ctx;
	if (size < FIRST_SIZE)
		return ELFMAP_EVIDENCE_NONE;
	if (btf_members_begin(section, fields, NR_WORDS)) {
		*why = "it names the members";
		return ELFMAP_EVIDENCE_BTF;
	}
	if (stated_size(section) == size) {
		*why = "section size_of_bpf_map_def says so";
		return ELFMAP_EVIDENCE_CONTENT;
	}
	if (size == FIRST_SIZE && elfmap_section__find(section, "progs", &progs)) {
		*why = "it has a section progs, as Android's first objects";
		return ELFMAP_EVIDENCE_CONTENT;
	}
	return ELFMAP_EVIDENCE_NONE;
}

const struct elfmap_format format_android = {
	.sz = sizeof(struct elfmap_format),
	.name = "android",
	.summary = "Android; section size_of_bpf_map_def says its size",
	.fields = fields,
	.nr_fields = NR_FIELDS,
	.probe = probe,
	.decode = layout_decode,
	.ctx = (void *)&layout,
};
