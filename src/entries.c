/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "entries.h"
#include "entry_sizes.h"
#include "ids.h"
#include "iproute2.h"
#include "sort.h"
#include "zeroed.h"

#define NAMED_PREFIX "maps/"

bool entries_is_named(const char *section)
{
	return !strncmp(section, NAMED_PREFIX, strlen(NAMED_PREFIX));
}

/* That name, as one format of the caller has it; NULL where none does. */
static const char *find_callers(const struct elfmap_object *object, const char *section)
{
	for (size_t i = 0; i < object->nr_formats; i++)
		if (object->formats[i].section && !strcmp(object->formats[i].section, section))
			return object->formats[i].section;
	return NULL;
}

bool entries_is_callers(const struct elfmap_object *object, const char *section)
{
	return find_callers(object, section);
}

bool entries_is_legacy(const struct elfmap_object *object, const char *section)
{
	if (*section == *NAMED_PREFIX && (!strcmp(section, "maps") || entries_is_named(section)))
		return true;
	return object->nr_formats && entries_is_callers(object, section);
}

bool entries_are_relocated(const struct elfmap_object *object, size_t index)
{
	const struct elf_view *view = &object->view;
	const Elf64_Shdr *header = &view->sections[index].header;

	return (header->sh_type == SHT_REL || header->sh_type == SHT_RELA) &&
	       view->sections[header->sh_info].header.sh_type == SHT_PROGBITS &&
	       entries_is_legacy(object, view->sections[header->sh_info].name);
}

/* --- which symbols ------------------------------------------------------------------------------ */

/* The sections that hold definitions, by index. */
static bool *find_sections(const struct elfmap_object *object)
{
	const struct elf_view *view = &object->view;
	bool *is_legacy = zeroed(view->nr_sections, sizeof(*is_legacy));

	for (size_t i = 1; is_legacy && i < view->nr_sections; i++)
		is_legacy[i] = view->sections[i].header.sh_type == SHT_PROGBITS &&
			       view->sections[i].header.sh_size &&
			       entries_is_legacy(object, view->sections[i].name);
	return is_legacy;
}

/* Iproute2 and libbpf count the same: named data, whatever its type says. */
static bool is_entry(const struct elf_view *view, const Elf64_Sym *symbol, const bool *is_legacy)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx < view->nr_sections && is_legacy[symbol->st_shndx] &&
	       (type == STT_NOTYPE || type == STT_OBJECT);
}

static int compare_places(const void *a, const void *b)
{
	const struct elfmap_entry *left = a, *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->symbol < right->symbol ? -1 : left->symbol > right->symbol;
}

/*
 * All entries, each where its offset says if definitions of one size are stride bytes apart, or one
 * behind the other if stride is 0. False where two are to stand in one place.
 */
static bool fill_in(struct entries *entries, const bool *is_legacy, size_t stride)
{
	const struct elf_view *view = &entries->object->view;
	size_t next = 0;

	for (size_t i = 0; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];
		size_t place = stride ? symbol->st_value / stride : next;
		struct elfmap_entry *entry;

		if (!is_entry(view, symbol, is_legacy))
			continue;
		if (place >= entries->count || entries->entries[place].all)
			return false;
		entry = &entries->entries[place];
		entry->all = entries;
		entry->name = read_symbol_name(view, symbol);
		entry->section = symbol->st_shndx;
		entry->symbol = (uint32_t)i;
		entry->offset = symbol->st_value;
		entry->callers =
			find_callers(entries->object, view->sections[symbol->st_shndx].name);
		next++;
	}
	return true;
}

/* Compilers list first what is used first, in one section mostly. */
static int collect(struct entries *entries, const bool *is_legacy)
{
	const struct elf_view *view = &entries->object->view;
	size_t section = 0, stride;
	bool is_one_section = true;

	for (size_t i = 0; i < view->nr_symbols; i++) {
		if (!is_entry(view, &view->symbols[i], is_legacy))
			continue;
		is_one_section = is_one_section &&
				 (!entries->count || section == view->symbols[i].st_shndx);
		section = view->symbols[i].st_shndx;
		entries->count++;
	}
	entries->entries = zeroed(entries->count + 1, sizeof(*entries->entries));
	if (!entries->entries)
		return -ENOMEM;
	stride = entries->count && is_one_section ?
			 view->sections[section].header.sh_size / entries->count :
			 0;
	if (!fill_in(entries, is_legacy, stride)) {
		memset(entries->entries, 0, entries->count * sizeof(*entries->entries));
		fill_in(entries, is_legacy, 0);
	}
	sort(entries->entries, entries->count, sizeof(*entries->entries), compare_places);
	return 0;
}

