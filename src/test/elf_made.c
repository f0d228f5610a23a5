// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/elf_made.h"

struct bytes {
	uint8_t *data;
	size_t size, room;
};

struct section {
	const char *name;
	char *owned_name;
	Elf64_Shdr header;
	struct bytes bytes;
	size_t relocations; /* the section of them, 0 for none */
};

struct symbol {
	const char *name;
	Elf64_Sym symbol;
	size_t number; /* in the file */
};

struct relocation {
	size_t section; /* that of the relocations */
	uint64_t offset;
	size_t symbol;
	uint32_t type;
	int64_t addend;
};

struct elf_made {
	struct elf_made_style style;
	struct section *sections;
	size_t nr_sections;
	struct symbol *symbols;
	size_t nr_symbols;
	struct relocation *relocations;
	size_t nr_relocations;
};

static void need(bool what)
{
	if (!what)
		abort();
}

/* --- bytes --------------------------------------------------------------------------------- */

static void append(struct bytes *to, const void *bytes, size_t size)
{
	if (to->size + size > to->room) {
		to->room = 2 * (to->size + size);
		to->data = realloc(to->data, to->room);
		need(to->data);
	}
	if (size)
		memcpy(to->data + to->size, bytes, size);
	to->size += size;
}

static void append_number(const struct elf_made *elf, struct bytes *to, uint64_t value, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[elf->style.big_endian ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
	append(to, bytes, size);
}

static void align(struct bytes *to, size_t boundary)
{
	static const uint8_t zeros[16];

	need(boundary <= sizeof(zeros));
	if (boundary > 1 && to->size % boundary)
		append(to, zeros, boundary - to->size % boundary);
}

/* The place of a string that is added to a table. */
static uint32_t append_string(struct bytes *to, const char *string)
{
	size_t at = to->size;

	append(to, string, strlen(string) + 1);
	return (uint32_t)at;
}

/* --- the parts ----------------------------------------------------------------------------- */

struct elf_made *elf_made_begin(const struct elf_made_style *style)
{
	struct elf_made *elf = calloc(1, sizeof(*elf));

	need(elf);
	elf->style = *style;
	elf_made_section(elf, "", SHT_NULL, 0, 0);
	elf_made_symbol(elf, "", (Elf64_Sym){ 0 });
	return elf;
}

size_t elf_made_section(struct elf_made *elf, const char *name, uint32_t type, uint64_t flags,
			uint64_t boundary)
{
	elf->sections = reallocarray(elf->sections, elf->nr_sections + 1, sizeof(*elf->sections));
	need(elf->sections);
	elf->sections[elf->nr_sections] = (struct section){
		.name = name,
		.header = { .sh_type = type, .sh_flags = flags, .sh_addralign = boundary },
	};
	return elf->nr_sections++;
}

void elf_made_reserve_relocations(struct elf_made *elf, size_t section)
{
	bool addends = elf->style.addends;
	size_t made = elf_made_section(elf, "", addends ? SHT_RELA : SHT_REL, SHF_INFO_LINK, 8);
	struct section *relocations = &elf->sections[made];

	need(asprintf(&relocations->owned_name, "%s%s", addends ? ".rela" : ".rel",
		      elf->sections[section].name) > 0);
	relocations->name = relocations->owned_name;
	relocations->header.sh_info = (uint32_t)section;
	relocations->header.sh_entsize = addends ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
	elf->sections[section].relocations = made;
}

void elf_made_bytes(struct elf_made *elf, size_t section, const void *bytes, size_t size)
{
	append(&elf->sections[section].bytes, bytes, size);
}

void elf_made_number(struct elf_made *elf, size_t section, uint64_t value, size_t size)
{
	append_number(elf, &elf->sections[section].bytes, value, size);
}

size_t elf_made_nr_sections(const struct elf_made *elf)
{
	return elf->nr_sections;
}

size_t elf_made_size(const struct elf_made *elf, size_t section)
{
	return elf->sections[section].bytes.size;
}

size_t elf_made_symbol(struct elf_made *elf, const char *name, Elf64_Sym symbol)
{
	elf->symbols = reallocarray(elf->symbols, elf->nr_symbols + 1, sizeof(*elf->symbols));
	need(elf->symbols);
	elf->symbols[elf->nr_symbols] = (struct symbol){ .name = name, .symbol = symbol };
	return elf->nr_symbols++;
}

void elf_made_relocation(struct elf_made *elf, size_t section, uint64_t offset, size_t symbol,
			 uint32_t type, int64_t addend)
{
	if (!elf->sections[section].relocations)
		elf_made_reserve_relocations(elf, section);
	elf->relocations =
		reallocarray(elf->relocations, elf->nr_relocations + 1, sizeof(*elf->relocations));
	need(elf->relocations);
	elf->relocations[elf->nr_relocations++] = (struct relocation){
		.section = elf->sections[section].relocations,
		.offset = offset,
		.symbol = symbol,
		.type = type,
		.addend = addend,
	};
}

/* --- tables -------------------------------------------------------------------------------- */

/* Locals first; returns how many there are. */
static size_t number_symbols(struct elf_made *elf)
{
	size_t next = 0, locals = 0;

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < elf->nr_symbols; i++) {
			unsigned int bind = ELF64_ST_BIND(elf->symbols[i].symbol.st_info);

			if ((bind == STB_LOCAL) == (round == 0))
				elf->symbols[i].number = next++;
		}
		if (round == 0)
			locals = next;
	}
	return locals;
}

