/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "copy.h"
#include "entries.h"
#include "symbols.h"
#include "zeroed.h"

/* LLVM's table of address-significant symbols: a hint for linkers, by symbol number. */
#define SHT_LLVM_ADDRSIG 0x6fff4c03

/* --- what needs repair --------------------------------------------------------------------------- */

bool symbols_is_untyped_program(const struct elfmap_program *program)
{
	const Elf64_Sym *symbol = program_symbol(program);

	return symbol && (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || !symbol->st_size);
}

bool symbols_is_static_program(const struct elfmap_program *program)
{
	const Elf64_Sym *symbol = program_symbol(program);

	return symbol && ELF64_ST_BIND(symbol->st_info) == STB_LOCAL && !program->subprogram;
}

/* libbpf finds the variables of a DATASEC by symbols, which must be typed. */
bool symbols_is_untyped_data(const struct elfmap_object *object, const Elf64_Sym *symbol)
{
	const struct elf_view *view = &object->view;
	const char *section;

	if (!object->has_btf || symbol->st_shndx == SHN_UNDEF ||
	    symbol->st_shndx >= view->nr_sections || ELF64_ST_TYPE(symbol->st_info) != STT_NOTYPE ||
	    ELF64_ST_BIND(symbol->st_info) == STB_LOCAL)
		return false;
	section = view->sections[symbol->st_shndx].name;
	return strcmp(section, ".maps") != 0 && !entries_is_legacy(object, section) &&
	       btf__find_by_name_kind(object->btf, section, BTF_KIND_DATASEC) > 0;
}

bool symbols_need_repair(const struct elfmap_object *object)
{
	if (object->nr_added_symbols)
		return true;
	for (size_t i = 0; i < object->nr_programs; i++)
		if (symbols_is_untyped_program(&object->programs[i]) ||
		    symbols_is_static_program(&object->programs[i]))
			return true;
	for (size_t i = 1; object->has_btf && i < object->view.nr_symbols; i++)
		if (symbols_is_untyped_data(object, &object->view.symbols[i]))
			return true;
	return false;
}

/* --- changes ------------------------------------------------------------------------------------- */

static void change_map(const struct elfmap_map *map, size_t maps, Elf64_Sym *symbol)
{
	symbol->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
	/* libbpf takes hidden variables for static ones, which it refuses as maps */
	symbol->st_other = STV_DEFAULT;
	symbol->st_shndx = (Elf64_Section)maps;
	symbol->st_value = map->image_offset;
	symbol->st_size = map->image_size;
}

static void change_program(const struct elfmap_program *program, bool hide_subprograms,
			   Elf64_Sym *symbol)
{
	/* iproute2 loaded sections and did not look at their functions */
	unsigned int bind = symbols_is_static_program(program) ? STB_GLOBAL :
								 ELF64_ST_BIND(symbol->st_info);

	symbol->st_info = (unsigned char)ELF64_ST_INFO(bind, STT_FUNC);
	symbol->st_size = program->size;
	if (hide_subprograms && program->subprogram)
		symbol->st_other = STV_HIDDEN;
}

static void change_symbols(const struct elfmap_object *object, size_t maps, Elf64_Sym *symbols)
{
	/*
	 * libbpf leaves hidden subprograms to be verified with their callers, as loaders without
	 * BTF for programs did.
	 */
	bool hide_subprograms = object->nr_legacy || object->nr_converted;

	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native)
			change_map(&object->maps[i], maps, &symbols[object->maps[i].symbol]);
	for (size_t i = 0; i < object->nr_programs; i++)
		if (program_symbol(&object->programs[i]))
			change_program(&object->programs[i], hide_subprograms,
				       &symbols[object->programs[i].symbol]);
	for (size_t i = 1; object->has_btf && i < object->view.nr_symbols; i++)
		if (symbols_is_untyped_data(object, &object->view.symbols[i]))
			symbols[i].st_info = (unsigned char)ELF64_ST_INFO(
				ELF64_ST_BIND(symbols[i].st_info), STT_OBJECT);
}

/* Programs that have no symbol get one. */
static int add_programs(const struct elfmap_object *object, struct image *image, Elf64_Sym *symbols)
{
	for (size_t i = 0; object->nr_added_symbols && i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		Elf64_Sym *symbol = &symbols[program->symbol];
		int err;

		if (program_symbol(program))
			continue;
		err = image_add_string(image, object->view.strtab, program->name, &symbol->st_name);
		if (err)
			return err;
		symbol->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
		symbol->st_shndx = (Elf64_Section)program->section;
		symbol->st_size = program->size;
	}
	return 0;
}