/* --- their types -------------------------------------------------------------------------------- */

uint32_t entries_struct_id(const struct btf *btf, uint32_t id)
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

static int compare_names(const void *a, const void *b)
{
	const struct elfmap_entry *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);

	return order ? order : compare_places(*left, *right);
}

/* Variables of other sections may have a map's name: those inside functions. */
static bool *find_elsewhere(const struct elfmap_object *object)
{
	const struct btf *btf = object->btf;
	uint32_t count = btf__type_cnt(btf);
	bool *elsewhere = zeroed(count, sizeof(*elsewhere));

	for (uint32_t id = object->first_datasec; elsewhere && id < count; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const struct btf_var_secinfo *infos = btf_var_secinfos(type);
		const char *name;

		if (!btf_is_datasec(type))
			continue;
		name = btf__name_by_offset(btf, type->name_off);
		if (!name || entries_is_legacy(object, name))
			continue;
		for (uint32_t i = 0; i < btf_vlen(type); i++)
			elsewhere[infos[i].type] = true;
	}
	return elsewhere;
}

/* The first entry of that name without a variable: static ones of one name follow in order. */
static struct elfmap_entry *find_untyped(struct elfmap_entry *const *by_name, size_t count,
					 const char *name)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(by_name[middle]->name, name);

		if (order < 0 || (order == 0 && by_name[middle]->btf_var))
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && !strcmp(by_name[low]->name, name) ? by_name[low] : NULL;
}

/* By name, for find_untyped(). */
static struct elfmap_entry **sort_names(const struct entries *entries)
{
	struct elfmap_entry **by_name = zeroed(entries->count + 1, sizeof(*by_name));

	for (size_t i = 0; by_name && i < entries->count; i++)
		by_name[i] = &entries->entries[i];
	if (by_name)
		sort(by_name, entries->count, sizeof(*by_name), compare_names);
	return by_name;
}

/*
 * Give each entry the VAR of its name: one pass over the types. Compilers write variables in the order
 * of their definitions, so that the first entry without one is the one; others are looked for.
 */
static int match_variables(struct entries *entries)
{
	const struct btf *btf = entries->object->btf;
	uint32_t count = btf__type_cnt(btf);
	struct elfmap_entry *next = entries->entries, *end = next + entries->count;
	uint32_t last = 0, last_struct = 0; /* of the variable before: mostly they have one type */
	CLEANUP(cleanup_free) struct elfmap_entry **by_name = NULL;
	CLEANUP(cleanup_free) bool *elsewhere = find_elsewhere(entries->object);

	if (!elsewhere)
		return -ENOMEM;
	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		struct elfmap_entry *found = next;
		const char *name;

		if (!btf_is_var(type) || elsewhere[id])
			continue;
		name = btf__name_by_offset(btf, type->name_off);
		if (!name)
			continue;
		if (found == end || strcmp(found->name, name) != 0) {
			if (!by_name)
				by_name = sort_names(entries);
			if (!by_name)
				return -ENOMEM;
			found = find_untyped(by_name, entries->count, name);
		}
		if (!found)
			continue;
		found->btf_var = id;
		if (type->type != last) {
			last = type->type;
			last_struct = entries_struct_id(btf, last);
		}
		found->btf_id = last_struct;
		while (next < end && next->btf_var)
			next++;
	}
	return 0;
}

/* --- what they refer to, and what refers to them ------------------------------------------------- */

static int compare_pointers(const void *a, const void *b)
{
	const struct entry_pointer *left = a, *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	if (left->relocation.offset != right->relocation.offset)
		return left->relocation.offset < right->relocation.offset ? -1 : 1;
	return 0;
}

