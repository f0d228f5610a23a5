// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "test/renumber.h"
#include "test/tests.h"

static bool is_relocations(const Elf64_Shdr *header)
{
	return header->sh_type == SHT_REL || header->sh_type == SHT_RELA;
}

static bool is_local(const Elf64_Sym *symbol)
{
	return ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
}

/* --- sections ------------------------------------------------------------------------------ */

static void renumber_section(Elf64_Word *number, size_t gone)
{
	ck_assert_uint_ne(*number, gone);
	*number -= *number > gone;
}

void remove_section(struct test_object *object, size_t gone)
{
	Elf64_Ehdr *header = object_header(object);
	Elf64_Shdr *table = object_section_at(object, 0);

	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		Elf64_Sym *symbol = object_symbol_at(object, i);

		ck_assert_uint_ne(symbol->st_shndx, gone);
		if (symbol->st_shndx < SHN_LORESERVE && symbol->st_shndx > gone)
			symbol->st_shndx--;
	}
	ck_assert_uint_ne(header->e_shstrndx, gone);
	header->e_shstrndx = (Elf64_Half)(header->e_shstrndx - (header->e_shstrndx > gone));
	header->e_shnum--;
	memmove(table + gone, table + gone + 1, (header->e_shnum - gone) * sizeof(*table));
	for (size_t i = 1; i < header->e_shnum; i++) {
		renumber_section(&table[i].sh_link, gone);
		if (is_relocations(&table[i]))
			renumber_section(&table[i].sh_info, gone);
	}
}

/* --- symbols ------------------------------------------------------------------------------- */

static void renumber_relocations(struct test_object *object, const size_t *numbers)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);
		uint8_t *at = object->bytes + header->sh_offset;

		if (!is_relocations(header))
			continue;
		for (size_t j = 0; j < header->sh_size / header->sh_entsize; j++) {
			/* both kinds of entries begin alike */
			Elf64_Rel *entry = (void *)(at + j * header->sh_entsize);
			size_t symbol = ELF64_R_SYM(entry->r_info);

			ck_assert(!symbol || numbers[symbol] != 0);
			entry->r_info = ELF64_R_INFO(numbers[symbol], ELF64_R_TYPE(entry->r_info));
		}
	}
}

void renumber_symbols(struct test_object *object, const size_t *numbers)
{
	Elf64_Shdr *table = object_symbol_table(object);
	size_t count = object_nr_symbols(object), kept = 1, locals = 1, addresses;
	Elf64_Sym *symbols = object_symbol_at(object, 0);
	Elf64_Sym *old = malloc(count * sizeof(*old));

	ck_assert_ptr_nonnull(old);
	memcpy(old, symbols, count * sizeof(*old));
	for (size_t i = 1; i < count; i++) {
		if (numbers[i] == 0)
			continue;
		symbols[numbers[i]] = old[i];
		kept++;
		locals += is_local(&old[i]);
	}
	for (size_t i = 1; i < kept; i++)
		ck_assert_int_eq(is_local(&symbols[i]), i < locals);
	table->sh_size = kept * sizeof(*symbols);
	table->sh_info = (Elf64_Word)locals;
	free(old);
	renumber_relocations(object, numbers);
	/* a list of symbols, which compilers of that age did not make */
	addresses = object_find_section(object, ".llvm_addrsig");
	if (addresses)
		remove_section(object, addresses);
}

size_t *no_numbers(const struct test_object *object)
{
	size_t *numbers = calloc(object_nr_symbols(object), sizeof(*numbers));

	ck_assert_ptr_nonnull(numbers);
	return numbers;
}

void order_symbols(struct test_object *object, size_t without_section)
{
	size_t *numbers = no_numbers(object), next = 1;

	for (int local = 1; local >= 0; local--) {
		for (size_t i = 1; i < object_nr_symbols(object); i++) {
			const Elf64_Sym *symbol = object_symbol_at(object, i);

			if (is_local(symbol) != local)
				continue;
			if (!without_section || symbol->st_shndx != without_section)
				numbers[i] = next++;
		}
	}
	renumber_symbols(object, numbers);
	free(numbers);
}
