// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/object_edit.h"
#include "test/tests.h"

/* --- the whole ----------------------------------------------------------------------------- */

static FILE *open_testdata(const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "testdata/%s.o", name);
	file = fopen(path, "re");
	ck_assert_msg(file, "no %s", path);
	return file;
}

struct test_object object_load(const char *name)
{
	FILE *file = open_testdata(name);
	struct test_object object;

	ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
	object.size = (size_t)ftell(file);
	object.bytes = malloc(object.size);
	ck_assert_ptr_nonnull(object.bytes);
	rewind(file);
	ck_assert_uint_eq(fread(object.bytes, 1, object.size, file), object.size);
	fclose(file);
	return object;
}

struct test_object object_copy(const struct test_object *object)
{
	struct test_object copy = { malloc(object->size), object->size };

	ck_assert_ptr_nonnull(copy.bytes);
	memcpy(copy.bytes, object->bytes, object->size);
	return copy;
}

void object_free(struct test_object *object)
{
	free(object->bytes);
	*object = (struct test_object){ 0 };
}

/* --- looking ------------------------------------------------------------------------------- */

Elf64_Ehdr *object_header(const struct test_object *object)
{
	return (void *)object->bytes;
}

Elf64_Shdr *object_section_at(const struct test_object *object, size_t index)
{
	/* assertions of libcheck write to a file, and this is called often */
	if (index >= object_header(object)->e_shnum)
		ck_abort_msg("no section %zu", index);
	return (Elf64_Shdr *)(void *)(object->bytes + object_header(object)->e_shoff) + index;
}

const char *object_section_name(const struct test_object *object, size_t index)
{
	const Elf64_Shdr *strings = object_section_at(object, object_header(object)->e_shstrndx);

	return (const char *)object->bytes + strings->sh_offset +
	       object_section_at(object, index)->sh_name;
}

bool object_is_maps(const char *section)
{
	return strcmp(section, "maps") == 0 || strncmp(section, "maps/", strlen("maps/")) == 0;
}

size_t object_find_section(const struct test_object *object, const char *name)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		if (strcmp(object_section_name(object, i), name) == 0)
			return i;
	}
	return 0;
}

size_t object_section_index(const struct test_object *object, const char *name)
{
	size_t index = object_find_section(object, name);

	ck_assert_msg(index, "no section %s", name);
	return index;
}

Elf64_Shdr *object_section(const struct test_object *object, const char *name)
{
	return object_section_at(object, object_section_index(object, name));
}

uint8_t *object_section_bytes(const struct test_object *object, const char *name)
{
	return object->bytes + object_section(object, name)->sh_offset;
}

Elf64_Shdr *object_symbol_table(const struct test_object *object)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		if (object_section_at(object, i)->sh_type == SHT_SYMTAB)
			return object_section_at(object, i);
	}
	ck_abort_msg("no symbol table");
}

size_t object_nr_symbols(const struct test_object *object)
{
	return object_symbol_table(object)->sh_size / sizeof(Elf64_Sym);
}

Elf64_Sym *object_symbol_at(const struct test_object *object, size_t index)
{
	if (index >= object_nr_symbols(object))
		ck_abort_msg("no symbol %zu", index);
	return (Elf64_Sym *)(void *)(object->bytes + object_symbol_table(object)->sh_offset) +
	       index;
}

const char *object_symbol_name(const struct test_object *object, const Elf64_Sym *symbol)
{
	size_t strings = object_symbol_table(object)->sh_link;

	return (const char *)object->bytes + object_section_at(object, strings)->sh_offset +
	       symbol->st_name;
}

Elf64_Sym *object_find_symbol(const struct test_object *object, const char *name)
{
	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		Elf64_Sym *symbol = object_symbol_at(object, i);

		if (strcmp(object_symbol_name(object, symbol), name) == 0)
			return symbol;
	}
	return NULL;
}

Elf64_Sym *object_symbol(const struct test_object *object, const char *name)
{
	Elf64_Sym *symbol = object_find_symbol(object, name);

	if (!symbol)
		ck_abort_msg("no symbol %s", name);
	return symbol;
}

size_t object_symbol_index(const struct test_object *object, const char *name)
{
	return (size_t)(object_symbol(object, name) - object_symbol_at(object, 0));
}

size_t object_section_symbol(const struct test_object *object, const char *section)
{
	size_t index = object_section_index(object, section);

	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		const Elf64_Sym *symbol = object_symbol_at(object, i);

		if (ELF64_ST_TYPE(symbol->st_info) == STT_SECTION && symbol->st_shndx == index)
			return i;
	}
	ck_abort_msg("no symbol for section %s", section);
}

uint32_t *object_map_word(const struct test_object *object, const char *map, size_t word)
{
	const Elf64_Sym *symbol = object_symbol(object, map);

	return (uint32_t *)(void *)(object->bytes +
				    object_section_at(object, symbol->st_shndx)->sh_offset +
				    symbol->st_value) +
	       word;
}

Elf64_Rel *object_relocation(const struct test_object *object, const char *section, size_t i)
{
	const Elf64_Shdr *header = object_section(object, section);

	ck_assert_uint_eq(header->sh_type, SHT_REL);
	ck_assert_uint_lt(i, header->sh_size / sizeof(Elf64_Rel));
	return (Elf64_Rel *)(void *)(object->bytes + header->sh_offset) + i;
}