static void put_symbol(struct elf_made *elf, size_t table, const struct symbol *symbol,
		       uint32_t name)
{
	elf_made_number(elf, table, name, 4);
	elf_made_number(elf, table, symbol->symbol.st_info, 1);
	elf_made_number(elf, table, symbol->symbol.st_other, 1);
	elf_made_number(elf, table, symbol->symbol.st_shndx, 2);
	elf_made_number(elf, table, symbol->symbol.st_value, 8);
	elf_made_number(elf, table, symbol->symbol.st_size, 8);
}

static void put_symbols(struct elf_made *elf, size_t table, size_t strings)
{
	struct section *section = &elf->sections[table];
	struct bytes *names = &elf->sections[strings].bytes;
	const struct symbol **order = calloc(elf->nr_symbols, sizeof(const struct symbol *));

	need(order);
	section->header.sh_link = (uint32_t)strings;
	section->header.sh_entsize = sizeof(Elf64_Sym);
	section->header.sh_info = (uint32_t)number_symbols(elf);
	for (size_t i = 0; i < elf->nr_symbols; i++)
		order[elf->symbols[i].number] = &elf->symbols[i];
	for (size_t i = 0; i < elf->nr_symbols; i++)
		put_symbol(elf, table, order[i],
			   *order[i]->name ? append_string(names, order[i]->name) : 0);
	free(order);
}

static void put_relocations(struct elf_made *elf, size_t table)
{
	for (size_t i = 0; i < elf->nr_relocations; i++) {
		const struct relocation *relocation = &elf->relocations[i];
		uint64_t number = elf->symbols[relocation->symbol].number;

		elf_made_number(elf, relocation->section, relocation->offset, 8);
		elf_made_number(elf, relocation->section, ELF64_R_INFO(number, relocation->type),
				8);
		if (elf->style.addends)
			elf_made_number(elf, relocation->section, (uint64_t)relocation->addend, 8);
	}
	for (size_t i = 1; i < elf->nr_sections; i++) {
		if (elf->sections[i].relocations)
			elf->sections[elf->sections[i].relocations].header.sh_link =
				(uint32_t)table;
	}
}

static void put_section_names(struct elf_made *elf, size_t strings)
{
	struct bytes *names = &elf->sections[strings].bytes;

	for (size_t i = 1; i < elf->nr_sections; i++)
		elf->sections[i].header.sh_name = append_string(names, elf->sections[i].name);
}

/* --- the file ------------------------------------------------------------------------------ */

