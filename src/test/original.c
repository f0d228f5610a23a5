// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>

#include "test/kernel.h"
#include "test/original.h"
#include "test/tests.h"

#define MAX_SUBPROGRAMS 64
#define INSN_SIZE sizeof(struct bpf_insn)

struct object {
	int fd;
	Elf *elf;
	Elf_Data *symbols;
	size_t nr_symbols;
	size_t symbol_names; /* the section with them */
	size_t section_names;
};

/* A function, as a range of instructions of a section. */
struct function {
	size_t section;
	size_t start;
	size_t count;
	size_t appended_at; /* where the program has it */
};

/* A program as the kernel gets it. */
struct program {
	struct bpf_insn *insns;
	size_t count;
	struct function functions[MAX_SUBPROGRAMS]; /* what it consists of, the main one first */
	size_t nr_functions;
};

static void append(const struct object *object, struct program *program, struct function function);

static Elf_Data *section_data(const struct object *object, size_t index, GElf_Shdr *header)
{
	Elf_Scn *section = elf_getscn(object->elf, index);
	Elf_Data *data = elf_getdata(section, NULL);

	ck_assert(section && data && gelf_getshdr(section, header));
	return data;
}

static GElf_Sym symbol_at(const struct object *object, size_t index)
{
	GElf_Sym symbol;

	ck_assert_ptr_nonnull(gelf_getsym(object->symbols, (int)index, &symbol));
	return symbol;
}

static struct object open_object(const char *path)
{
	struct object object = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	elf_version(EV_CURRENT);
	object.elf = elf_begin(object.fd, ELF_C_READ_MMAP, NULL);
	ck_assert_msg(object.fd >= 0 && object.elf, "no object in %s", path);
	ck_assert_int_eq(elf_getshdrstrndx(object.elf, &object.section_names), 0);
	while ((section = elf_nextscn(object.elf, section))) {
		ck_assert_ptr_nonnull(gelf_getshdr(section, &header));
		if (header.sh_type != SHT_SYMTAB)
			continue;
		object.symbols = elf_getdata(section, NULL);
		object.nr_symbols = header.sh_size / header.sh_entsize;
		object.symbol_names = header.sh_link;
	}
	ck_assert_msg(object.symbols, "no symbols in %s", path);
	return object;
}

static bool is_function(const GElf_Sym *symbol)
{
	return GELF_ST_TYPE(symbol->st_info) == STT_FUNC;
}

static struct function function_of_symbol(const GElf_Sym *symbol)
{
	return (struct function){
		.section = symbol->st_shndx,
		.start = symbol->st_value / INSN_SIZE,
		.count = symbol->st_size / INSN_SIZE,
	};
}

static struct function function_of_name(const struct object *object, const char *name)
{
	for (size_t i = 1; i < object->nr_symbols; i++) {
		GElf_Sym symbol = symbol_at(object, i);

		if (is_function(&symbol) &&
		    strcmp(elf_strptr(object->elf, object->symbol_names, symbol.st_name), name) ==
			    0)
			return function_of_symbol(&symbol);
	}
	ck_abort_msg("no function %s", name);
}

static struct function function_at(const struct object *object, size_t section, size_t start)
{
	for (size_t i = 1; i < object->nr_symbols; i++) {
		GElf_Sym symbol = symbol_at(object, i);

		if (is_function(&symbol) && symbol.st_shndx == section &&
		    symbol.st_value == start * INSN_SIZE)
			return function_of_symbol(&symbol);
	}
	ck_abort_msg("no function at instruction %zu of section %zu", start, section);
}

/* The symbol that an instruction of a section is relocated against. */
static bool find_relocation(const struct object *object, size_t section, size_t insn,
			    GElf_Sym *symbol)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	GElf_Rel rel;

	while ((scn = elf_nextscn(object->elf, scn))) {
		ck_assert_ptr_nonnull(gelf_getshdr(scn, &header));
		if (header.sh_type != SHT_REL || header.sh_info != section)
			continue;
		for (size_t i = 0; i < header.sh_size / header.sh_entsize; i++) {
			ck_assert_ptr_nonnull(gelf_getrel(elf_getdata(scn, NULL), (int)i, &rel));
			if (rel.r_offset != insn * INSN_SIZE)
				continue;
			*symbol = symbol_at(object, GELF_R_SYM(rel.r_info));
			return true;
		}
	}
	return false;
}

