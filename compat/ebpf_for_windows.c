/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "btf_members.h"
#include "formats.h"
#include "layout.h"
#include "own_size.h"

static const struct elfmap_field fields[] = {
	LAYOUT_WORD("size", 0),	       LAYOUT_WORD("type", 1),
	LAYOUT_WORD("key_size", 2),    LAYOUT_WORD("value_size", 3),
	LAYOUT_WORD("max_entries", 4), LAYOUT_WORD("inner_map_idx", 5),
	LAYOUT_WORD("pinning", 6),     LAYOUT_WORD("id", 7),
	LAYOUT_WORD("inner_id", 8),
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct layout layouts[] = {
	{ fields, 6, 24, NULL, ELFMAP_PIN_BY_NUMBER },
	{ fields, 7, 28, NULL, ELFMAP_PIN_BY_NUMBER },
	{ fields, 8, 32, NULL, ELFMAP_PIN_BY_NUMBER },
	{ fields, 9, 36, NULL, ELFMAP_PIN_BY_NUMBER },
};

static int probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	(void)ctx;
	if (btf_members_match(section, fields, NR_FIELDS)) {
		*why = "it names the members";
		return ELFMAP_EVIDENCE_BTF;
	}
	*why = "each definition begins with its own size";
	return own_size_comes_first(section) ? ELFMAP_EVIDENCE_CONTENT : ELFMAP_EVIDENCE_NONE;
}

static int decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	size_t size, words;

	(void)ctx;
	elfmap_entry__data(entry, &size);
	words = size / LAYOUT_WORD_SIZE;
	if (words < OWN_SIZE_LEAST_WORDS)
		words = OWN_SIZE_LEAST_WORDS; /* too short, as the reading will find */
	if (words > NR_FIELDS)
		words = NR_FIELDS;
	return layout_decode(entry, def, (void *)&layouts[words - OWN_SIZE_LEAST_WORDS]);
}

const struct elfmap_format format_ebpf_for_windows = {
	.sz = sizeof(struct elfmap_format),
	.name = "ebpf_for_windows",
	.summary = "ebpf-for-windows; shown, never translated",
	.fields = fields,
	.nr_fields = NR_FIELDS,
	.probe = probe,
	.decode = decode,
	.refusal = "it was made for ebpf-for-windows, which numbers map types and helpers "
		   "differently: it cannot run on Linux",
};
