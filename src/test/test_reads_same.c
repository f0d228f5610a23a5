// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Two layouts that are said to read an entry the same, without reading it, do so when they read it. */
#include <string.h>

#include "choose.h"
#include "layout.h"
#include "test/elf_made.h"
#include "test/random.h"
#include "test/tests.h"

#define SEED 20261121
#define ROUNDS 400
#define SIZE_MAX_OF_LAYOUTS 128

/* The definition whose bytes are changed from round to round. */
struct subject {
	struct elfmap_object object;
	struct entries entries;
	uint8_t *bytes;
	size_t size;
};

static void begin(struct subject *subject, size_t size)
{
	const struct elf_made_style style = { .machine = EM_BPF };
	struct elf_made *elf = elf_made_begin(&style);
	uint8_t zeros[SIZE_MAX_OF_LAYOUTS] = { 0 };
	struct test_object made;
	size_t maps = elf_made_section(elf, "maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 4);

	elf_made_bytes(elf, maps, zeros, size);
	elf_made_symbol(elf, "map",
			(Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
				     .st_shndx = (Elf64_Section)maps,
				     .st_size = size });
	made = elf_made_finish(elf);
	*subject = (struct subject){ .size = size };
	ck_assert_int_eq(read_object((struct bytes){ made.bytes, made.size }, "made",
				     &subject->object.view),
			 0);
	ck_assert_int_eq(entries_read(&subject->object, &subject->entries), 0);
	ck_assert_uint_eq(subject->entries.count, 1);
	subject->bytes = (uint8_t *)subject->object.view.sections[maps].data;
}

static void end(struct subject *subject)
{
	entries_release(&subject->entries);
	read_release(&subject->object.view);
}

/* Mostly zeros, as definitions are. */
static void change(struct subject *subject, uint64_t *state)
{
	for (size_t i = 0; i < subject->size; i++)
		subject->bytes[i] = random_one_in(state, 12) ? (uint8_t)random_below(state, 256) :
							       0;
}

static bool is_of_size(const struct elfmap_format *format, size_t size)
{
	const struct layout *layout = format->ctx;

	return format->decode == layout_decode && (!layout->size || layout->size == size);
}

static bool takes(const struct elfmap_entry *entry, const struct elfmap_format *format)
{
	const struct layout *layout = format->ctx;

	return layout->size || layout_is_zero_from(entry, layout->nr_fields * LAYOUT_WORD_SIZE);
}

/* Returns whether they were said to. */
static bool check_entry(const struct elfmap_entry *entry, const struct elfmap_format *a,
			const struct elfmap_format *b)
{
	struct elfmap_map_def left = { 0 }, right = { 0 };

	/* who takes any size takes only what ends in zeros */
	if (!takes(entry, a) || !takes(entry, b) || !layout_reads_same(entry, a, b))
		return false;
	ck_assert_int_eq(a->decode(entry, &left, a->ctx), b->decode(entry, &right, b->ctx));
	/* what a definition has counts where it has an id, as inner maps are found by it */
	if (left.id)
		ck_assert_uint_eq(left.has & ELFMAP_DEF_INNER_ID, right.has & ELFMAP_DEF_INNER_ID);
	left.has = right.has = 0;
	ck_assert_msg(!memcmp(&left, &right, sizeof(left)), "%s and %s read %zu bytes differently",
		      a->name, b->name, entry->size);
	return true;
}

START_TEST(test_layouts)
{
	size_t nr_said = 0, nr_asked = 0;
	uint64_t state = SEED;

	for (size_t size = 16; size <= SIZE_MAX_OF_LAYOUTS; size += 4) {
		const struct elfmap_format *a, *b;
		struct subject subject;

		begin(&subject, size);
		for (size_t i = 0; (a = elfmap_builtin_format(i)); i++)
			for (size_t j = 0; is_of_size(a, size) && (b = elfmap_builtin_format(j));
			     j++)
				for (size_t n = 0; is_of_size(b, size) && n < ROUNDS; n++) {
					change(&subject, &state);
					nr_said += check_entry(subject.entries.entries, a, b);
					nr_asked++;
				}
		end(&subject);
	}
	/* and it is said of some, not of all */
	ck_assert_uint_gt(nr_said, nr_asked / 10);
	ck_assert_uint_lt(nr_said, nr_asked);
}
END_TEST

Suite *reads_same_suite(void)
{
	return suite_of("reads_same", test_layouts);
}
