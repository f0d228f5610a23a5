/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <string.h>

#include "btf_members.h"
#include "layout.h"
#include "members.h"
#include "own_size.h"

int layout_probe(const struct elfmap_section *section, const char **why, void *ctx)
{
	const struct layout *layout = ctx;

	if (elfmap_section__entry_size(section) != layout->size)
		return ELFMAP_EVIDENCE_NONE;
	if (btf_members_match(section, layout->fields, layout->nr_fields)) {
		*why = "it names the members";
		return ELFMAP_EVIDENCE_BTF;
	}
	if (own_size_comes_first(section) ||
	    btf_members_contradict(section, layout->fields, layout->nr_fields))
		return ELFMAP_EVIDENCE_NONE;
	if (layout->content)
		return layout->content(section, why);
	*why = "only this layout has definitions of this size";
	return ELFMAP_EVIDENCE_SIZE;
}

int layout_decode(const struct elfmap_entry *entry, struct elfmap_map_def *def, void *ctx)
{
	const struct layout *layout = ctx;

	def->pin = layout->pin;
	return members_read(entry, layout->fields, layout->nr_fields, def);
}

bool layout_is_zero_from(const struct elfmap_entry *entry, size_t offset)
{
	size_t size;
	const unsigned char *bytes = elfmap_entry__data(entry, &size);
	__u64 some;

	for (; offset + sizeof(some) <= size; offset += sizeof(some)) {
		memcpy(&some, bytes + offset, sizeof(some));
		if (some)
			return false;
	}
	for (; offset < size; offset++)
		if (bytes[offset])
			return false;
	return true;
}

int layout_verdict(const char *mine, const char *other, const char **why)
{
	if (mine) {
		*why = mine;
		return ELFMAP_EVIDENCE_CONTENT;
	}
	*why = "the words in which layouts of this size differ have no effect here";
	return other ? ELFMAP_EVIDENCE_NONE : ELFMAP_EVIDENCE_SIZE;
}
