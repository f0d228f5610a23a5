/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "relocations.h"
#include "section.h"

/* Where an ld_imm64 instruction keeps the low half of its value. */
#define IMM_OFFSET 4u

/* The map at an offset of a legacy section, by binary search: maps stand by section and offset. */
static const struct elfmap_map *find_map(const struct elfmap_object *object, size_t section,
					 uint64_t offset)
{
	size_t low = 0, high = object->nr_maps;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elfmap_map *map = &object->maps[middle];

		if (map->section < section || (map->section == section && map->offset < offset))
			low = middle + 1;
		else
			high = middle;
	}
	if (low < object->nr_maps && object->maps[low].section == section &&
	    object->maps[low].offset == offset)
		return &object->maps[low];
	return NULL;
}

/* Whether a relocation of code means a legacy map by its section, as for static maps. */
static bool is_section_reference(const struct elf_view *view, size_t target,
				 const struct relocation *relocation)
{
	const Elf64_Sym *symbol = &view->symbols[relocation->symbol];

	return read_is_code(view, target) && ELF64_ST_TYPE(symbol->st_info) == STT_SECTION &&
	       symbol->st_shndx < view->nr_sections &&
	       section_is_legacy(view->sections[symbol->st_shndx].name);
}

/* A section's bytes, made the image's own so that they can be changed. */
static uint8_t *own_bytes(struct image *image, size_t index)
{
	struct image_section *section = &image->sections[index];
	uint8_t *copy;

	if (section->owned)
		return section->owned;
	copy = malloc(section->header.sh_size ? section->header.sh_size : 1);
	if (!copy)
		return NULL;
	memcpy(copy, section->data, section->header.sh_size);
	image_replace(image, index, copy, section->header.sh_size);
	return copy;
}

/* Point the relocation at the map's symbol; the offset leaves the instruction or the addend. */
static int redirect(const struct elfmap_object *object, struct image *image, size_t target,
		    bool has_addend, struct relocation *relocation)
{
	const struct elf_view *view = &object->view;
	uint64_t size = view->sections[target].header.sh_size;
	size_t section = view->symbols[relocation->symbol].st_shndx;
	const struct elfmap_map *map;
	uint64_t offset;
	uint8_t *code;

	if (size < sizeof(struct bpf_insn) || relocation->offset > size - sizeof(struct bpf_insn)) {
		log_error("%s: section %s: relocation at offset %llu: the section has %llu bytes",
			  view->name, view->sections[target].name,
			  (unsigned long long)relocation->offset, (unsigned long long)size);
		return -EINVAL;
	}
	code = own_bytes(image, target);
	if (!code)
		return -ENOMEM;
	offset = has_addend ? (uint64_t)relocation->addend :
			      read_u32(view, code + relocation->offset + IMM_OFFSET);
	map = find_map(object, section, offset);
	if (!map) {
		log_error("%s: section %s: relocation at offset %llu: refers to offset %llu of "
			  "section %s, where no map begins",
			  view->name, view->sections[target].name,
			  (unsigned long long)relocation->offset, (unsigned long long)offset,
			  view->sections[section].name);
		return -EINVAL;
	}
	memset(code + relocation->offset + IMM_OFFSET, 0, sizeof(uint32_t));
	relocation->addend = 0;
	relocation->symbol = (uint32_t)map->symbol;
	return 0;
}

static int replace_relocations(struct image *image, size_t index,
			       const struct relocation *relocations, size_t count)
{
	bool has_addend = image->sections[index].header.sh_type == SHT_RELA;
	size_t entry = has_addend ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
	uint8_t *bytes = calloc(count ? count : 1, entry);

	if (!bytes)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		/* Rel is a prefix of Rela */
		Elf64_Rela rela = {
			.r_offset = relocations[i].offset,
			.r_info =
				ELF64_R_INFO((uint64_t)relocations[i].symbol, relocations[i].type),
			.r_addend = relocations[i].addend,
		};

		memcpy(bytes + i * entry, &rela, entry);
	}
	image_replace(image, index, bytes, count * entry);
	image->sections[index].is_host_order = true;
	return 0;
}

static int rewrite_section(const struct elfmap_object *object, struct image *image, size_t index,
			   const uint32_t *numbers)
{
	const struct elf_view *view = &object->view;
	size_t target = view->sections[index].header.sh_info;
	bool has_addend = view->sections[index].header.sh_type == SHT_RELA;
	CLEANUP(cleanup_free) struct relocation *relocations = NULL;
	bool changed = false;
	size_t count;
	int err;

	err = read_relocations(view, index, &relocations, &count);
	for (size_t i = 0; !err && i < count; i++) {
		uint32_t before = relocations[i].symbol;

		if (is_section_reference(view, target, &relocations[i]))
			err = redirect(object, image, target, has_addend, &relocations[i]);
		relocations[i].symbol = numbers[relocations[i].symbol];
		changed |= relocations[i].symbol != before;
	}
	if (!err && changed)
		err = replace_relocations(image, index, relocations, count);
	return err;
}

int relocations_rewrite(const struct elfmap_object *object, struct image *image,
			const uint32_t *numbers)
{
	for (size_t i = 1; i < object->view.nr_sections; i++) {
		uint32_t type = image->sections[i].header.sh_type;
		int err;

		if (type != SHT_REL && type != SHT_RELA)
			continue;
		err = rewrite_section(object, image, i, numbers);
		if (err)
			return err;
	}
	return 0;
}
