// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/aged.h"
#include "test/renumber.h"
#include "test/tests.h"

/* Kinds of relocations, LLVM's numbers; older ones had R_BPF_64_64 for both. */
#define R_BPF_64_64 1	 /* the two immediates of a load of 64 bits */
#define R_BPF_64_ABS64 2 /* a word of 64 bits */

#define LOAD_64 (BPF_LD | BPF_IMM | BPF_DW)

/* --- what is what -------------------------------------------------------------------------- */

bool is_map_section(const struct test_object *object, size_t index)
{
	const char *name = object_section_name(object, index);

	return !strcmp(name, "maps") || !strncmp(name, "maps/", strlen("maps/"));
}

bool is_code_section(const struct test_object *object, size_t index)
{
	const Elf64_Shdr *header = object_section_at(object, index);

	return header->sh_type == SHT_PROGBITS && header->sh_flags & SHF_EXECINSTR;
}

static bool is_in_section(const struct test_object *object, const Elf64_Sym *symbol)
{
	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < object_header(object)->e_shnum;
}

bool is_map_symbol(const struct test_object *object, const Elf64_Sym *symbol)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	return (type == STT_OBJECT || type == STT_NOTYPE) && is_in_section(object, symbol) &&
	       is_map_section(object, symbol->st_shndx);
}

bool is_function_symbol(const struct test_object *object, const Elf64_Sym *symbol)
{
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && is_in_section(object, symbol) &&
	       is_code_section(object, symbol->st_shndx);
}

static bool is_local(const Elf64_Sym *symbol)
{
	return ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
}

static void assert_no_btf(const struct test_object *object)
{
	ck_assert_msg(!object_find_section(object, ".BTF"), "BTF would contradict it");
}

/* --- the whole ----------------------------------------------------------------------------- */

void age_machine(struct test_object *object)
{
	object_header(object)->e_machine = EM_NONE;
}

void age_no_license(struct test_object *object)
{
	size_t license = object_section_index(object, "license");

	assert_no_btf(object);
	order_symbols(object, license);
	/* its number may be another since then */
	remove_section(object, object_section_index(object, "license"));
}

/* --- maps ---------------------------------------------------------------------------------- */

/* The symbol that stands for a section, a new one at the end if there is none. */
static size_t section_symbol(struct test_object *object, size_t section)
{
	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		const Elf64_Sym *symbol = object_symbol_at(object, i);

		if (ELF64_ST_TYPE(symbol->st_info) == STT_SECTION && symbol->st_shndx == section)
			return i;
	}
	return object_add_symbol(object, "",
				 (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION),
					      .st_shndx = (Elf64_Section)section });
}

/* The number that a relocation of code or of definitions adds to its symbol's value. */
static uint64_t get_addend(const uint8_t *at, uint64_t type, bool code)
{
	struct bpf_insn load[2];
	uint64_t word;

	if (!code) {
		ck_assert_uint_eq(type, R_BPF_64_ABS64);
		memcpy(&word, at, sizeof(word));
		return word;
	}
	ck_assert_uint_eq(type, R_BPF_64_64);
	memcpy(load, at, sizeof(load));
	ck_assert_uint_eq(load[0].code, LOAD_64);
	return (uint32_t)load[0].imm | (uint64_t)(uint32_t)load[1].imm << 32;
}

static void set_addend(uint8_t *at, bool code, uint64_t addend)
{
	struct bpf_insn load[2];

	if (!code) {
		memcpy(at, &addend, sizeof(addend));
		return;
	}
	memcpy(load, at, sizeof(load));
	load[0].imm = (__s32)addend;
	load[1].imm = (__s32)(addend >> 32);
	memcpy(at, load, sizeof(load));
}

static void redirect(struct test_object *object, Elf64_Rel *entry, uint8_t *at, bool code)
{
	const Elf64_Sym *symbol = object_symbol_at(object, ELF64_R_SYM(entry->r_info));
	uint64_t type = ELF64_R_TYPE(entry->r_info);

	if (!is_map_symbol(object, symbol))
		return;
	set_addend(at, code, get_addend(at, type, code) + symbol->st_value);
	/* there is one, so that nothing moves */
	entry->r_info = ELF64_R_INFO(section_symbol(object, symbol->st_shndx), type);
}

/* Call it for each relocation of code and of definitions. */
static void for_each_relocation(struct test_object *object,
				void (*call)(struct test_object *object, Elf64_Rel *entry,
					     uint8_t *at, bool code))
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i), *target;
		Elf64_Rel *entry = (void *)(object->bytes + header->sh_offset);
		bool code = header->sh_type == SHT_REL && is_code_section(object, header->sh_info);

		if (header->sh_type != SHT_REL ||
		    !(code || is_map_section(object, header->sh_info)))
			continue;
		target = object_section_at(object, header->sh_info);
		for (size_t j = 0; j < header->sh_size / sizeof(*entry); j++, entry++) {
			ck_assert_uint_lt(entry->r_offset, target->sh_size);
			call(object, entry, object->bytes + target->sh_offset + entry->r_offset,
			     code);
		}
	}
}

void age_static_maps(struct test_object *object)
{
	assert_no_btf(object);
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		if (is_map_section(object, i))
			section_symbol(object, i);
	}
	for_each_relocation(object, redirect);
	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		Elf64_Sym *symbol = object_symbol_at(object, i);

		if (is_map_symbol(object, symbol))
			symbol->st_info = (unsigned char)ELF64_ST_INFO(
				STB_LOCAL, ELF64_ST_TYPE(symbol->st_info));
	}
	order_symbols(object, 0);
}