/* --- changing what takes room -------------------------------------------------------------- */

/* Append zeros to the file, aligned; returns their offset. */
static size_t append_room(struct test_object *object, size_t size)
{
	size_t offset = (object->size + 7) / 8 * 8;

	object->bytes = realloc(object->bytes, offset + size);
	ck_assert_ptr_nonnull(object->bytes);
	memset(object->bytes + object->size, 0, offset + size - object->size);
	object->size = offset + size;
	return offset;
}

/* The section's bytes move to the end of the file; their old place is nobody's. */
static void resize(struct test_object *object, size_t index, size_t size)
{
	size_t offset = append_room(object, size);
	Elf64_Shdr *header = object_section_at(object, index);

	memcpy(object->bytes + offset, object->bytes + header->sh_offset,
	       header->sh_size < size ? header->sh_size : size);
	header->sh_offset = offset;
	header->sh_size = size;
}

static uint32_t add_string(struct test_object *object, size_t strings, const char *text)
{
	size_t old_size = object_section_at(object, strings)->sh_size;

	resize(object, strings, old_size + strlen(text) + 1);
	strcpy((char *)object->bytes + object_section_at(object, strings)->sh_offset + old_size,
	       text);
	return (uint32_t)old_size;
}

void object_rename_section(struct test_object *object, const char *name, const char *new_name)
{
	size_t index = object_section_index(object, name);
	uint32_t string = add_string(object, object_header(object)->e_shstrndx, new_name);

	object_section_at(object, index)->sh_name = string;
}

void object_rename_symbol(struct test_object *object, const char *name, const char *new_name)
{
	size_t index = object_symbol_index(object, name);
	uint32_t string = add_string(object, object_symbol_table(object)->sh_link, new_name);

	object_symbol_at(object, index)->st_name = string;
}

void object_resize_section(struct test_object *object, const char *name, size_t size)
{
	resize(object, object_section_index(object, name), size);
}

size_t object_add_symbol(struct test_object *object, const char *name, Elf64_Sym symbol)
{
	size_t count = object_nr_symbols(object);
	size_t table = (size_t)(object_symbol_table(object) - object_section_at(object, 0));

	symbol.st_name = add_string(object, object_symbol_table(object)->sh_link, name);
	resize(object, table, (count + 1) * sizeof(symbol));
	*object_symbol_at(object, count) = symbol;
	return count;
}

size_t object_add_section(struct test_object *object, const char *name, uint32_t type,
			  const void *bytes, size_t size)
{
	size_t count = object_header(object)->e_shnum;
	size_t offset = append_room(object, size);
	size_t table = append_room(object, (count + 1) * sizeof(Elf64_Shdr));
	uint32_t string;

	if (size)
		memcpy(object->bytes + offset, bytes, size);
	memcpy(object->bytes + table, object_section_at(object, 0), count * sizeof(Elf64_Shdr));
	object_header(object)->e_shoff = table;
	object_header(object)->e_shnum = (Elf64_Half)(count + 1);
	*object_section_at(object, count) = (Elf64_Shdr){
		.sh_type = type, .sh_offset = offset, .sh_size = size, .sh_addralign = 1
	};
	string = add_string(object, object_header(object)->e_shstrndx, name);
	object_section_at(object, count)->sh_name = string;
	return count;
}

/* The size of each definition in section maps. */
static size_t entry_size(const struct test_object *object)
{
	size_t maps = object_section_index(object, "maps"), count = 0;

	for (size_t i = 1; i < object_nr_symbols(object); i++) {
		const Elf64_Sym *symbol = object_symbol_at(object, i);

		count += symbol->st_shndx == maps && ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT;
	}
	return object_section_at(object, maps)->sh_size / count;
}

void object_multiply_map(struct test_object *object, const char *map, size_t count)
{
	size_t table = (size_t)(object_symbol_table(object) - object_section_at(object, 0));
	size_t strings = object_symbol_table(object)->sh_link, entry = entry_size(object);
	size_t nr_symbols = object_nr_symbols(object), name = strlen(map) + 8;
	size_t maps_size = object_section(object, "maps")->sh_size;
	size_t strings_size = object_section_at(object, strings)->sh_size;
	Elf64_Sym symbol = *object_symbol(object, map);

	resize(object, object_section_index(object, "maps"), maps_size + count * entry);
	resize(object, strings, strings_size + count * name);
	resize(object, table, (nr_symbols + count) * sizeof(symbol));
	for (size_t i = 0; i < count; i++) {
		uint8_t *maps = object_section_bytes(object, "maps");
		Elf64_Sym *copy = object_symbol_at(object, nr_symbols + i);

		memcpy(maps + maps_size + i * entry, maps + symbol.st_value, entry);
		*copy = symbol;
		copy->st_value = maps_size + i * entry;
		copy->st_name = (uint32_t)(strings_size + i * name);
		snprintf((char *)object_symbol_name(object, copy), name, "%.*s%zu", (int)(name - 8),
			 map, i);
	}
}
