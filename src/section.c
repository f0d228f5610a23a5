/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ids.h"
#include "log.h"
#include "section.h"

struct elfmap_section section_of_size(const struct entries *all, size_t first)
{
	size_t end = first;

	while (end < all->count && all->entries[end].size == all->entries[first].size &&
	       all->entries[end].callers == all->entries[first].callers)
		end++;
	return (struct elfmap_section){ all, &all->entries[first], end - first };
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

	for (size_t i = 0; i < 2; i++)
		if (all->known[i].fields == fields && all->known[i].count == count)
			return &all->known[i];
	known = &all->known[all->next_known++ % 2];
	*known = (struct known_fields){ .fields = fields, .count = count };
	for (size_t i = 0; i < count; i++) {
		const struct member *member = members_find(fields[i].name);
		size_t end = (size_t)fields[i].offset + fields[i].size;

		if (!member || fields[i].kind != ELFMAP_FIELD_NUMBER)
			continue;
		known->known[known->nr_known++] = (struct known_field){ &fields[i], member };
		known->end = end > known->end ? end : known->end;
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

int members_read(const struct elfmap_entry *entry, const struct elfmap_field *fields, size_t count,
		 struct elfmap_map_def *def)
{
	const struct known_fields *known = know_fields(entry->all, fields, count);
	const struct elf_view *view = view_of(entry);
	size_t size;
	const uint8_t *data = elfmap_entry__data(entry, &size);

	if (known->end > size)
		return -ERANGE;
	for (size_t i = 0; i < known->nr_known; i++) {
		const struct elfmap_field *field = known->known[i].field;
		uint64_t value;

		/* nearly all are words */
		if (field->size == sizeof(uint32_t))
			value = read_u32(view, data + field->offset);
		else if (read_uint(view, data + field->offset, field->size, &value))
			return -EINVAL;
		members_set(def, known->known[i].member, (__u32)value);
	}
	return 0;
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
	CLEANUP(cleanup_free) char *text = NULL;
	va_list args;

	va_start(args, reason);
	if (vasprintf(&text, reason, args) < 0)
		text = NULL;
	va_end(args);
	entry->all->was_told = true;
	log_error("%s: section %s: map \"%s\": %s", view_of(entry)->name,
		  elfmap_entry__section(entry), entry->name, text ? text : "refused");
}
