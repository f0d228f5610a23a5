/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>

#include "entries.h"
#include "insn.h"
#include "messages.h"
#include "places.h"
#include "references.h"

static bool is_relocation_of_code(const struct elf_view *view, size_t index)
{
	const Elf64_Shdr *header = &view->sections[index].header;

	return (header->sh_type == SHT_REL || header->sh_type == SHT_RELA) &&
	       read_is_code(view, header->sh_info);
}

static bool is_in_legacy_section(const struct elfmap_object *object, const Elf64_Sym *symbol)
{
	const struct elf_view *view = &object->view;

	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < view->nr_sections &&
	       view->sections[symbol->st_shndx].header.sh_type == SHT_PROGBITS &&
	       entries_is_legacy(object, view->sections[symbol->st_shndx].name);
}

static int refuse(const struct elf_view *view, size_t index, const struct relocation *relocation,
		  uint64_t offset)
{
	const Elf64_Sym *symbol = &view->symbols[relocation->symbol];

	section_error(
		view, view->sections[index].header.sh_info,
		"relocation at offset %llu: refers to offset %llu of section %s, where no map begins",
		(unsigned long long)relocation->offset, (unsigned long long)offset,
		view->sections[symbol->st_shndx].name);
	return -EINVAL;
}

int references_resolve(const struct elfmap_object *object, size_t index,
		       const struct relocation *relocation, struct reference *out)
{
	const struct elf_view *view = &object->view;
	const struct elf_section *target = &view->sections[view->sections[index].header.sh_info];
	const Elf64_Sym *symbol = &view->symbols[relocation->symbol];
	const uint8_t *insn;
	uint64_t offset;

	*out = (struct reference){ NULL, false };
	if (!is_relocation_of_code(view, index) || !is_in_legacy_section(object, symbol))
		return 0;
	insn = insn_at(target, relocation->offset);
	if (!insn) {
		section_error(view, view->sections[index].header.sh_info,
			      "relocation at offset %llu: the section has %llu bytes",
			      (unsigned long long)relocation->offset,
			      (unsigned long long)target->header.sh_size);
		return -EINVAL;
	}
	/* what old compilers leave in the instruction counts, where the entry adds nothing */
	offset = relocation->addend ? (uint64_t)relocation->addend : insn_imm(view, insn);
	offset += symbol->st_value;
	out->map = places_map(object, symbol->st_shndx, offset);
	out->is_by_section = ELF64_ST_TYPE(symbol->st_info) == STT_SECTION;
	if (!out->map || (!out->is_by_section && offset != symbol->st_value))
		return refuse(view, index, relocation, offset);
	return 0;
}

/* --- all of them --------------------------------------------------------------------------------- */

static int check_section(const struct elfmap_object *object, size_t index, size_t *by_section)
{
	const struct elf_section *section = &object->view.sections[index];
	struct reference reference;
	int err = 0;

	for (size_t i = 0; !err && i < section->nr_relocations; i++) {
		err = references_resolve(object, index, &section->relocations[i], &reference);
		*by_section += !err && reference.is_by_section;
	}
	return err;
}

static int walk(const struct elfmap_object *object, size_t *by_section)
{
	*by_section = 0;
	for (size_t i = 1; object->nr_legacy && i < object->view.nr_sections; i++) {
		int err = is_relocation_of_code(&object->view, i) ?
				  check_section(object, i, by_section) :
				  0;

		if (err)
			return err;
	}
	return 0;
}

int references_check(const struct elfmap_object *object)
{
	size_t by_section;

	return walk(object, &by_section);
}

size_t references_count_by_section(const struct elfmap_object *object)
{
	size_t by_section;

	return walk(object, &by_section) ? 0 : by_section;
}

/* --- those of one program ------------------------------------------------------------------------ */

static const struct elfmap_map *referred_map(const struct elfmap_object *object, size_t section,
					     const struct relocation *relocation)
{
	const struct elf_view *view = &object->view;
	const Elf64_Sym *symbol = &view->symbols[relocation->symbol];
	const uint8_t *insn = insn_at(&view->sections[section], relocation->offset);
	uint64_t offset;

	if (!insn)
		return NULL;
	offset = relocation->addend ? (uint64_t)relocation->addend : insn_imm(view, insn);
	return places_map(object, symbol->st_shndx, symbol->st_value + offset);
}

/* Whether relocations in section index are in the program's bytes and mean the map. */
static bool section_has(const struct elfmap_program *program, size_t index,
			const struct elfmap_map *map)
{
	const struct elf_view *view = &program->object->view;
	const struct elf_section *section = &view->sections[index];
	const struct relocation *relocation = section->relocations;

	if (!is_relocation_of_code(view, index) || section->header.sh_info != program->section)
		return false;
	for (size_t i = 0; i < section->nr_relocations; i++, relocation++)
		if (relocation->offset >= program->offset &&
		    relocation->offset - program->offset < program->size &&
		    referred_map(program->object, program->section, relocation) == map)
			return true;
	return false;
}

static bool own_code_has(const struct elfmap_program *program, const struct elfmap_map *map)
{
	for (size_t i = 1; i < program->object->view.nr_sections; i++)
		if (section_has(program, i, map))
			return true;
	return false;
}

bool references_has(const struct elfmap_program *program, const struct elfmap_map *map)
{
	const struct elfmap_object *object = program->object;

	if (own_code_has(program, map))
		return true;
	for (size_t i = 0; i < object->nr_programs; i++)
		if (object->programs[i].subprogram && own_code_has(&object->programs[i], map))
			return true;
	return false;
}
