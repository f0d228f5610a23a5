/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Sections and symbols of an object under other numbers, with all that refers to them by number.
 * The list of symbols that clang 14 leaves in .llvm_addrsig, which older compilers did not make,
 * goes when symbols change.
 */
#ifndef ELFMAP_TEST_RENUMBER_H
#define ELFMAP_TEST_RENUMBER_H

#include "test/object_edit.h"

/* Take out a section, to which nothing may refer. */
void remove_section(struct test_object *object, size_t gone);

/* A number for each symbol, all 0, for free(). */
size_t *no_numbers(const struct test_object *object);
/* Give each symbol its new number, of which local symbols have the lower ones; those with 0 go. */
void renumber_symbols(struct test_object *object, const size_t *numbers);
/* Local symbols first, else in their order; without those of a section if that is not 0. */
void order_symbols(struct test_object *object, size_t without_section);

#endif
