/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "btf_members.h"
#include "ebpf_for_windows.h"
#include "formats.h"
#include "layout.h"

static const struct elfmap_field fields[] = {
	LAYOUT_WORD("size", 0),	       LAYOUT_WORD("type", 1),
	LAYOUT_WORD("key_size", 2),    LAYOUT_WORD("value_size", 3),
	LAYOUT_WORD("max_entries", 4), LAYOUT_WORD("inner_map_idx", 5),
	LAYOUT_WORD("pinning", 6),     LAYOUT_WORD("id", 7),
	LAYOUT_WORD("inner_id", 8),
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))
#define LEAST_FIELDS 6

static const struct layout layouts[] = {
	{ fields, 6, 24, NULL, ELFMAP_PIN_BY_NUMBER },
	{ fields, 7, 28, NULL, ELFMAP_PIN_BY_NUMBER },
	{ fields, 8, 32, NULL, ELFMAP_PIN_BY_NUMBER },
	{ fields, 9, 36, NULL, ELFMAP_PIN_BY_NUMBER },
};

/*
 * As Linux' map types, 24, 28 and 32 are local storages: these have no entries to count, and so a
 * zero where Windows has the size of the values.
 */
bool is_ebpf_for_windows(const struct elfmap_section *section)
{
	size_t size = elfmap_section__entry_size(section);
	bool has_values = false;

	if (size < LEAST_FIELDS * LAYOUT_WORD_SIZE || size > NR_FIELDS * LAYOUT_WORD_SIZE ||
	    size % LAYOUT_WORD_SIZE)
		return false;
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++) {
		const struct elfmap_entry *entry = elfmap_section__entry(section, i);
		__u32 own_size, value_size;

		if (elfmap_entry__u32(entry, fields[0].offset, &own_size) ||
		    elfmap_entry__u32(entry, fields[3].offset, &value_size) || own_size != size)
			return false;
		has_values |= value_size;
	}
	return has_values;
}

static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)ctx;
	if (btf_members_match(section, fields, NR_FIELDS)) {
		*why = "it names the members";
		return ELFMAP_EVIDENCE_BTF;
	}
	*why = "each definition begins with its own size";
	return is_ebpf_for_windows(section) ? ELFMAP_EVIDENCE_CONTENT : ELFMAP_EVIDENCE_NONE;
}

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	size_t size, words;

	(void)ctx;
	elfmap_entry__data(entry, &size);
	words = size / LAYOUT_WORD_SIZE;
	if (words < LEAST_FIELDS)
		words = LEAST_FIELDS; /* too short, as the reading will find */
	if (words > NR_FIELDS)
		words = NR_FIELDS;
	return layout_decode(entry, def, (void *)&layouts[words - LEAST_FIELDS]);
}

const struct elfmap_format format_ebpf_for_windows = {
	.name = "ebpf_for_windows",
	.summary = "ebpf-for-windows; shown, never translated",
	.fields = fields,
	.nr_fields = NR_FIELDS,
	.probe = probe,
	.decode = decode,
	.refusal = "it was made for ebpf-for-windows, which numbers map types and helpers "
		   "differently: it cannot run on Linux",
};
