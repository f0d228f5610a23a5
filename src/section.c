/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "iproute2.h"
#include "log.h"
#include "section.h"

bool section_is_legacy(const char *name)
{
	return !strcmp(name, "maps");
}

/* Iproute2 and libbpf count the same: named data, whatever its type says. */
static bool is_entry_symbol(const Elf64_Sym *symbol, size_t section)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx == section && (type == STT_NOTYPE || type == STT_OBJECT);
}

static int compare_entries(const void *a, const void *b)
{
	const struct elfmap_entry *left = a, *right = b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->symbol < right->symbol ? -1 : left->symbol > right->symbol;
}

static int collect_entries(struct elfmap_section *section)
{
	const struct elf_view *view = section->view;
	size_t count = 0;

	for (size_t i = 0; i < view->nr_symbols; i++)
		count += is_entry_symbol(&view->symbols[i], section->index);
	section->entries = calloc(count ? count : 1, sizeof(*section->entries));
	if (!section->entries)
		return -ENOMEM;
	for (size_t i = 0; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];

		if (!is_entry_symbol(symbol, section->index))
			continue;
		section->entries[section->nr_entries++] = (struct elfmap_entry){
			.section = section,
			.name = read_symbol_name(view, symbol),
			.symbol = i,
			.offset = symbol->st_value,
		};
	}
	qsort(section->entries, count, sizeof(*section->entries), compare_entries);
	return 0;
}

/* One entry stands where the stride says, and its symbol's size, where it has one, agrees. */
static int check_entry(const struct elfmap_section *section, size_t i)
{
	const struct elf_view *view = section->view;
	const struct elfmap_entry *entry = &section->entries[i];
	uint64_t size = view->symbols[entry->symbol].st_size;
	const char *name = view->sections[section->index].name;

	if (entry->offset != i * section->entry_size) {
		if (i && entry->offset == section->entries[i - 1].offset)
			log_error(
				"%s: section %s: maps \"%s\" and \"%s\" overlap: both at offset %zu",
				view->name, name, section->entries[i - 1].name, entry->name,
				entry->offset);
		else
			log_error("%s: section %s: map \"%s\" at offset %zu: expected %zu, %zu "
				  "maps of %zu bytes each",
				  view->name, name, entry->name, entry->offset,
				  i * section->entry_size, section->nr_entries,
				  section->entry_size);
		return -EINVAL;
	}
	if (size && size != section->entry_size) {
		log_error("%s: section %s: map \"%s\": symbol size %llu: expected %zu, as %zu maps "
			  "share the section's %llu bytes",
			  view->name, name, entry->name, (unsigned long long)size,
			  section->entry_size, section->nr_entries,
			  (unsigned long long)view->sections[section->index].header.sh_size);
		return -EINVAL;
	}
	return 0;
}

static int measure_entries(struct elfmap_section *section)
{
	const struct elf_view *view = section->view;
	const struct elf_section *elf = &view->sections[section->index];
	uint64_t size = elf->header.sh_size;

	if (!section->nr_entries) {
		log_error("%s: section %s: %llu bytes and no map symbol in it (stripped?)",
			  view->name, elf->name, (unsigned long long)size);
		return -EINVAL;
	}
	if (size % section->nr_entries) {
		log_error("%s: section %s: %llu bytes do not divide by its %zu map symbols (%s, "
			  "...): expected definitions of one size",
			  view->name, elf->name, (unsigned long long)size, section->nr_entries,
			  section->entries[0].name);
		return -EINVAL;
	}
	section->entry_size = size / section->nr_entries;
	for (size_t i = 0; i < section->nr_entries; i++) {
		int err = check_entry(section, i);

		if (err)
			return err;
	}
	return 0;
}

uint32_t section_struct_id(const struct btf *btf, uint32_t id)
{
	/* a chain longer than there are types is a loop */
	for (uint32_t steps = btf__type_cnt(btf); steps; steps--) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (!type)
			return 0;
		if (btf_is_struct(type))
			return id;
		if (!btf_is_mod(type) && !btf_is_typedef(type))
			return 0;
		id = type->type;
	}
	return 0;
}

