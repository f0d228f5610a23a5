// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Objects that are wrong in one place: refused with one message, or none the worse for it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "test/opening.h"
#include "test/tests.h"

static const char *const objects[] = { "static_map.btf", "mixed_order.btf", "tailcalls", "types" };
#define NR_OBJECTS (sizeof(objects) / sizeof(objects[0]))

/* --- every field of every structure -------------------------------------------------------- */

struct field {
	const char *name;
	size_t offset, size;
};

#define FIELD(type, member)                                                  \
	{                                                                    \
#member, offsetof(type, member), sizeof(((type *)0)->member) \
	}

static const struct field header_fields[] = {
	FIELD(Elf64_Ehdr, e_type),	FIELD(Elf64_Ehdr, e_machine),
	FIELD(Elf64_Ehdr, e_version),	FIELD(Elf64_Ehdr, e_entry),
	FIELD(Elf64_Ehdr, e_phoff),	FIELD(Elf64_Ehdr, e_shoff),
	FIELD(Elf64_Ehdr, e_flags),	FIELD(Elf64_Ehdr, e_ehsize),
	FIELD(Elf64_Ehdr, e_phentsize), FIELD(Elf64_Ehdr, e_phnum),
	FIELD(Elf64_Ehdr, e_shentsize), FIELD(Elf64_Ehdr, e_shnum),
	FIELD(Elf64_Ehdr, e_shstrndx),	{ NULL, 0, 0 },
};
static const struct field section_fields[] = {
	FIELD(Elf64_Shdr, sh_name),
	FIELD(Elf64_Shdr, sh_type),
	FIELD(Elf64_Shdr, sh_flags),
	FIELD(Elf64_Shdr, sh_addr),
	FIELD(Elf64_Shdr, sh_offset),
	FIELD(Elf64_Shdr, sh_size),
	FIELD(Elf64_Shdr, sh_link),
	FIELD(Elf64_Shdr, sh_info),
	FIELD(Elf64_Shdr, sh_addralign),
	FIELD(Elf64_Shdr, sh_entsize),
	{ NULL, 0, 0 },
};
static const struct field symbol_fields[] = {
	FIELD(Elf64_Sym, st_name),
	FIELD(Elf64_Sym, st_info),
	FIELD(Elf64_Sym, st_other),
	FIELD(Elf64_Sym, st_shndx),
	FIELD(Elf64_Sym, st_value),
	FIELD(Elf64_Sym, st_size),
	{ NULL, 0, 0 },
};
static const struct field relocation_fields[] = {
	FIELD(Elf64_Rel, r_offset),
	FIELD(Elf64_Rel, r_info),
	{ "symbol", offsetof(Elf64_Rel, r_info) + 4, 4 },
	{ NULL, 0, 0 },
};
static const struct field word_fields[] = { { "word", 0, 4 }, { NULL, 0, 0 } };

static const uint64_t values[] = {
	0,
	1,
	2,
	3,
	4,
	7,
	8,
	9,
	17,
	36,
	64,
	255,
	4096,
	0x7fff,
	0xfeff,
	0xff00,
	0xffff,
	1U << 16,
	(1U << 16) + 1,
	0x6fff4c03,
	0x7fffffff,
	0x80000000,
	0xfffffff8,
	0xffffffff,
	1ULL << 32,
	(uint64_t)INT64_MAX,
	1ULL << 63,
	UINT64_MAX - 63,
	UINT64_MAX - 7,
	UINT64_MAX,
};
#define NR_VALUES (sizeof(values) / sizeof(values[0]))

static void check_image(struct elfmap_object *opened, const char *what)
{
	size_t size;

	if (elfmap_object__image(opened, &size))
		ck_assert_msg(nr_messages(ELFMAP_LOG_ERROR) == 0, "%s: written, but: %s", what,
			      messages(ELFMAP_LOG_ERROR));
	else
		ck_assert_msg(nr_messages(ELFMAP_LOG_ERROR) == 1, "%s: not written: %s", what,
			      messages(ELFMAP_LOG_ERROR));
}

static void check_object(const struct test_object *object, const char *what)
{
	struct elfmap_object *opened;

	collect_messages();
	errno = 0;
	opened = elfmap_object__open_mem(object->bytes, object->size, NULL);
	if (opened) {
		ck_assert_msg(nr_messages(ELFMAP_LOG_ERROR) == 0, "%s: opened, but: %s", what,
			      messages(ELFMAP_LOG_ERROR));
		check_image(opened, what);
		elfmap_object__close(opened);
		return;
	}
	ck_assert_msg(errno > 0, "%s: errno %d", what, errno);
	ck_assert_msg(nr_messages(ELFMAP_LOG_ERROR) == 1, "%s: errno %d and %zu errors: %s", what,
		      errno, nr_messages(ELFMAP_LOG_ERROR), messages(ELFMAP_LOG_ERROR));
}

