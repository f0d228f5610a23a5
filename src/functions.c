/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "functions.h"
#include "insn.h"
#include "messages.h"
#include "sort.h"
#include "zeroed.h"

static bool is_in_code(const struct elf_view *view, const Elf64_Sym *symbol)
{
	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < view->nr_sections &&
	       read_is_code(view, symbol->st_shndx);
}

/* Old compilers left functions untyped; labels inside them are local. */
static bool is_function(const struct elf_view *view, const Elf64_Sym *symbol)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	return is_in_code(view, symbol) &&
	       (type == STT_FUNC ||
		(type == STT_NOTYPE && ELF64_ST_BIND(symbol->st_info) != STB_LOCAL));
}

/* A name that compilers do not give to labels. */
static bool is_own_name(const char *name)
{
	return *name && *name != '.' && strncmp(name, "LBB", 3) != 0;
}

/*
 * Static functions they left untyped as well. Where a section has no other function, it is the
 * symbol at its start which is not named as compilers name labels.
 */
static bool is_untyped_static(const struct elf_view *view, const Elf64_Sym *symbol)
{
	return is_in_code(view, symbol) && symbol->st_value == 0 &&
	       ELF64_ST_TYPE(symbol->st_info) == STT_NOTYPE &&
	       is_own_name(read_symbol_name(view, symbol));
}

/* Symbols in code, by index: few beside those of maps. */
struct code_symbols {
	size_t *symbols;
	size_t count;
};

static int collect_symbols(const struct elf_view *view, struct code_symbols *out)
{
	size_t data = SHN_UNDEF;

	out->symbols = malloc((view->nr_symbols + 1) * sizeof(*out->symbols));
	if (!out->symbols)
		return -ENOMEM;
	for (size_t i = 0; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];

		/* those of maps follow one another */
		if (symbol->st_shndx == data)
			continue;
		if (is_in_code(view, symbol))
			out->symbols[out->count++] = i;
		else
			data = symbol->st_shndx;
	}
	return 0;
}

static void code_symbols_release(struct code_symbols *code)
{
	free(code->symbols);
}

/* --- what is called ------------------------------------------------------------------------------ */

/*
 * Where a call's relocation leads: its symbol, and how many bytes behind it. Old compilers leave
 * the distance in the instruction, in instructions and less one; SHT_RELA entries say bytes.
 */
static uint64_t call_target(const struct elf_view *view, const struct relocation *relocation,
			    const uint8_t *insn)
{
	uint64_t offset = view->symbols[relocation->symbol].st_value;

	if (relocation->addend)
		return offset + (uint64_t)relocation->addend;
	return offset + ((uint64_t)insn_imm(view, insn) + 1) * sizeof(struct bpf_insn);
}

/* Mark the untyped static functions that a section's calls lead to, by symbol. */
static void mark_called(const struct elf_view *view, const struct elf_section *section,
			bool *is_called)
{
	const struct elf_section *code = &view->sections[section->header.sh_info];

	for (size_t i = 0; i < section->nr_relocations; i++) {
		const struct relocation *relocation = &section->relocations[i];
		const Elf64_Sym *symbol = &view->symbols[relocation->symbol];
		const uint8_t *insn = insn_at(code, relocation->offset);
		uint64_t target;

		if (!insn || insn_code(insn) != INSN_CALL || !is_in_code(view, symbol))
			continue;
		if (ELF64_ST_TYPE(symbol->st_info) == STT_NOTYPE) {
			is_called[relocation->symbol] = true;
			continue;
		}
		target = call_target(view, relocation, insn);
		for (size_t j = 1;
		     ELF64_ST_TYPE(symbol->st_info) == STT_SECTION && j < view->nr_symbols; j++)
			is_called[j] |= view->symbols[j].st_shndx == symbol->st_shndx &&
					view->symbols[j].st_value == target;
	}
}

/*
 * The symbols that calls lead to, by index; without typed functions old compilers leave these. *out
 * is NULL where all functions are typed.
 */
static int find_called(const struct elf_view *view, const struct code_symbols *code, bool **out)
{
	bool is_old = false;

	for (size_t i = 0; i < code->count; i++) {
		const Elf64_Sym *symbol = &view->symbols[code->symbols[i]];

		is_old |= is_function(view, symbol) && ELF64_ST_TYPE(symbol->st_info) == STT_NOTYPE;
	}
	if (!is_old)
		return 0;
	*out = zeroed(view->nr_symbols + 1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_sections; i++) {
		const struct elf_section *section = &view->sections[i];

		if (section->nr_relocations && read_is_code(view, section->header.sh_info))
			mark_called(view, section, *out);
	}
	return 0;
}

static bool is_called_static(const struct elf_view *view, size_t index, const bool *is_called)
{
	const Elf64_Sym *symbol = &view->symbols[index];

	return is_called && is_called[index] && is_in_code(view, symbol) &&
	       ELF64_ST_TYPE(symbol->st_info) == STT_NOTYPE &&
	       ELF64_ST_BIND(symbol->st_info) == STB_LOCAL &&
	       is_own_name(read_symbol_name(view, symbol));
}

/* --- functions ----------------------------------------------------------------------------------- */

/* Where compilers put what programs call. */
static bool is_text(const struct elf_view *view, size_t section)
{
	return !strcmp(view->sections[section].name, ".text");
}

