/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "functions.h"
#include "log.h"

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

/*
 * Static functions they left untyped as well. Where a section has no other function, it is the
 * symbol at its start which is not named as compilers name labels.
 */
static bool is_untyped_static(const struct elf_view *view, const Elf64_Sym *symbol)
{
	const char *name = read_symbol_name(view, symbol);

	return is_in_code(view, symbol) && symbol->st_value == 0 &&
	       ELF64_ST_TYPE(symbol->st_info) == STT_NOTYPE && *name && *name != '.' &&
	       strncmp(name, "LBB", 3) != 0;
}

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
	log_error("%s: section %s: program \"%s\": %zu bytes at offset %zu: expected whole "
		  "instructions of 8 bytes within the section's %llu bytes",
		  view->name, program_section(program), program->name, program->size,
		  program->offset, (unsigned long long)size);
	return -EINVAL;
}

/* Old loaders took a section as one program; libbpf wants what it calls in .text. */
static int check_neighbours(const struct elfmap_object *object, size_t i)
{
	const struct elf_view *view = &object->view;
	const struct elfmap_program *program = &object->programs[i];
	bool is_static = ELF64_ST_BIND(view->symbols[program->symbol].st_info) == STB_LOCAL;
	bool shares = (i && program[-1].section == program->section) ||
		      (i + 1 < object->nr_programs && program[1].section == program->section);

	if (!is_static || !shares || program->subprogram)
		return 0;
	log_error("%s: section %s: static function \"%s\" stands beside other functions: libbpf "
		  "takes subprograms in section .text only",
		  view->name, program_section(program), program->name);
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
static void find_functions(struct elfmap_object *object, bool *sections)
{
	const struct elf_view *view = &object->view;

	for (size_t i = 0; i < view->nr_symbols; i++) {
		if (!is_function(view, &view->symbols[i]))
			continue;
		add_program(object, i);
		sections[view->symbols[i].st_shndx] = true;
	}
	for (size_t i = 0; i < view->nr_symbols; i++) {
		size_t section = view->symbols[i].st_shndx;

		if (!is_untyped_static(view, &view->symbols[i]) || sections[section])
			continue;
		add_program(object, i);
		sections[section] = true;
	}
}

int functions_read(struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	CLEANUP(cleanup_free) bool *sections = calloc(view->nr_sections, sizeof(*sections));
	size_t most = 0;

	for (size_t i = 0; i < view->nr_symbols; i++)
		most += is_function(view, &view->symbols[i]) ||
			is_untyped_static(view, &view->symbols[i]);
	object->programs = calloc(most ? most : 1, sizeof(*object->programs));
	if (!sections || !object->programs)
		return -ENOMEM;
	find_functions(object, sections);
	qsort(object->programs, object->nr_programs, sizeof(*object->programs), compare_programs);
	/* the only function of an object is a program, wherever it is */
	if (object->nr_programs == 1)
		object->programs[0].subprogram = false;
	return measure_programs(object);
}
