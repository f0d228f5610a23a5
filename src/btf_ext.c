/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>

#include "btf_ext.h"

/* Places of words in the header. */
#define HEADER_LENGTH 4
#define FIRST_SEGMENT 8 /* offset and length of each: functions, lines, CO-RE relocations */
#define SEGMENT_WORDS 8
#define NR_SEGMENTS 3
/* What a list begins with: the section's name, and the number of records. */
#define LIST_HEADER 8
#define WORD 4

struct walk {
	const struct elf_view *view;
	const uint8_t *bytes;
	size_t size;
	int (*fn)(size_t place, uint32_t name, void *ctx);
	void *ctx;
};

/* The word at a place; 0 beyond the end. */
static uint32_t word_at(const struct walk *walk, size_t place)
{
	return place <= walk->size && walk->size - place >= WORD ?
		       read_u32(walk->view, walk->bytes + place) :
		       0;
}

/* A segment: the size of a record, then lists of records, one a section. */
static int walk_segment(const struct walk *walk, size_t begin, size_t length)
{
	size_t place = begin + WORD, end = begin + length;
	uint32_t record;

	if (!length)
		return 0;
	if (begin > walk->size || length > walk->size - begin || length < WORD)
		return -EINVAL;
	record = word_at(walk, begin);
	while (place < end) {
		uint64_t records;
		int err;

		if (end - place < LIST_HEADER)
			return -EINVAL;
		records = (uint64_t)word_at(walk, place + WORD) * record;
		if (records > end - place - LIST_HEADER)
			return -EINVAL;
		err = walk->fn(place, word_at(walk, place), walk->ctx);
		if (err)
			return err;
		place += LIST_HEADER + (size_t)records;
	}
	return 0;
}

int btf_ext_for_each_name(const struct elf_view *view, const uint8_t *bytes, size_t size,
			  int (*fn)(size_t place, uint32_t name, void *ctx), void *ctx)
{
	struct walk walk = { view, bytes, size, fn, ctx };
	size_t header = word_at(&walk, HEADER_LENGTH);
	int err = 0;

	for (size_t i = 0; !err && i < NR_SEGMENTS; i++) {
		size_t words = FIRST_SEGMENT + i * SEGMENT_WORDS;

		/* older headers end before the last segment */
		if (words + SEGMENT_WORDS > header)
			break;
		err = walk_segment(&walk, header + word_at(&walk, words),
				   word_at(&walk, words + WORD));
	}
	return err;
}

bool btf_ext_has_relocations(const struct elf_view *view, const uint8_t *bytes, size_t size)
{
	const struct walk walk = { .view = view, .bytes = bytes, .size = size };
	size_t words = FIRST_SEGMENT + (NR_SEGMENTS - 1) * SEGMENT_WORDS;

	return words + SEGMENT_WORDS <= word_at(&walk, HEADER_LENGTH) &&
	       word_at(&walk, words + WORD);
}