/* Give each field of the structure at an offset each value, one at a time. */
static void check_fields(const struct test_object *object, size_t offset,
			 const struct field *fields, const char *what, size_t number)
{
	for (; fields->name; fields++) {
		uint8_t *at = object->bytes + offset + fields->offset;
		uint8_t saved[8];

		memcpy(saved, at, fields->size);
		for (size_t i = 0; i < NR_VALUES; i++) {
			char text[128];

			if (fields->size < 8 && values[i] >> (8 * fields->size))
				continue;
			snprintf(text, sizeof(text), "%s %zu: %s = %#llx", what, number,
				 fields->name, (unsigned long long)values[i]);
			memcpy(at, &values[i], fields->size);
			check_object(object, text);
		}
		memcpy(at, saved, fields->size);
	}
}

START_TEST(test_header_fields)
{
	for (size_t i = 0; i < NR_OBJECTS; i++) {
		struct test_object object = object_load(objects[i]);

		check_fields(&object, 0, header_fields, objects[i], 0);
		object_free(&object);
	}
}
END_TEST

START_TEST(test_section_fields)
{
	for (size_t i = 0; i < NR_OBJECTS; i++) {
		struct test_object object = object_load(objects[i]);
		size_t table = object_header(&object)->e_shoff;

		for (size_t j = 0; j < object_header(&object)->e_shnum; j++)
			check_fields(&object, table + j * sizeof(Elf64_Shdr), section_fields,
				     objects[i], j);
		object_free(&object);
	}
}
END_TEST

START_TEST(test_symbol_fields)
{
	for (size_t i = 0; i < NR_OBJECTS; i++) {
		struct test_object object = object_load(objects[i]);
		size_t table = object_symbol_table(&object)->sh_offset;

		for (size_t j = 0; j < object_nr_symbols(&object); j++)
			check_fields(&object, table + j * sizeof(Elf64_Sym), symbol_fields,
				     objects[i], j);
		object_free(&object);
	}
}
END_TEST

/* Each entry of the sections of a type, size bytes one. */
static void check_entries(const struct test_object *object, uint32_t type, const char *name,
			  size_t size, const struct field *fields)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);
		const char *section = object_section_name(object, i);

		if (header->sh_type != type || (name && strcmp(name, section) != 0))
			continue;
		for (size_t j = 0; j < header->sh_size / size; j++)
			check_fields(object, header->sh_offset + j * size, fields, section, j);
	}
}

START_TEST(test_relocation_fields)
{
	for (size_t i = 0; i < NR_OBJECTS; i++) {
		struct test_object object = object_load(objects[i]);

		check_entries(&object, SHT_REL, NULL, sizeof(Elf64_Rel), relocation_fields);
		object_free(&object);
	}
}
END_TEST

START_TEST(test_definition_words)
{
	static const char *const names[] = { "mixed_order.btf", "tailcalls", "nested", "def28" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct test_object object = object_load(names[i]);

		check_entries(&object, SHT_PROGBITS, "maps", 4, word_fields);
		object_free(&object);
	}
}
END_TEST

START_TEST(test_btf_words)
{
	struct test_object object = object_load("mixed_order.btf");

	check_entries(&object, SHT_PROGBITS, ".BTF", 4, word_fields);
	check_entries(&object, SHT_PROGBITS, ".BTF.ext", 4, word_fields);
	object_free(&object);
}
END_TEST

/* --- one thing at a time, by name ---------------------------------------------------------- */

START_TEST(test_symbol_tables)
{
	struct test_object object = object_load("counter");
	Elf64_Shdr table = *object_symbol_table(&object);

	object_symbol_table(&object)->sh_type = SHT_PROGBITS;
	assert_refused(&object, NULL, EINVAL, "no symbol table");
	object_free(&object);

	object = object_load("counter");
	object_add_section(&object, ".second", SHT_SYMTAB, NULL, 0);
	assert_refused(&object, NULL, EINVAL, "two symbol tables, sections ");
	object_free(&object);

	object = object_load("counter");
	object_symbol_table(&object)->sh_entsize = 16;
	assert_refused(&object, NULL, EINVAL, "section .symtab: malformed symbol table");
	object_symbol_table(&object)->sh_entsize = table.sh_entsize;
	object_symbol_table(&object)->sh_size--;
	assert_refused(&object, NULL, EINVAL, "section .symtab: malformed symbol table");
	object_symbol_table(&object)->sh_size++;
	object_symbol_table(&object)->sh_link = object_header(&object)->e_shnum;
	assert_refused(&object, NULL, EINVAL, "section .symtab: malformed symbol table");
	object_symbol_table(&object)->sh_link = (uint32_t)object_section_index(&object, "maps");
	assert_refused(&object, NULL, EINVAL, "expected a string table");
	object_free(&object);
}
END_TEST

START_TEST(test_names)
{
	struct test_object object = object_load("counter");
	uint32_t size = (uint32_t)object_section(&object, ".strtab")->sh_size;
	uint32_t name = object_section(&object, "maps")->sh_name;
	size_t maps = object_section_index(&object, "maps");
	char text[64];

	object_section(&object, "maps")->sh_name = size;
	snprintf(text, sizeof(text), "section %zu: its name lies outside the string table", maps);
	assert_refused(&object, NULL, EINVAL, text);
	object_section_at(&object, maps)->sh_name = name;
	object_symbol(&object, "packets")->st_name = size;
	assert_refused(&object, NULL, EINVAL, "its name lies outside the string table");
	object_free(&object);

	object = object_load("counter");
	object_section_bytes(&object, ".strtab")[size - 1] = 'x';
	assert_refused(&object, NULL, EINVAL, "expected a string table that ends with a zero byte");
	object_free(&object);
}
END_TEST