static int add_pointers(struct entries *entries, size_t index)
{
	const struct elf_section *section = &entries->object->view.sections[index];
	size_t count = section->nr_relocations;
	struct entry_pointer *grown =
		reallocarray(entries->pointers, entries->nr_pointers + count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	entries->pointers = grown;
	for (size_t i = 0; i < count; i++)
		grown[entries->nr_pointers++] = (struct entry_pointer){
			.section = section->header.sh_info,
			.has_addend = section->header.sh_type == SHT_RELA,
			.relocation = section->relocations[i],
		};
	return 0;
}

static int collect_pointers(struct entries *entries, const bool *is_legacy)
{
	const struct elf_view *view = &entries->object->view;

	for (size_t i = 1; i < view->nr_sections; i++) {
		const struct elf_section *section = &view->sections[i];
		int err;

		if (!section->nr_relocations || !is_legacy[section->header.sh_info])
			continue;
		err = add_pointers(entries, i);
		if (err)
			return err;
	}
	if (entries->nr_pointers)
		sort(entries->pointers, entries->nr_pointers, sizeof(*entries->pointers),
		     compare_pointers);
	return 0;
}

static int collect_tail_call_ids(struct entries *entries)
{
	const struct elf_view *view = &entries->object->view;

	for (size_t i = 1; i < view->nr_sections; i++) {
		uint32_t id, key;

		if (!read_is_code(view, i) ||
		    !iproute2_parse_tail_call(view->sections[i].name, &id, &key))
			continue;
		if (!entries->tail_call_ids)
			entries->tail_call_ids = malloc(view->nr_sections * sizeof(id));
		if (!entries->tail_call_ids)
			return -ENOMEM;
		entries->tail_call_ids[entries->nr_tail_call_ids++] = id;
	}
	if (entries->nr_tail_call_ids)
		sort(entries->tail_call_ids, entries->nr_tail_call_ids,
		     sizeof(*entries->tail_call_ids), id_compare);
	return 0;
}

/* --- all of it ----------------------------------------------------------------------------------- */

/* The common sections first. */
static int compare_callers(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_sizes(const void *a, const void *b)
{
	const struct elfmap_entry *left = a, *right = b;

	if (left->callers != right->callers)
		return compare_callers(left->callers, right->callers);
	if (left->size != right->size)
		return left->size < right->size ? -1 : 1;
	return compare_places(a, b);
}

static int compare_pointed_places(const void *a, const void *b)
{
	return compare_places(*(struct elfmap_entry *const *)a, *(struct elfmap_entry *const *)b);
}

static int index_places(struct entries *entries)
{
	entries->by_place = zeroed(entries->count + 1, sizeof(*entries->by_place));
	if (!entries->by_place)
		return -ENOMEM;
	for (size_t i = 0; i < entries->count; i++)
		entries->by_place[i] = &entries->entries[i];
	sort(entries->by_place, entries->count, sizeof(*entries->by_place), compare_pointed_places);
	return 0;
}

const struct elfmap_entry *entries_find(const struct entries *entries, size_t section,
					uint64_t offset)
{
	size_t low = 0, high = entries->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elfmap_entry *entry = entries->by_place[middle];

		if (entry->section == section && entry->offset == offset)
			return entry;
		if (entry->section < section ||
		    (entry->section == section && entry->offset < offset))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int entries_read(struct elfmap_object *object, struct entries *out)
{
	CLEANUP(cleanup_free) bool *is_legacy = find_sections(object);
	int err = is_legacy ? 0 : -ENOMEM;

	*out = (struct entries){ .object = object };
	if (!err)
		err = collect(out, is_legacy);
	if (!err && object->has_btf)
		err = match_variables(out);
	if (!err)
		err = entry_sizes_measure(out, is_legacy);
	if (!err)
		err = collect_pointers(out, is_legacy);
	if (!err)
		err = collect_tail_call_ids(out);
	if (err) {
		entries_release(out);
		return err;
	}
	sort(out->entries, out->count, sizeof(*out->entries), compare_sizes);
	/* only pointers are followed to places */
	err = out->nr_pointers ? index_places(out) : 0;
	if (err)
		entries_release(out);
	return err;
}

void entries_release(struct entries *entries)
{
	free(entries->entries);
	free(entries->by_place);
	free(entries->pointers);
	free(entries->tail_call_ids);
	*entries = (struct entries){ 0 };
}
