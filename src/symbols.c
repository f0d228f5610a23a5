/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "symbols.h"

/* LLVM's table of address-significant symbols: a hint for linkers, by symbol number. */
#define SHT_LLVM_ADDRSIG 0x6fff4c03

bool symbols_need_repair(const struct elfmap_program *program)
{
	const Elf64_Sym *symbol = &program->object->view.symbols[program->symbol];

	return ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || !symbol->st_size ||
	       (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL && !program->subprogram);
}

static void change_symbols(const struct elfmap_object *object, size_t maps, bool hide_subprograms,
			   Elf64_Sym *symbols)
{
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];
		Elf64_Sym *symbol = &symbols[map->symbol];

		if (map->native)
			continue;
		symbol->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
		/* libbpf takes hidden variables for static ones, which it refuses as maps */
		symbol->st_other = STV_DEFAULT;
		symbol->st_shndx = (Elf64_Section)maps;
		symbol->st_value = map->image_offset;
		symbol->st_size = map->image_size;
	}
	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		Elf64_Sym *symbol = &symbols[program->symbol];
		unsigned int bind = ELF64_ST_BIND(symbol->st_info);

		/* iproute2 loaded sections and did not look at their functions */
		if (bind == STB_LOCAL && !program->subprogram)
			bind = STB_GLOBAL;
		symbol->st_info = (unsigned char)ELF64_ST_INFO(bind, STT_FUNC);
		symbol->st_size = program->size;
		if (hide_subprograms && program->subprogram)
			symbol->st_other = STV_HIDDEN;
	}
}

/* New numbers, locals first, otherwise in the old order. Returns the number of locals. */
static uint32_t number_symbols(const Elf64_Sym *symbols, size_t count, uint32_t *numbers)
{
	uint32_t next = 0, locals;

	for (size_t i = 0; i < count; i++)
		if (ELF64_ST_BIND(symbols[i].st_info) == STB_LOCAL)
			numbers[i] = next++;
	locals = next;
	for (size_t i = 0; i < count; i++)
		if (ELF64_ST_BIND(symbols[i].st_info) != STB_LOCAL)
			numbers[i] = next++;
	return locals;
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

static bool is_identity(const uint32_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] != i)
			return false;
	return true;
}

int symbols_rewrite(const struct elfmap_object *object, struct image *image, size_t maps,
		    bool hide_subprograms, uint32_t **numbers)
{
	const struct elf_view *view = image->view;
	size_t count = view->nr_symbols;
	struct image_section *table = &image->sections[view->symtab];
	CLEANUP(cleanup_free) Elf64_Sym *changed = calloc(count, sizeof(*changed));
	CLEANUP(cleanup_free) Elf64_Sym *ordered = calloc(count, sizeof(*ordered));
	CLEANUP(cleanup_free) uint32_t *new_numbers = calloc(count, sizeof(*new_numbers));

	if (!changed || !ordered || !new_numbers)
		return -ENOMEM;
	memcpy(changed, view->symbols, count * sizeof(*changed));
	change_symbols(object, maps, hide_subprograms, changed);
	table->header.sh_info = number_symbols(changed, count, new_numbers);
	for (size_t i = 0; i < count; i++)
		ordered[new_numbers[i]] = changed[i];
	image_replace(image, view->symtab, take_ptr(ordered), count * sizeof(*ordered));
	table->is_host_order = true;
	if (!is_identity(new_numbers, count))
		renumber(image, new_numbers, count);
	*numbers = take_ptr(new_numbers);
	return 0;
}
