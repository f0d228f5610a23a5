// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "test/mutate.h"
#include "test/random.h"
#include "test/tests.h"

/* What parsers trip over. */
static const uint64_t values[] = {
	0,	    1,		2,	    3,		4,	    5,
	7,	    8,		12,	    13,		16,	    24,
	28,	    36,		64,	    255,	256,	    4096,
	0x7fff,	    0x8000,	0xff00,	    0xffff,	65536,	    0x7fffffff,
	0x80000000, 0xfffffff0, 0xffffffff, 1ULL << 32, 1ULL << 63, UINT64_MAX - 7,
	UINT64_MAX,
};
#define NR_VALUES (sizeof(values) / sizeof(values[0]))

/* A part of a file. */
struct range {
	size_t offset, size;
};

/* The file's header, its section table, a section, or all of it. */
static struct range choose_range(const struct test_object *object, uint64_t *state)
{
	const Elf64_Ehdr *header = object_header(object);
	const Elf64_Shdr *section;

	switch (random_below(state, 8)) {
	case 0:
		return (struct range){ 0, object->size };
	case 1:
		return (struct range){ 0, sizeof(*header) };
	case 2:
	case 3:
		return (struct range){ header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr) };
	default:
		section = object_section_at(object, 1 + random_below(state, header->e_shnum - 1U));
		if (section->sh_size && section->sh_type != SHT_NOBITS)
			return (struct range){ section->sh_offset, section->sh_size };
		return (struct range){ 0, object->size };
	}
}

/* Change a word of 1 to 8 bytes, where such a word may stand. */
static void change_word(struct test_object *object, struct range range, uint64_t *state)
{
	size_t size = (size_t)1 << random_below(state, 4), at;
	uint64_t word = 0;

	if (range.size < size)
		return;
	at = range.offset + random_below(state, range.size / size) * size;
	memcpy(&word, object->bytes + at, size);
	switch (random_below(state, 4)) {
	case 0:
		word = random_next(state);
		break;
	case 1:
		word ^= 1ULL << random_below(state, 8 * size);
		break;
	case 2:
		word += random_below(state, 17) - 8;
		break;
	default:
		word = values[random_below(state, NR_VALUES)];
	}
	memcpy(object->bytes + at, &word, size);
}

/* Put a piece of the file elsewhere. */
static void copy_piece(struct test_object *object, struct range range, uint64_t *state)
{
	size_t size = 1 + random_below(state, 64);

	if (range.size < size)
		return;
	memmove(object->bytes + range.offset + random_below(state, range.size - size + 1),
		object->bytes + random_below(state, object->size - size + 1), size);
}

struct test_object mutate(const struct test_object *object, uint64_t number)
{
	struct test_object copy = object_copy(object);
	uint64_t state = number;
	size_t changes = (size_t)1 << random_below(&state, 4);

	for (size_t i = 0; i < changes; i++) {
		struct range range = choose_range(object, &state);

		if (random_below(&state, 16))
			change_word(&copy, range, &state);
		else
			copy_piece(&copy, range, &state);
	}
	if (!random_below(&state, 64))
		copy.size = random_below(&state, copy.size);
	return copy;
}
