/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>

#include <bpf/btf.h>

#include "entry_sizes.h"
#include "messages.h"
#include "plausible.h"

/* Less than this is what a linker puts between the sections that it joins. */
#define PADDING_MAX 8u

/* The entries of one section. */
struct run {
	const struct elf_view *view;
	const struct elf_section *section;
	struct elfmap_entry *entries;
	size_t count;
};

static uint64_t symbol_size(const struct run *run, size_t i)
{
	return run->view->symbols[run->entries[i].symbol].st_size;
}

/* Old loaders divided the section by its symbols; symbols of old compilers have no size. */
static bool is_uniform(const struct run *run, uint64_t stride)
{
	if (run->section->header.sh_size % run->count)
		return false;
	for (size_t i = 0; i < run->count; i++)
		if (run->entries[i].offset != i * stride ||
		    (symbol_size(run, i) && symbol_size(run, i) != stride))
			return false;
	return true;
}

/* Up to the next entry or the section's end; 0 where that is no place to end. */
static uint64_t gap_after(const struct run *run, size_t i)
{
	uint64_t end = i + 1 < run->count ? run->entries[i + 1].offset :
					    run->section->header.sh_size;

	return end > run->entries[i].offset ? end - run->entries[i].offset : 0;
}

static bool is_padding(const struct run *run, uint64_t from, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++)
		if (run->section->data[from + i])
			return false;
	return size < PADDING_MAX || size < run->section->header.sh_addralign;
}

static uint32_t struct_size(const struct elfmap_entry *entry)
{
	return entry->btf_id ? btf__type_by_id(entry->all->object->btf, entry->btf_id)->size : 0;
}

/* What the symbol or BTF say, if that fits before the next entry; 0 where they say nothing. */
static uint64_t told_size(const struct run *run, size_t i)
{
	uint64_t told = symbol_size(run, i) ? symbol_size(run, i) : struct_size(&run->entries[i]);
	uint64_t gap = gap_after(run, i);

	return told && told <= gap && gap % sizeof(uint32_t) == 0 &&
			       is_padding(run, run->entries[i].offset + told, gap - told) ?
		       told :
		       0;
}

static bool is_plausible(const struct run *run, uint64_t offset, uint64_t size)
{
	uint32_t words[PLAUSIBLE_WORDS];

	if (size < sizeof(words) || size % sizeof(words[0]))
		return false;
	for (size_t i = 0; i < PLAUSIBLE_WORDS; i++)
		words[i] = read_u32(run->view, run->section->data + offset + i * sizeof(words[0]));
	return plausible_definition(words);
}

/*
 * Without a word about its size, an entry goes up to the next one: if it looks like a definition,
 * none hides in it whose symbol is missing, and the section would not divide evenly, which makes it
 * more likely that a symbol is out of its place.
 */
static uint64_t guessed_size(const struct run *run, size_t i)
{
	uint64_t offset = run->entries[i].offset, gap = gap_after(run, i);
	bool is_even = run->section->header.sh_size % (run->count * sizeof(uint32_t)) == 0;

	if (symbol_size(run, i) || is_even || !is_plausible(run, offset, gap))
		return 0;
	for (uint64_t size = 0; size < gap; size += sizeof(uint32_t))
		if (plausible_size(size) && plausible_size(gap - size) &&
		    is_plausible(run, offset + size, gap - size))
			return 0;
	return gap;
}

/* A static linker joins sections with definitions of different sizes. */
static bool measure_mixed(const struct run *run)
{
	if (run->entries[0].offset != 0)
		return false;
	for (size_t i = 0; i < run->count; i++)
		if (!gap_after(run, i) || run->entries[i].offset >= run->section->header.sh_size)
			return false;
	for (size_t i = 0; i < run->count; i++) {
		uint64_t size = told_size(run, i);

		run->entries[i].size = size ? size : guessed_size(run, i);
		if (!run->entries[i].size)
			return false;
	}
	return true;
}

/* Say why a section is neither uniform nor mixed: what does not stand where it should. */
static int refuse_run(const struct run *run)
{
	uint64_t size = run->section->header.sh_size, stride = size / run->count;
	size_t section = run->entries->section;

	if (size % run->count) {
		section_error(run->view, section,
			      "%llu bytes do not divide by its %zu map symbols (%s, ...): expected "
			      "definitions of one size, or symbols that say theirs",
			      (unsigned long long)size, run->count, run->entries[0].name);
		return -EINVAL;
	}
	for (size_t i = 0; i < run->count; i++) {
		const struct elfmap_entry *entry = &run->entries[i];

		if (i && entry->offset == entry[-1].offset)
			section_error(run->view, section,
				      "maps \"%s\" and \"%s\" overlap: both at offset %zu",
				      entry[-1].name, entry->name, entry->offset);
		else if (entry->offset != i * stride)
			section_error(run->view, section,
				      "map \"%s\" at offset %zu: expected %llu, %zu maps of %llu "
				      "bytes each",
				      entry->name, entry->offset, (unsigned long long)(i * stride),
				      run->count, (unsigned long long)stride);
		else if (symbol_size(run, i) && symbol_size(run, i) != stride)
			elfmap_entry__refuse(entry,
					     "symbol size %llu: expected %llu, as %zu maps share "
					     "the section's %llu bytes",
					     (unsigned long long)symbol_size(run, i),
					     (unsigned long long)stride, run->count,
					     (unsigned long long)size);
		else
			continue;
		break;
	}
	return -EINVAL;
}

/* BTF that has the entry's struct longer or shorter is another source's. */
static int check_struct(const struct elfmap_entry *entry)
{
	const struct btf *btf = entry->all->object->btf;
	const struct btf_type *type;

	if (entry->btf_var && !entry->btf_id) {
		elfmap_entry__refuse(entry,
				     "in BTF it is no struct: expected one definition a symbol, "
				     "and not an array of them or other data");
		return -EINVAL;
	}
	if (!entry->btf_id || struct_size(entry) == entry->size)
		return 0;
	type = btf__type_by_id(btf, entry->btf_id);
	elfmap_entry__refuse(
		entry, "%zu bytes, in BTF it is a struct %s of %u: they contradict each other",
		entry->size, btf__name_by_offset(btf, type->name_off), type->size);
	return -EINVAL;
}

static int measure_run(const struct run *run)
{
	uint64_t stride = run->section->header.sh_size / run->count;

	if (is_uniform(run, stride))
		for (size_t i = 0; i < run->count; i++)
			run->entries[i].size = stride;
	else if (!measure_mixed(run))
		return refuse_run(run);
	for (size_t i = 0; i < run->count; i++) {
		const struct elfmap_entry *entry = &run->entries[i];
		/* mostly they have one struct */
		bool is_known = i && entry->btf_id && entry->btf_id == entry[-1].btf_id &&
				entry->size == entry[-1].size;
		int err = is_known ? 0 : check_struct(entry);

		if (err)
			return err;
	}
	return 0;
}

int entry_sizes_measure(struct entries *entries, const bool *is_legacy)
{
	const struct elf_view *view = &entries->object->view;
	size_t next = 0;

	for (size_t i = 1; i < view->nr_sections; i++) {
		struct run run = { view, &view->sections[i], &entries->entries[next], 0 };
		int err;

		if (!is_legacy[i])
			continue;
		while (next < entries->count && entries->entries[next].section == i)
			run.count++, next++;
		if (!run.count) {
			section_error(view, i, "%llu bytes and no map symbol in it (stripped?)",
				      (unsigned long long)run.section->header.sh_size);
			return -EINVAL;
		}
		err = measure_run(&run);
		if (err)
			return err;
	}
	return 0;
}