static int compare_programs(const void *a, const void *b)
{
	const struct elfmap_program *left = a, *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->symbol < right->symbol ? -1 : left->symbol > right->symbol;
}

static int check_program(const struct elfmap_program *program)
{
	const struct elf_view *view = &program->object->view;
	uint64_t size = view->sections[program->section].header.sh_size;

	if (program->offset % sizeof(struct bpf_insn) == 0 &&
	    program->size % sizeof(struct bpf_insn) == 0 && program->offset < size &&
	    program->size <= size - program->offset)
		return 0;
	program_error(program,
		      "%zu bytes at offset %zu: expected whole instructions of 8 "
		      "bytes within the section's %llu bytes",
		      program->size, program->offset, (unsigned long long)size);
	return -EINVAL;
}

/* Old loaders took a section as one program; libbpf wants what it calls in .text. */
static int check_neighbours(const struct elfmap_object *object, size_t i)
{
	const struct elfmap_program *program = &object->programs[i];
	const Elf64_Sym *symbol = program_symbol(program);
	bool is_static = symbol && ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
	bool shares = (i && program[-1].section == program->section) ||
		      (i + 1 < object->nr_programs && program[1].section == program->section);

	if (!is_static || !shares || program->subprogram)
		return 0;
	section_error(&object->view, program->section,
		      "static function \"%s\" stands beside other functions: libbpf takes "
		      "subprograms in section .text only",
		      program->name);
	return -ENOTSUP;
}

/* A function without a size goes up to the next one or to the section's end. */
static int measure_programs(struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_programs; i++) {
		struct elfmap_program *program = &object->programs[i], *next = program + 1;
		uint64_t end = object->view.sections[program->section].header.sh_size;
		int err;

		if (i + 1 < object->nr_programs && next->section == program->section)
			end = next->offset;
		if (!program->size && program->offset < end)
			program->size = end - program->offset;
		err = check_program(program);
		if (!err)
			err = check_neighbours(object, i);
		if (err)
			return err;
	}
	return 0;
}

static void add_program(struct elfmap_object *object, size_t index)
{
	const struct elf_view *view = &object->view;
	const Elf64_Sym *symbol = &view->symbols[index];

	object->programs[object->nr_programs++] = (struct elfmap_program){
		.object = object,
		.name = read_symbol_name(view, symbol),
		.section = symbol->st_shndx,
		.offset = symbol->st_value,
		.size = symbol->st_size,
		.symbol = index,
		.subprogram = is_text(view, symbol->st_shndx),
		.autoload = true,
	};
}

/* sections: whether a function of the section was found. */
static void find_functions(struct elfmap_object *object, const struct code_symbols *code,
			   const bool *is_called, bool *sections)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 0; i < code->count; i++) {
		size_t index = code->symbols[i];

		if (!is_function(view, &view->symbols[index]) &&
		    !is_called_static(view, index, is_called))
			continue;
		add_program(object, index);
		sections[view->symbols[index].st_shndx] = true;
	}
	for (size_t i = 0; i < code->count; i++) {
		size_t index = code->symbols[i], section = view->symbols[index].st_shndx;

		if (!is_untyped_static(view, &view->symbols[index]) || sections[section])
			continue;
		add_program(object, index);
		sections[section] = true;
	}
}

/* --- sections without functions ----------------------------------------------------------------- */

/* "action drop" becomes action_drop: a name that libbpf and the kernel take. */
static const char *name_of_section(struct elfmap_object *object, const char *section)
{
	CLEANUP(cleanup_free) char *name = strdup(section);

	for (char *c = name; c && *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return name ? texts_format(&object->texts, "prog_%s", name) : NULL;
}

/* Old loaders took a section as a program and needed no symbol, which strip(1) may have removed. */
static bool is_nameless(const struct elf_view *view, size_t section, const bool *sections)
{
	return read_is_code(view, section) && !is_text(view, section) && !sections[section] &&
	       view->sections[section].header.sh_size;
}

static int add_nameless(struct elfmap_object *object, const bool *sections)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 1; i < view->nr_sections; i++) {
		const char *name;

		if (!is_nameless(view, i, sections))
			continue;
		name = name_of_section(object, view->sections[i].name);
		if (!name)
			return -ENOMEM;
		object->programs[object->nr_programs++] = (struct elfmap_program){
			.object = object,
			.name = name,
			.section = i,
			.size = view->sections[i].header.sh_size,
			.symbol = view->nr_symbols + object->nr_added_symbols++,
			.autoload = true,
		};
	}
	return 0;
}

int functions_read(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	CLEANUP(cleanup_free) bool *sections = zeroed(view->nr_sections, sizeof(*sections));
	CLEANUP(code_symbols_release) struct code_symbols code = { 0 };
	CLEANUP(cleanup_free) bool *is_called = NULL;
	int err = collect_symbols(view, &code);

	if (!err)
		err = find_called(view, &code, &is_called);
	if (err)
		return err;
	object->programs = malloc((view->nr_sections + code.count) * sizeof(*object->programs));
	if (!sections || !object->programs)
		return -ENOMEM;
	find_functions(object, &code, is_called, sections);
	err = add_nameless(object, sections);
	if (err)
		return err;
	sort(object->programs, object->nr_programs, sizeof(*object->programs), compare_programs);
	/* the only function of an object is a program, wherever it is */
	if (object->nr_programs == 1)
		object->programs[0].subprogram = false;
	return measure_programs(object);
}