/* Of the sections that instructions refer to, those that are no map definitions are global data. */
static bool has_maps(const struct object *object, size_t section)
{
	GElf_Shdr header;
	const char *name;

	section_data(object, section, &header);
	name = elf_strptr(object->elf, object->section_names, header.sh_name);
	return strncmp(name, "maps", 4) == 0 || strcmp(name, ".maps") == 0;
}

/* A call's operand counts from the instruction behind it, to where the symbol is if it has one. */
static struct function called_function(const struct object *object, const struct function *caller,
				       size_t insn, __s32 operand)
{
	size_t target = caller->start + insn;
	size_t section = caller->section;
	GElf_Sym symbol;

	if (find_relocation(object, section, target, &symbol)) {
		section = symbol.st_shndx;
		target = symbol.st_value / INSN_SIZE;
	}
	return function_at(object, section, target + (size_t)(operand + 1));
}

static size_t place_of(const struct object *object, struct program *program,
		       const struct function *function)
{
	size_t place = program->count;

	for (size_t i = 0; i < program->nr_functions; i++) {
		if (program->functions[i].section == function->section &&
		    program->functions[i].start == function->start)
			return program->functions[i].appended_at;
	}
	append(object, program, *function);
	return place;
}

static void mark_reference(const struct object *object, const struct function *function,
			   size_t insn, struct bpf_insn *code)
{
	GElf_Sym symbol;

	if (!find_relocation(object, function->section, function->start + insn, &symbol))
		return;
	if (has_maps(object, symbol.st_shndx))
		code->src_reg = BPF_PSEUDO_MAP_FD;
	else
		code->src_reg = BPF_PSEUDO_MAP_VALUE;
}

static void relocate(const struct object *object, struct program *program,
		     const struct function *function, size_t insn)
{
	const size_t at = function->appended_at + insn;
	struct bpf_insn *code = &program->insns[at];
	struct function called;
	size_t place;

	if (code->code == (BPF_LD | BPF_IMM | BPF_DW)) {
		mark_reference(object, function, insn, code);
	} else if (code->code == (BPF_JMP | BPF_CALL) && code->src_reg == BPF_PSEUDO_CALL) {
		called = called_function(object, function, insn, code->imm);
		place = place_of(object, program, &called); /* may move the instructions */
		program->insns[at].imm = (__s32)(place - at - 1);
	}
}

/* Append a function, and behind it those that it calls and the program does not have yet. */
static void append(const struct object *object, struct program *program, struct function function)
{
	GElf_Shdr header;
	Elf_Data *data = section_data(object, function.section, &header);

	ck_assert_uint_lt(program->nr_functions, MAX_SUBPROGRAMS);
	ck_assert_uint_le((function.start + function.count) * INSN_SIZE, data->d_size);
	function.appended_at = program->count;
	program->functions[program->nr_functions++] = function;
	program->count += function.count;
	program->insns = realloc(program->insns, program->count * INSN_SIZE);
	ck_assert_ptr_nonnull(program->insns);
	memcpy(program->insns + function.appended_at,
	       (const char *)data->d_buf + function.start * INSN_SIZE, function.count * INSN_SIZE);
	for (size_t i = 0; i < function.count; i++)
		relocate(object, program, &function, i);
}

void original_tag(const char *path, const char *function, __u8 tag[BPF_TAG_SIZE])
{
	struct object object = open_object(path);
	struct program program = { 0 };

	append(&object, &program, function_of_name(&object, function));
	expected_tag(program.insns, program.count, tag);
	free(program.insns);
	elf_end(object.elf);
	close(object.fd);
}