static void put_header(const struct elf_made *elf, struct bytes *file, uint64_t table,
		       size_t strings)
{
	const unsigned char ident[EI_NIDENT] = {
		ELFMAG0,    ELFMAG1,	ELFMAG2,
		ELFMAG3,    ELFCLASS64, elf->style.big_endian ? ELFDATA2MSB : ELFDATA2LSB,
		EV_CURRENT,
	};

	append(file, ident, sizeof(ident));
	append_number(elf, file, ET_REL, 2);
	append_number(elf, file, elf->style.machine, 2);
	append_number(elf, file, EV_CURRENT, 4);
	append_number(elf, file, 0, 8); /* e_entry */
	append_number(elf, file, 0, 8); /* e_phoff */
	append_number(elf, file, table, 8);
	append_number(elf, file, 0, 4); /* e_flags */
	append_number(elf, file, sizeof(Elf64_Ehdr), 2);
	append_number(elf, file, 0, 2); /* e_phentsize */
	append_number(elf, file, 0, 2); /* e_phnum */
	append_number(elf, file, sizeof(Elf64_Shdr), 2);
	append_number(elf, file, elf->nr_sections, 2);
	append_number(elf, file, strings, 2);
}

static void put_section_header(const struct elf_made *elf, struct bytes *file,
			       const Elf64_Shdr *header)
{
	append_number(elf, file, header->sh_name, 4);
	append_number(elf, file, header->sh_type, 4);
	append_number(elf, file, header->sh_flags, 8);
	append_number(elf, file, header->sh_addr, 8);
	append_number(elf, file, header->sh_offset, 8);
	append_number(elf, file, header->sh_size, 8);
	append_number(elf, file, header->sh_link, 4);
	append_number(elf, file, header->sh_info, 4);
	append_number(elf, file, header->sh_addralign, 8);
	append_number(elf, file, header->sh_entsize, 8);
}

/* Sections follow the header, their table comes last. */
static struct test_object put_file(struct elf_made *elf, size_t strings)
{
	struct bytes file = { 0 };
	uint64_t table = sizeof(Elf64_Ehdr);

	for (size_t i = 1; i < elf->nr_sections; i++) {
		Elf64_Shdr *header = &elf->sections[i].header;

		table = (table + header->sh_addralign - 1) / header->sh_addralign *
			header->sh_addralign;
		header->sh_offset = table;
		header->sh_size = elf->sections[i].bytes.size;
		table += header->sh_size;
	}
	table = (table + 7) / 8 * 8;
	put_header(elf, &file, table, strings);
	for (size_t i = 1; i < elf->nr_sections; i++) {
		align(&file, elf->sections[i].header.sh_addralign);
		append(&file, elf->sections[i].bytes.data, elf->sections[i].bytes.size);
	}
	align(&file, 8);
	for (size_t i = 0; i < elf->nr_sections; i++)
		put_section_header(elf, &file, &elf->sections[i].header);
	return (struct test_object){ file.data, file.size };
}

static void release(struct elf_made *elf)
{
	for (size_t i = 0; i < elf->nr_sections; i++) {
		free(elf->sections[i].bytes.data);
		free(elf->sections[i].owned_name);
	}
	free(elf->sections);
	free(elf->symbols);
	free(elf->relocations);
	free(elf);
}

struct test_object elf_made_finish(struct elf_made *elf)
{
	size_t strings = elf_made_section(elf, ".strtab", SHT_STRTAB, 0, 1), names = strings;
	size_t table = elf_made_section(elf, ".symtab", SHT_SYMTAB, 0, 8);
	struct test_object object;

	if (!elf->style.one_string_table)
		names = elf_made_section(elf, ".shstrtab", SHT_STRTAB, 0, 1);
	elf_made_number(elf, strings, 0, 1);
	if (names != strings)
		elf_made_number(elf, names, 0, 1);
	put_symbols(elf, table, strings);
	put_relocations(elf, table);
	put_section_names(elf, names);
	object = put_file(elf, names);
	release(elf);
	return object;
}
