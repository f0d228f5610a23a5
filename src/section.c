/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ids.h"
#include "layout.h"
#include "messages.h"
#include "section.h"

struct elfmap_section section_of_size(const struct entries *all, size_t first)
{
	const struct elfmap_entry *entry = &all->entries[first];
	size_t nr = 0, nr_alike = 0;

	for (; first + nr < all->count && entry[nr].size == entry->size &&
	       entry[nr].callers == entry->callers;
	     nr++)
		nr_alike += nr_alike == nr && entry[nr].btf_id == entry->btf_id;
	return (struct elfmap_section){ all, entry, nr, nr_alike };
}

size_t members_nr_alike(const struct elfmap_section *section)
{
	return section->nr_alike;
}

static const struct elf_view *view_of(const struct elfmap_entry *entry)
{
	return &entry->all->object->view;
}

/* --- sections ------------------------------------------------------------------------------------ */

const char *elfmap_section__name(const struct elfmap_section *section)
{
	return elfmap_entry__section(section->entries);
}

size_t elfmap_section__nr_entries(const struct elfmap_section *section)
{
	return section->nr_entries;
}

size_t elfmap_section__entry_size(const struct elfmap_section *section)
{
	return section->entries->size;
}

const struct elfmap_entry *elfmap_section__entry(const struct elfmap_section *section, size_t i)
{
	return &section->entries[i];
}

bool elfmap_section__has_tail_call_id(const struct elfmap_section *section, __u32 id)
{
	const struct entries *all = section->all;

	return all->nr_tail_call_ids &&
	       bsearch(&id, all->tail_call_ids, all->nr_tail_call_ids, sizeof(id), id_compare);
}

const void *elfmap_section__find(const struct elfmap_section *section, const char *name,
				 size_t *size)
{
	const struct elf_view *view = &section->all->object->view;
	size_t index = read_find_section(view, name);

	if (!index || !view->sections[index].data)
		return NULL;
	*size = view->sections[index].header.sh_size;
	return view->sections[index].data;
}

bool elfmap_section__is_big_endian(const struct elfmap_section *section)
{
	return read_is_big_endian(&section->all->object->view);
}

/* --- entries ------------------------------------------------------------------------------------- */

const char *elfmap_entry__name(const struct elfmap_entry *entry)
{
	return entry->name;
}

const char *elfmap_entry__section(const struct elfmap_entry *entry)
{
	return view_of(entry)->sections[entry->section].name;
}

size_t elfmap_entry__offset(const struct elfmap_entry *entry)
{
	return entry->offset;
}

const void *elfmap_entry__data(const struct elfmap_entry *entry, size_t *size)
{
	*size = entry->size;
	return view_of(entry)->sections[entry->section].data + entry->offset;
}

int elfmap_entry__u32(const struct elfmap_entry *entry, size_t offset, __u32 *value)
{
	size_t size;
	const uint8_t *data = elfmap_entry__data(entry, &size);

	if (offset > size || size - offset < sizeof(*value))
		return -ERANGE;
	*value = read_u32(view_of(entry), data + offset);
	return 0;
}

int elfmap_entry__number(const struct elfmap_entry *entry, size_t offset, size_t size, __u64 *value)
{
	size_t entry_size;
	const uint8_t *data = elfmap_entry__data(entry, &entry_size);
	uint64_t number;
	int err;

	if (offset > entry_size || entry_size - offset < size)
		return -ERANGE;
	err = read_uint(view_of(entry), data + offset, size, &number);
	if (!err)
		*value = number;
	return err;
}

const struct btf *elfmap_entry__btf(const struct elfmap_entry *entry)
{
	return entry->all->object->has_btf ? entry->all->object->btf : NULL;
}

__u32 elfmap_entry__btf_id(const struct elfmap_entry *entry)
{
	return entry->btf_id;
}

/* Those of one layout, found once for all entries. */
static const struct known_fields *know_fields(struct entries *all,
					      const struct elfmap_field *fields, size_t count)
{
	struct known_fields *known;

	for (size_t i = 0; i < 2; i++) {
		known = &all->known[i];
		if (known->fields != fields || known->count != count)
			continue;
		all->last_known = i;
		return known;
	}
	/* the one that was asked for before may be in use */
	all->last_known = !all->last_known;
	known = &all->known[all->last_known];
	known->fields = fields;
	known->count = count;
	known->nr_known = known->end = known->has = 0;
	known->are_words = true;
	for (size_t i = 0; i < count; i++) {
		const struct member *member = members_find(fields[i].name);
		size_t end = (size_t)fields[i].offset + fields[i].size;

		if (!member || fields[i].kind != ELFMAP_FIELD_NUMBER)
			continue;
		known->known[known->nr_known++] = (struct known_field){ fields[i].offset,
									fields[i].size,
									(uint32_t)member->offset };
		known->end = end > known->end ? end : known->end;
		known->has |= member->has;
		known->are_words &= fields[i].size == sizeof(uint32_t);
	}
	return known;
}

bool section_has_other_fields(const struct elfmap_section *section,
			      const struct elfmap_format *format)
{
	size_t count = format->nr_fields;

	/* a caller's may have any number */
	return count > MEMBERS_MAX ||
	       know_fields(section->entries->all, format->fields, count)->nr_known < count;
}