static int compare_entry_names(const void *a, const void *b)
{
	const struct elfmap_entry *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* Give each entry the VAR of its name: one pass over the types, one sorted list of names. */
static int match_variables(struct elfmap_section *section)
{
	const struct btf *btf = section->btf;
	uint32_t count = btf__type_cnt(btf);
	struct elfmap_entry **by_name;

	by_name = calloc(section->nr_entries, sizeof(*by_name));
	if (!by_name)
		return -ENOMEM;
	for (size_t i = 0; i < section->nr_entries; i++)
		by_name[i] = &section->entries[i];
	qsort(by_name, section->nr_entries, sizeof(*by_name), compare_entry_names);

	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		struct elfmap_entry key = { 0 }, *wanted = &key, **found;

		if (!btf_is_var(type))
			continue;
		key.name = btf__name_by_offset(btf, type->name_off);
		found = key.name ? bsearch(&wanted, by_name, section->nr_entries, sizeof(*by_name),
					   compare_entry_names) :
				   NULL;
		if (!found || (*found)->btf_var)
			continue;
		(*found)->btf_var = id;
		(*found)->btf_id = section_struct_id(btf, type->type);
	}
	free(by_name);
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static int collect_tail_call_ids(struct elfmap_section *section)
{
	const struct elf_view *view = section->view;

	section->tail_call_ids = calloc(view->nr_sections, sizeof(*section->tail_call_ids));
	if (!section->tail_call_ids)
		return -ENOMEM;
	for (size_t i = 1; i < view->nr_sections; i++) {
		uint32_t key;

		if (read_is_code(view, i) &&
		    iproute2_parse_tail_call(view->sections[i].name,
					     &section->tail_call_ids[section->nr_tail_call_ids],
					     &key))
			section->nr_tail_call_ids++;
	}
	if (section->nr_tail_call_ids)
		qsort(section->tail_call_ids, section->nr_tail_call_ids,
		      sizeof(*section->tail_call_ids), compare_ids);
	return 0;
}

int section_read(const struct elf_view *view, const struct btf *btf, size_t index,
		 struct elfmap_section *out)
{
	struct elfmap_section *section = out;
	int err;

	*section = (struct elfmap_section){ .view = view, .btf = btf, .index = index };
	err = collect_entries(section);
	if (!err)
		err = measure_entries(section);
	if (!err)
		err = collect_tail_call_ids(section);
	if (!err && btf)
		err = match_variables(section);
	if (err)
		section_release(section);
	return err;
}

void section_release(struct elfmap_section *section)
{
	free(section->entries);
	free(section->tail_call_ids);
	*section = (struct elfmap_section){ 0 };
}

/* --- the public view ---------------------------------------------------------------------- */

const char *elfmap_section__name(const struct elfmap_section *section)
{
	return section->view->sections[section->index].name;
}

size_t elfmap_section__nr_entries(const struct elfmap_section *section)
{
	return section->nr_entries;
}

size_t elfmap_section__entry_size(const struct elfmap_section *section)
{
	return section->entry_size;
}

const struct elfmap_entry *elfmap_section__entry(const struct elfmap_section *section, size_t i)
{
	return &section->entries[i];
}

bool elfmap_section__has_tail_call_id(const struct elfmap_section *section, __u32 id)
{
	return section->nr_tail_call_ids &&
	       bsearch(&id, section->tail_call_ids, section->nr_tail_call_ids, sizeof(id),
		       compare_ids);
}

const char *elfmap_entry__name(const struct elfmap_entry *entry)
{
	return entry->name;
}

const void *elfmap_entry__data(const struct elfmap_entry *entry, size_t *size)
{
	const struct elfmap_section *section = entry->section;

	*size = section->entry_size;
	return section->view->sections[section->index].data + entry->offset;
}

int elfmap_entry__u32(const struct elfmap_entry *entry, size_t offset, __u32 *value)
{
	size_t size;
	const uint8_t *data = elfmap_entry__data(entry, &size);

	if (offset > size || size - offset < sizeof(*value))
		return -ERANGE;
	*value = read_u32(entry->section->view, data + offset);
	return 0;
}

const struct btf *elfmap_entry__btf(const struct elfmap_entry *entry)
{
	return entry->section->btf;
}

__u32 elfmap_entry__btf_id(const struct elfmap_entry *entry)
{
	return entry->btf_id;
}
