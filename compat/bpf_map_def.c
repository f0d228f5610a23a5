/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * struct bpf_map_def: 16 bytes in the kernel's samples of 2014, 20 with map_flags (libbpf's, until
 * 0.8), 24 with inner_map_idx and 28 with numa_node (samples and selftests of 2017; Netronome's
 * samples have the former). libbpf took longer ones, of other people's, if the rest was zero.
 */
#include <errno.h>

#include "formats.h"
#include "ambiguous.h"
#include "layout.h"

#define WORD_SIZE LAYOUT_WORD_SIZE

static const struct elfmap_field fields[] = {
	LAYOUT_WORD("type", 0),	       LAYOUT_WORD("key_size", 1),  LAYOUT_WORD("value_size", 2),
	LAYOUT_WORD("max_entries", 3), LAYOUT_WORD("map_flags", 4), LAYOUT_WORD("inner_map_idx", 5),
	LAYOUT_WORD("numa_node", 6),
};

#define KNOWN_WORDS 5

static const struct layout of16 = LAYOUT_OF_WORDS(fields, 4, NULL, ELFMAP_PIN_BY_NUMBER);
static const struct layout of20 =
	LAYOUT_OF_WORDS(fields, KNOWN_WORDS, ambiguous20_is_bpf_map_def, ELFMAP_PIN_BY_NUMBER);
static const struct layout of24 =
	LAYOUT_OF_WORDS(fields, 6, ambiguous24_is_bpf_map_def, ELFMAP_PIN_BY_NUMBER);
static const struct layout of28 =
	LAYOUT_OF_WORDS(fields, 7, ambiguous28_is_bpf_map_def, ELFMAP_PIN_BY_NUMBER);

const struct elfmap_format format_bpf_map_def16 =
	LAYOUT_FORMAT("bpf_map_def16", "kernel samples of 2014", of16, fields, 4);
const struct elfmap_format format_bpf_map_def20 = LAYOUT_FORMAT(
	"bpf_map_def20", "libbpf until 0.8, samples of 2016", of20, fields, KNOWN_WORDS);
const struct elfmap_format format_bpf_map_def24 =
	LAYOUT_FORMAT("bpf_map_def24", "samples of 2017, Netronome", of24, fields, 6);
const struct elfmap_format format_bpf_map_def28 =
	LAYOUT_FORMAT("bpf_map_def28", "samples and selftests since late 2017", of28, fields, 7);

/* --- longer ones -------------------------------------------------------------------------------- */

static const struct layout padded = { fields, KNOWN_WORDS, 0, NULL, ELFMAP_PIN_BY_NUMBER };

static int probe_padded(const struct elfmap_section *section, const char **why, void *ctx)
{
	size_t size = elfmap_section__entry_size(section);

	(void)ctx;
	if (size <= KNOWN_WORDS * WORD_SIZE || size % WORD_SIZE)
		return ELFMAP_EVIDENCE_NONE;
	for (size_t i = 0; i < elfmap_section__nr_entries(section); i++)
		if (!layout_is_zero_from(elfmap_section__entry(section, i),
					 KNOWN_WORDS * WORD_SIZE))
			return ELFMAP_EVIDENCE_NONE;
	*why = "what follows the fifth word is zero everywhere";
	return ELFMAP_EVIDENCE_SIZE;
}

const struct elfmap_format format_bpf_map_def_padded = {
	.sz = sizeof(struct elfmap_format),
	.name = "bpf_map_def_padded",
	.summary = "longer than 20 bytes, the rest zero",
	.fields = fields,
	.nr_fields = KNOWN_WORDS,
	.probe = probe_padded,
	.decode = layout_decode,
	.ctx = (void *)&padded,
};