START_TEST(test_relocations)
{
	struct test_object object = object_load("counter");
	Elf64_Shdr *header = object_section(&object, ".relclassifier");
	Elf64_Rel *relocation = object_relocation(&object, ".relclassifier", 0);
	Elf64_Shdr saved = *header;

	header->sh_link = 1;
	assert_refused(&object, NULL, EINVAL, "section .relclassifier: malformed relocations");
	*header = saved;
	header->sh_info = object_header(&object)->e_shnum;
	assert_refused(&object, NULL, EINVAL, "section .relclassifier: malformed relocations");
	*header = saved;
	header->sh_entsize = sizeof(Elf64_Rela);
	assert_refused(&object, NULL, EINVAL, "section .relclassifier: malformed relocations");
	*header = saved;
	header->sh_size--;
	assert_refused(&object, NULL, EINVAL, "section .relclassifier: malformed relocations");
	*header = saved;
	relocation->r_info = ELF64_R_INFO(object_nr_symbols(&object), 1);
	assert_refused(&object, NULL, EINVAL, "section .relclassifier: relocation 0: symbol ");
	object_free(&object);
}
END_TEST

START_TEST(test_sections)
{
	struct test_object object = object_load("counter");
	Elf64_Shdr *header = object_section(&object, "maps");
	Elf64_Shdr saved = *header;

	header->sh_offset = object.size;
	assert_refused(&object, NULL, EINVAL, "truncated: section ");
	header->sh_offset = UINT64_MAX - 8;
	assert_refused(&object, NULL, EINVAL, "truncated: section ");
	*header = saved;
	header->sh_size = UINT64_MAX - header->sh_offset + 1;
	assert_refused(&object, NULL, EINVAL, "truncated: section ");
	*header = saved;
	header->sh_addralign = 24;
	assert_refused(&object, NULL, EINVAL, "alignment 24: expected a power of two");
	header->sh_addralign = 1ULL << 40;
	assert_refused(&object, NULL, EINVAL, "alignment 1099511627776: expected");
	*header = saved;
	/* two sections of the whole file */
	header->sh_offset = object_section(&object, "classifier")->sh_offset = 0;
	header->sh_size = object_section(&object, "classifier")->sh_size = object.size;
	assert_refused(&object, NULL, EINVAL, "sections overlap: together they take ");
	object_free(&object);
}
END_TEST

/* Sections that take no bytes of the file may claim any place and size. */
START_TEST(test_empty_sections)
{
	struct test_object object = object_load("counter"), image;
	size_t null = object_add_section(&object, ".null", SHT_NULL, NULL, 0);
	size_t bss = object_add_section(&object, ".bss2", SHT_NOBITS, NULL, 0);

	object_section_at(&object, null)->sh_offset = UINT64_MAX - 1;
	object_section_at(&object, null)->sh_size = UINT64_MAX;
	object_section_at(&object, bss)->sh_offset = UINT64_MAX - 1;
	object_section_at(&object, bss)->sh_size = UINT64_MAX;
	image = convert(&object);
	ck_assert_uint_lt(image.size, object.size + 4096);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Sections of maps that are twice there, or not where their name says. */
START_TEST(test_maps_sections)
{
	struct test_object object = object_load("mixed.btf");
	uint8_t bytes[64] = { 0 };

	object_add_section(&object, ".maps", SHT_PROGBITS, bytes, sizeof(bytes));
	assert_refused(&object, NULL, EINVAL, "section .maps: two of them");
	object_free(&object);

	/* the first one has no bytes, and more than there are */
	object = object_load("mixed.btf");
	object_rename_section(&object, ".text", ".maps");
	object_section_at(&object, object_find_section(&object, ".maps"))->sh_type = SHT_NOBITS;
	object_section_at(&object, object_find_section(&object, ".maps"))->sh_size = 1 << 20;
	assert_refused(&object, NULL, EINVAL, "section .maps: two of them");
	object_free(&object);

	object = object_load("counter.btf");
	object_add_section(&object, ".maps", SHT_PROGBITS, bytes, sizeof(bytes));
	assert_refused(&object, NULL, EINVAL,
		       "section .maps: the object's BTF lists no maps in it");
	object_free(&object);

	object = object_load("counter");
	object_add_section(&object, ".maps", SHT_PROGBITS, bytes, sizeof(bytes));
	assert_refused(&object, NULL, EINVAL,
		       "section .maps: its maps are defined by BTF, and the object has none");
	object_free(&object);
}
END_TEST

Suite *hostile_suite(void)
{
	return suite_of("hostile", test_header_fields, test_section_fields, test_symbol_fields,
			test_relocation_fields, test_definition_words, test_btf_words,
			test_symbol_tables, test_names, test_relocations, test_sections,
			test_empty_sections, test_maps_sections);
}
