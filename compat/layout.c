/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
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

	if (!layout->size && !layout_is_zero_from(entry, layout->nr_fields * LAYOUT_WORD_SIZE)) {
		elfmap_entry__refuse(entry, "what follows word %zu is not zero", layout->nr_fields);
		return -EINVAL;
	}
	def->pin = layout->pin;
	return members_read(entry, layout->fields, layout->nr_fields, def);
}

bool layout_reads_same(const struct elfmap_entry *entry, const struct elfmap_format *a,
		       const struct elfmap_format *b)
{
	const struct layout *left = a->ctx, *right = b->ctx;

	return a->decode == layout_decode && b->decode == layout_decode &&
	       left->pin == right->pin &&
	       members_read_same(entry, left->fields, left->nr_fields, right->fields,
				 right->nr_fields);
}

bool layout_is_zero(const unsigned char *bytes, size_t size)
{
	__u64 some;

	for (; size >= sizeof(some); size -= sizeof(some), bytes += sizeof(some)) {
		memcpy(&some, bytes, sizeof(some));
		if (some)
			return false;
	}
	for (; size; size--)
		if (*bytes++)
			return false;
	return true;
}

bool layout_is_zero_from(const struct elfmap_entry *entry, size_t offset)
{
	size_t size;
	const unsigned char *bytes = elfmap_entry__data(entry, &size);

	return offset >= size || layout_is_zero(bytes + offset, size - offset);
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
