// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <string.h>

#include "test/contents.h"
#include "test/tests.h"

const char *symbol_name(const struct contents *contents, const GElf_Sym *symbol)
{
	return elf_strptr(contents->elf, contents->sections[contents->symbols].header.sh_link,
			  symbol->st_name);
}

size_t nr_symbols(const struct contents *contents)
{
	return contents->sections[contents->symbols].header.sh_size / sizeof(Elf64_Sym);
}

GElf_Sym symbol_at(const struct contents *contents, size_t index)
{
	GElf_Sym symbol;

	ck_assert_ptr_nonnull(
		gelf_getsym(contents->sections[contents->symbols].data, (int)index, &symbol));
	return symbol;
}

const struct section *find_section(const struct contents *contents, const char *name)
{
	for (size_t i = 1; i < contents->nr_sections; i++) {
		if (!strcmp(contents->sections[i].name, name))
			return &contents->sections[i];
	}
	return NULL;
}

bool holds_maps(const struct section *section)
{
	return !strcmp(section->name, "maps") || !strncmp(section->name, "maps/", strlen("maps/"));
}

bool holds_code(const struct section *section)
{
	return section->header.sh_type == SHT_PROGBITS && section->header.sh_flags & SHF_EXECINSTR;
}

static void read_sections(struct contents *contents)
{
	size_t names;

	ck_assert_int_eq(elf_getshdrnum(contents->elf, &contents->nr_sections), 0);
	ck_assert_int_eq(elf_getshdrstrndx(contents->elf, &names), 0);
	ck_assert_uint_le(contents->nr_sections, 64);
	for (size_t i = 0; i < contents->nr_sections; i++) {
		struct section *section = &contents->sections[i];
		Elf_Scn *scn = elf_getscn(contents->elf, i);

		ck_assert_ptr_nonnull(gelf_getshdr(scn, &section->header));
		section->name = elf_strptr(contents->elf, names, section->header.sh_name);
		section->data = elf_getdata(scn, NULL);
		ck_assert_ptr_nonnull(section->name);
		ck_assert(!i || section->data);
		ck_assert_uint_lt(section->header.sh_link, contents->nr_sections);
		if (section->header.sh_type == SHT_SYMTAB)
			contents->symbols = i;
	}
	ck_assert_uint_ne(contents->symbols, 0);
}

/* Local symbols stand before the others, and each in its section. */
static void check_symbols(const struct contents *contents)
{
	size_t locals = contents->sections[contents->symbols].header.sh_info;

	ck_assert_uint_le(locals, nr_symbols(contents));
	for (size_t i = 1; i < nr_symbols(contents); i++) {
		GElf_Sym symbol = symbol_at(contents, i);

		ck_assert_int_eq(GELF_ST_BIND(symbol.st_info) == STB_LOCAL, i < locals);
		ck_assert_ptr_nonnull(symbol_name(contents, &symbol));
		if (symbol.st_shndx >= SHN_LORESERVE)
			continue;
		ck_assert_uint_lt(symbol.st_shndx, contents->nr_sections);
		ck_assert_uint_le(symbol.st_value + symbol.st_size,
				  contents->sections[symbol.st_shndx].header.sh_size);
	}
}

/* What stands at a relocated place: in both immediates of a load, or in a word. */
static uint64_t word_at(const struct section *section, uint64_t offset)
{
	const uint8_t *at = (const uint8_t *)section->data->d_buf + offset;
	uint32_t low, high;
	uint64_t word;

	if (!holds_code(section)) {
		memcpy(&word, at, sizeof(word));
		return word;
	}
	memcpy(&low, at + 4, sizeof(low));
	memcpy(&high, at + 12, sizeof(high));
	return low | (uint64_t)high << 32;
}

static void add_reference(struct contents *contents, size_t index, size_t i)
{
	const struct section *section = &contents->sections[index];
	const struct section *target = &contents->sections[section->header.sh_info];
	struct reference *reference = &contents->references[contents->nr_references++];
	GElf_Rela entry = { 0 };
	GElf_Rel rel;

	ck_assert_uint_le(contents->nr_references, 256);
	if (section->header.sh_type == SHT_RELA) {
		ck_assert_ptr_nonnull(gelf_getrela(section->data, (int)i, &entry));
	} else {
		ck_assert_ptr_nonnull(gelf_getrel(section->data, (int)i, &rel));
		entry = (GElf_Rela){ .r_offset = rel.r_offset, .r_info = rel.r_info };
	}
	ck_assert_uint_lt(entry.r_offset, target->header.sh_size);
	ck_assert_uint_lt(GELF_R_SYM(entry.r_info), nr_symbols(contents));
	*reference = (struct reference){
		.section = index,
		.target = target->name,
		.offset = entry.r_offset,
		.symbol = symbol_at(contents, GELF_R_SYM(entry.r_info)),
		/* calls of functions are as they were */
		.left = GELF_R_TYPE(entry.r_info) > 2 ? 0 : word_at(target, entry.r_offset),
	};
	ck_assert_uint_lt(reference->symbol.st_shndx, contents->nr_sections);
	reference->to = contents->sections[reference->symbol.st_shndx].name;
	reference->to_offset =
		reference->symbol.st_value + reference->left + (uint64_t)entry.r_addend;
}

static void read_references(struct contents *contents)
{
	for (size_t i = 1; i < contents->nr_sections; i++) {
		const struct section *section = &contents->sections[i];
		const struct section *target;
		bool rela = section->header.sh_type == SHT_RELA;

		if (!rela && section->header.sh_type != SHT_REL)
			continue;
		ck_assert_uint_lt(section->header.sh_info, contents->nr_sections);
		target = &contents->sections[section->header.sh_info];
		ck_assert_uint_eq(section->header.sh_link, contents->symbols);
		ck_assert_uint_eq(section->header.sh_entsize, rela ? 24 : 16);
		ck_assert_uint_eq(section->header.sh_size % section->header.sh_entsize, 0);
		for (size_t j = 0; j < section->header.sh_size / section->header.sh_entsize; j++) {
			if (holds_maps(target) || holds_code(target))
				add_reference(contents, i, j);
		}
	}
}

struct contents read_contents(const struct test_object *object)
{
	struct contents contents = { 0 };

	ck_assert_uint_ne(elf_version(EV_CURRENT), EV_NONE);
	contents.elf = elf_memory((char *)object->bytes, object->size);
	ck_assert_msg(contents.elf, "%s", elf_errmsg(-1));
	ck_assert_int_eq(elf_kind(contents.elf), ELF_K_ELF);
	read_sections(&contents);
	check_symbols(&contents);
	read_references(&contents);
	return contents;
}