/* One that is no word, or not in the host's byte order. */
static int read_field(const struct elf_view *view, const struct known_field *field,
		      const uint8_t *data, struct elfmap_map_def *def)
{
	uint64_t value;
	uint32_t word;

	if (read_uint(view, data + field->from, field->size, &value))
		return -EINVAL;
	word = (uint32_t)value;
	memcpy((uint8_t *)def + field->to, &word, sizeof(word));
	return 0;
}

int members_read(const struct elfmap_entry *entry, const struct elfmap_field *fields, size_t count,
		 struct elfmap_map_def *def)
{
	const struct known_fields *known = know_fields(entry->all, fields, count);
	const struct known_field *field = known->known, *end = field + known->nr_known;
	const struct elf_view *view = view_of(entry);
	const uint8_t *data = view->sections[entry->section].data + entry->offset;
	int err = 0;

	if (known->end > entry->size)
		return -ERANGE;
	def->has |= known->has;
	/* nearly all */
	if (known->are_words && !view->swapped)
		for (; field < end; field++)
			memcpy((uint8_t *)def + field->to, data + field->from, sizeof(uint32_t));
	for (; !err && field < end; field++)
		err = read_field(view, field, data, def);
	return err;
}

static bool is_zero(const uint8_t *data, const struct known_field *field)
{
	uint32_t word;

	data += field->from;
	if (field->size != sizeof(word))
		return layout_is_zero(data, field->size);
	memcpy(&word, data, sizeof(word));
	return !word;
}

static bool is_same_field(const struct known_field *a, const struct known_field *b)
{
	return a->from == b->from && a->to == b->to && a->size == b->size;
}

bool members_read_same(const struct elfmap_entry *entry, const struct elfmap_field *a, size_t nr_a,
		       const struct elfmap_field *b, size_t nr_b)
{
	const struct known_fields *left = know_fields(entry->all, a, nr_a);
	const struct known_fields *right = know_fields(entry->all, b, nr_b);
	const struct known_field *i = left->known, *i_end = i + left->nr_known;
	const struct known_field *j = right->known, *j_end = j + right->nr_known;
	const uint8_t *data = view_of(entry)->sections[entry->section].data + entry->offset;

	if (left->end > entry->size || right->end > entry->size)
		return false;
	/* mostly they begin with the same ones */
	for (; i < i_end && j < j_end && is_same_field(i, j); i++)
		j++;
	for (; i < i_end; i++)
		if (!is_zero(data, i))
			return false;
	for (; j < j_end; j++)
		if (!is_zero(data, j))
			return false;
	return true;
}

/* --- pointers ------------------------------------------------------------------------------------ */

struct place {
	size_t section;
	size_t offset;
};

static int compare_pointer(const void *key, const void *element)
{
	const struct entry_pointer *pointer = element;
	const struct place *place = key;

	if (place->section != pointer->section)
		return place->section < pointer->section ? -1 : 1;
	if (place->offset != pointer->relocation.offset)
		return place->offset < pointer->relocation.offset ? -1 : 1;
	return 0;
}

static const struct entry_pointer *find_pointer(const struct elfmap_entry *entry, size_t offset)
{
	const struct place place = { entry->section, offset };
	const struct entries *all = entry->all;

	if (!all->nr_pointers)
		return NULL;
	return bsearch(&place, all->pointers, all->nr_pointers, sizeof(*all->pointers),
		       compare_pointer);
}

int elfmap_entry__pointer(const struct elfmap_entry *entry, size_t offset,
			  struct elfmap_target *target)
{
	const struct elf_view *view = view_of(entry);
	const struct entry_pointer *pointer = find_pointer(entry, entry->offset + offset);
	const struct elfmap_entry *definition;
	const struct elf_section *section;
	const Elf64_Sym *symbol;
	uint64_t place;

	if (!pointer)
		return -ENOENT;
	if (entry->size < sizeof(uint64_t) || offset > entry->size - sizeof(uint64_t))
		return -EINVAL;
	symbol = &view->symbols[pointer->relocation.symbol];
	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= view->nr_sections)
		return -EINVAL;
	section = &view->sections[symbol->st_shndx];
	place = pointer->has_addend ? (uint64_t)pointer->relocation.addend :
				      read_u64(view, view->sections[entry->section].data +
							     entry->offset + offset);
	if (__builtin_add_overflow(place, symbol->st_value, &place) ||
	    place >= section->header.sh_size)
		return -EINVAL;
	definition = entries_find(entry->all, symbol->st_shndx, place);
	*target = (struct elfmap_target){
		.name = definition ? definition->name : read_symbol_name(view, symbol),
		.is_definition = definition,
		.section = section->name,
		.data = section->data ? section->data + place : NULL,
		.size = section->data ? section->header.sh_size - place : 0,
	};
	return 0;
}

/* --- for definitions ----------------------------------------------------------------------------- */

const char *elfmap_entry__keep(const struct elfmap_entry *entry, const char *text)
{
	return texts_keep(&entry->all->object->texts, text);
}

void elfmap_entry__refuse(const struct elfmap_entry *entry, const char *reason, ...)
{
	va_list args;

	va_start(args, reason);
	section_message(ELFMAP_LOG_ERROR, view_of(entry), entry->section, "map", entry->name,
			reason, args);
	va_end(args);
	entry->all->was_told = true;
}