void age_weak_maps(struct test_object *object)
{
	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		Elf64_Sym *symbol = object_symbol_at(object, i);

		if (is_map_symbol(object, symbol) && !is_local(symbol))
			symbol->st_info = (unsigned char)ELF64_ST_INFO(
				STB_WEAK, ELF64_ST_TYPE(symbol->st_info));
	}
}

/* --- symbols ------------------------------------------------------------------------------- */

static void add_label(struct test_object *object, size_t section, size_t number, uint64_t offset)
{
	char name[64];

	/* numbers of compilers do not come so far */
	snprintf(name, sizeof(name), "LBB%zu_%zu", section, 10000 + number);
	object_add_symbol(object, name,
			  (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE),
				       .st_shndx = (Elf64_Section)section,
				       .st_value = offset });
}

/* The instruction behind the first one of a section. */
static uint64_t second_instruction(const struct test_object *object, size_t section)
{
	uint8_t code = object->bytes[object_section_at(object, section)->sh_offset];

	return (code == LOAD_64 ? 2 : 1) * sizeof(struct bpf_insn);
}

void age_labels(struct test_object *object)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		uint64_t size = object_section_at(object, i)->sh_size;

		if (!is_code_section(object, i) || size < 4 * sizeof(struct bpf_insn))
			continue;
		add_label(object, i, 0, second_instruction(object, i));
		/* code ends in an exit */
		add_label(object, i, 1, size - sizeof(struct bpf_insn));
	}
	order_symbols(object, 0);
}

/* Whether the first of two definitions stands before the second. */
static bool is_before(const Elf64_Sym *a, const Elf64_Sym *b)
{
	if (a->st_shndx != b->st_shndx)
		return a->st_shndx < b->st_shndx;
	return a->st_value < b->st_value;
}

/* Map symbols of one kind exchange their numbers; the others keep theirs. */
static void reverse_symbols(const struct test_object *object, bool local, size_t *numbers)
{
	size_t count = object_nr_symbols(object);

	for (size_t i = 1; i < count; i++) {
		const Elf64_Sym *symbol = object_symbol_at(object, i);
		size_t behind = 0, place = 0;

		if (!is_map_symbol(object, symbol) || is_local(symbol) != local)
			continue;
		for (size_t j = 1; j < count; j++) {
			const Elf64_Sym *other = object_symbol_at(object, j);

			behind += is_map_symbol(object, other) && is_local(other) == local &&
				  is_before(symbol, other);
		}
		/* of the places of such symbols, that with as many before it */
		for (size_t j = 1; j < count && !numbers[i]; j++) {
			const Elf64_Sym *other = object_symbol_at(object, j);

			if (is_map_symbol(object, other) && is_local(other) == local &&
			    place++ == behind)
				numbers[i] = j;
		}
	}
}

void age_symbol_order(struct test_object *object)
{
	size_t *numbers = no_numbers(object);

	reverse_symbols(object, true, numbers);
	reverse_symbols(object, false, numbers);
	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		if (!numbers[i])
			numbers[i] = i;
	}
	renumber_symbols(object, numbers);
	free(numbers);
}

static void make_bare(struct test_object *object,
		      bool (*is_meant)(const struct test_object *object, const Elf64_Sym *symbol))
{
	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		Elf64_Sym *symbol = object_symbol_at(object, i);

		if (!is_meant(object, symbol))
			continue;
		symbol->st_info =
			(unsigned char)ELF64_ST_INFO(ELF64_ST_BIND(symbol->st_info), STT_NOTYPE);
		symbol->st_size = 0;
	}
}

void age_map_symbols(struct test_object *object)
{
	make_bare(object, is_map_symbol);
}

void age_function_symbols(struct test_object *object)
{
	make_bare(object, is_function_symbol);
}

/* --- relocations --------------------------------------------------------------------------- */

/* A section of them, and the bytes that they change. */
static void make_rela(struct test_object *object, size_t index)
{
	size_t target = object_section_at(object, index)->sh_info;
	size_t count = object_section_at(object, index)->sh_size / sizeof(Elf64_Rel);
	bool code = is_code_section(object, target);
	char name[128], new_name[128];
	Elf64_Rel *old;
	Elf64_Rela *new;

	snprintf(name, sizeof(name), "%s", object_section_name(object, index));
	snprintf(new_name, sizeof(new_name), ".rela%s", object_section_name(object, target));
	object_resize_section(object, name, count * sizeof(*new));
	old = (void *)(object->bytes + object_section_at(object, index)->sh_offset);
	new = (void *)old;
	for (size_t i = count; i-- > 0;) {
		Elf64_Rel entry = old[i];
		uint8_t *at = object->bytes + object_section_at(object, target)->sh_offset +
			      entry.r_offset;
		uint64_t addend = get_addend(at, ELF64_R_TYPE(entry.r_info), code);

		set_addend(at, code, 0);
		new[i] = (Elf64_Rela){ entry.r_offset, entry.r_info, (Elf64_Sxword)addend };
	}
	object_section_at(object, index)->sh_type = SHT_RELA;
	object_section_at(object, index)->sh_entsize = sizeof(*new);
	object_rename_section(object, name, new_name);
}

void age_rela(struct test_object *object)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);

		if (header->sh_type == SHT_REL && (is_code_section(object, header->sh_info) ||
						   is_map_section(object, header->sh_info)))
			make_rela(object, i);
	}
}