static int rename_symbol(const struct elfmap_object *object, struct image *image, const char *name,
			 Elf64_Sym *symbol)
{
	return image_add_string(image, object->view.strtab, name, &symbol->st_name);
}

/* What has a name that is taken gets another one: append it to the symbols' names. */
static int rename_statics(const struct elfmap_object *object, struct image *image,
			  Elf64_Sym *symbols)
{
	int err = 0;

	if (!object->has_renamed)
		return 0;
	for (size_t i = 0; !err && i < object->nr_maps; i++)
		if (object->maps[i].is_renamed)
			err = rename_symbol(object, image, object->maps[i].name,
					    &symbols[object->maps[i].symbol]);
	for (size_t i = 0; !err && i < object->nr_programs; i++)
		if (object->programs[i].is_renamed && program_symbol(&object->programs[i]))
			err = rename_symbol(object, image, object->programs[i].name,
					    &symbols[object->programs[i].symbol]);
	return err;
}

/* New numbers, locals first, otherwise in the old order. */
static void number_symbols(const Elf64_Sym *symbols, size_t count, uint32_t *numbers)
{
	uint32_t next = 0;

	for (size_t i = 0; i < count; i++)
		if (ELF64_ST_BIND(symbols[i].st_info) == STB_LOCAL)
			numbers[i] = next++;
	for (size_t i = 0; i < count; i++)
		if (ELF64_ST_BIND(symbols[i].st_info) != STB_LOCAL)
			numbers[i] = next++;
}

/* Bring what refers to symbols by number up to date, relocations aside. */
static void renumber(struct image *image, const uint32_t *numbers, size_t count)
{
	for (size_t i = 1; i < image->view->nr_sections; i++) {
		Elf64_Shdr *header = &image->sections[i].header;

		if (header->sh_type == SHT_LLVM_ADDRSIG)
			image_retire(image, i);
		else if (header->sh_type == SHT_GROUP && header->sh_info < count)
			header->sh_info = numbers[header->sh_info];
	}
}

/* The number of locals, and whether they come first. */
static uint32_t count_locals(const Elf64_Sym *symbols, size_t count, bool *come_first)
{
	uint32_t locals = 0;

	*come_first = true;
	for (size_t i = 0; i < count; i++) {
		if (ELF64_ST_BIND(symbols[i].st_info) != STB_LOCAL)
			continue;
		*come_first = *come_first && locals == i;
		locals++;
	}
	return locals;
}

/* Locals come first again: static maps and programs have become global. */
static int reorder(struct image *image, Elf64_Sym **symbols, size_t count, uint32_t **numbers)
{
	CLEANUP(cleanup_free) uint32_t *made = zeroed(count, sizeof(*made));
	Elf64_Sym *ordered = zeroed(count, sizeof(*ordered));

	if (!made || !ordered) {
		free(ordered);
		return -ENOMEM;
	}
	number_symbols(*symbols, count, made);
	for (size_t i = 0; i < count; i++)
		ordered[made[i]] = (*symbols)[i];
	free(*symbols);
	*symbols = ordered;
	renumber(image, made, count);
	*numbers = take_ptr(made);
	return 0;
}

int symbols_rewrite(const struct elfmap_object *object, struct image *image, size_t maps,
		    uint32_t **numbers)
{
	const struct elf_view *view = image->view;
	size_t count = view->nr_symbols + object->nr_added_symbols;
	struct image_section *table = &image->sections[view->symtab];
	CLEANUP(cleanup_free) Elf64_Sym *changed = malloc((count + 1) * sizeof(*changed));
	bool are_in_order;
	int err;

	*numbers = NULL;
	if (!changed)
		return -ENOMEM;
	copy_bytes(changed, view->symbols, view->nr_symbols * sizeof(*changed));
	memset(changed + view->nr_symbols, 0, object->nr_added_symbols * sizeof(*changed));
	change_symbols(object, maps, changed);
	err = rename_statics(object, image, changed);
	if (!err)
		err = add_programs(object, image, changed);
	if (err)
		return err;
	table->header.sh_info = count_locals(changed, count, &are_in_order);
	err = are_in_order ? 0 : reorder(image, &changed, count, numbers);
	if (err)
		return err;
	image_replace(image, view->symtab, take_ptr(changed), count * sizeof(*changed));
	table->is_host_order = true;
	return 0;
}
