/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects of testdata/ as older compilers left them. Each function changes one thing and leaves an
 * object that follows the rules of ELF; they may follow one another in the order they stand here.
 * Section numbers may change, and so may the numbers of symbols.
 */
#ifndef ELFMAP_TEST_AGED_H
#define ELFMAP_TEST_AGED_H

#include "test/object_edit.h"

/* No machine: BPF had no number (before LLVM 3.9). */
void age_machine(struct test_object *object);
/* No section license, and no symbol in it. For objects without BTF. */
void age_no_license(struct test_object *object);
/* Maps without a global symbol, and programs that reach them by section and offset: the offset is
 * in the instruction, or in the word of a definition. For objects without BTF. */
void age_static_maps(struct test_object *object);
/* Maps that are global are weak. */
void age_weak_maps(struct test_object *object);
/* Local symbols without a type in the midst of code, as branches have them. */
void age_labels(struct test_object *object);
/* Map symbols that do not stand in the order of the definitions, but against it. */
void age_symbol_order(struct test_object *object);
/* Symbols of maps, or of functions, without a type and a size (LLVM before 8). */
void age_map_symbols(struct test_object *object);
void age_function_symbols(struct test_object *object);
/*
 * SHT_RELA instead of SHT_REL for code and definitions: what is added to a symbol's value stands
 * in the entry, and zeros where it stood. For objects without calls from section to section, which
 * compilers of that age did not have.
 */
void age_rela(struct test_object *object);

/* What those that age maps, or functions, have aged. */
bool is_map_symbol(const struct test_object *object, const Elf64_Sym *symbol);
bool is_function_symbol(const struct test_object *object, const Elf64_Sym *symbol);
bool is_map_section(const struct test_object *object, size_t index);
bool is_code_section(const struct test_object *object, size_t index);

#endif
