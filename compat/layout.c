/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <string.h>

#include "layout.h"

int layout_probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	const struct layout *layout = ctx;

	if (elfmap_section__entry_size(section) != layout->nr_words * sizeof(__u32))
		return ELFMAP_EVIDENCE_NONE;
	if (layout->content)
		return layout->content(section, why);
	*why = "only this layout has definitions of this size";
	return ELFMAP_EVIDENCE_SIZE;
}

int layout_decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	const struct layout *layout = ctx;

	for (size_t i = 0; i < layout->nr_words; i++) {
		__u32 value;
		int err = elfmap_entry__u32(entry, i * sizeof(value), &value);

		if (err)
			return err;
		memcpy((char *)def + layout->words[i].member, &value, sizeof(value));
		def->has |= layout->words[i].has;
	}
	return 0;
}
