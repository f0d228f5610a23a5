/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects of testdata/ in memory, to be changed for tests of what becomes of odd ones. Built on
 * <elf.h> alone. Pointers into an object hold until the next call that takes it without const,
 * which may move its bytes. What is asked for must be there: the test ends otherwise.
 *
 * But for big-endian ones, which can only be loaded, copied and freed here, the objects are
 * little-endian and so are their headers here: tests that edit need such a host.
 */
#ifndef ELFMAP_TEST_OBJECT_EDIT_H
#define ELFMAP_TEST_OBJECT_EDIT_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_object {
	uint8_t *bytes;
	size_t size;
};

/* --- the whole ----------------------------------------------------------------------------- */

/* testdata/NAME.o; the caller frees it with object_free(). */
struct test_object object_load(const char *name);
struct test_object object_copy(const struct test_object *object);
void object_free(struct test_object *object);

/*
 * The names, without ".o", of objects of testdata/ that have legacy maps: in a section maps, or in
 * sections maps/NAME. Sorted, NULL at the end; the same array at every call, never freed. Those of
 * object_names() open on this machine; the others are what their functions say.
 */
const char *const *object_names(void);
/* The big-endian ones; each has a little-endian twin, the same name without ".be". */
const char *const *object_names_big_endian(void);
/* Those of either byte order that are recognised and refused. */
const char *const *object_names_refused(void);

/* Whether it was built with BTF: its name ends in ".btf". */
bool object_has_btf(const char *name);
/* Whether it was built big-endian: its name has ".be". */
bool object_is_big_endian(const char *name);
/* Whether it loads as it is, and not only with what its own loader adds. */
bool object_loads_alone(const char *name);
/* Whether its definitions are 32-bit words and nothing else: byte_order.h can swap these. */
bool object_has_only_words(const char *name);

/* --- looking ------------------------------------------------------------------------------- */

Elf64_Ehdr *object_header(const struct test_object *object);
/* Whether legacy definitions stand in sections of that name: "maps" or "maps/...". */
bool object_is_maps(const char *section);
/* The section of that name, or 0. */
size_t object_find_section(const struct test_object *object, const char *name);
/* The section of that name. */
size_t object_section_index(const struct test_object *object, const char *name);
Elf64_Shdr *object_section(const struct test_object *object, const char *name);
Elf64_Shdr *object_section_at(const struct test_object *object, size_t index);
const char *object_section_name(const struct test_object *object, size_t index);
uint8_t *object_section_bytes(const struct test_object *object, const char *name);

/* The symbol table's section, and how many symbols it has. */
Elf64_Shdr *object_symbol_table(const struct test_object *object);
size_t object_nr_symbols(const struct test_object *object);
Elf64_Sym *object_symbol_at(const struct test_object *object, size_t index);
const char *object_symbol_name(const struct test_object *object, const Elf64_Sym *symbol);
/* The symbol of that name, or NULL. */
Elf64_Sym *object_find_symbol(const struct test_object *object, const char *name);
Elf64_Sym *object_symbol(const struct test_object *object, const char *name);
size_t object_symbol_index(const struct test_object *object, const char *name);
/* The number of the symbol that stands for a section as a whole. */
size_t object_section_symbol(const struct test_object *object, const char *section);

/* A 32-bit word of a map's definition, by its place in the struct. */
uint32_t *object_map_word(const struct test_object *object, const char *map, size_t word);
/* The i-th relocation of an SHT_REL section. */
Elf64_Rel *object_relocation(const struct test_object *object, const char *section, size_t i);

/* --- changing what takes room -------------------------------------------------------------- */

void object_rename_section(struct test_object *object, const char *name, const char *new_name);
void object_rename_symbol(struct test_object *object, const char *name, const char *new_name);
/* Cut a section, or lengthen it with zeros. */
void object_resize_section(struct test_object *object, const char *name, size_t size);
/* Append a symbol; returns its number. */
size_t object_add_symbol(struct test_object *object, const char *name, Elf64_Sym symbol);
/* Append a section of the type with these bytes; returns its index. */
size_t object_add_section(struct test_object *object, const char *name, uint32_t type,
			  const void *bytes, size_t size);
/* Append copies of a map's definition to section maps, under the names MAP0, MAP1, ... */
void object_multiply_map(struct test_object *object, const char *map, size_t count);

#endif
