/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "cleanup.h"
#include "image.h"
#include "log.h"
#include "relocations.h"
#include "symbols.h"
#include "synthesise.h"
#include "write.h"

/* What a compiler gives a pointer in data, whose width libbpf does not look at. */
#ifndef R_BPF_64_ABS64
#define R_BPF_64_ABS64 2
#endif

/* .BTF and .rel.maps, where the object has none */
#define ADDED_SECTIONS 2

/* --- .maps --------------------------------------------------------------------------------------- */

/* The section that becomes .maps: the object's own, or else the first legacy one; 0 for none. */
static size_t choose_maps_section(const struct elfmap_object *object)
{
	if (!object->nr_legacy)
		return 0;
	if (object->nr_maps > object->nr_legacy)
		return read_find_section(&object->view, ".maps");
	return object->maps[0].section;
}

static int write_maps(const struct elfmap_object *object, struct image *image, size_t maps)
{
	Elf64_Shdr *header = &image->sections[maps].header;
	uint8_t *bytes = calloc(1, object->maps_size ? object->maps_size : 1);
	bool own = !strcmp(object->view.sections[maps].name, ".maps");

	if (!bytes)
		return -ENOMEM;
	/* libbpf reads no bytes there, only BTF; native maps keep theirs */
	if (own)
		memcpy(bytes, image->sections[maps].data, header->sh_size);
	image_replace(image, maps, bytes, object->maps_size);
	header->sh_flags = SHF_WRITE | SHF_ALLOC;
	header->sh_addralign = POINTER_SIZE;
	for (size_t i = 0; i < object->nr_maps; i++)
		if (object->maps[i].section != maps)
			image_retire(image, object->maps[i].section);
	return own ? 0 : image_rename(image, maps, ".maps");
}

/* --- .rel.maps ----------------------------------------------------------------------------------- */

static size_t count_declared(const struct elfmap_object *object)
{
	size_t count = 0;

	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native && slots_are_declarable(&object->maps[i]))
			count += object->maps[i].nr_slots;
	return count;
}

static void declare_slot(const struct elfmap_map *map, const struct map_slot *slot,
			 const uint32_t *numbers, Elf64_Rel *rel)
{
	size_t symbol = slot->map ? slot->map->symbol : slot->program->symbol;

	rel->r_offset = (uint64_t)map->image_offset + map->values_offset +
			(uint64_t)slot->key * POINTER_SIZE;
	rel->r_info = ELF64_R_INFO((uint64_t)numbers[symbol], R_BPF_64_ABS64);
}

/* The relocations of the object's own .rel.maps, which the legacy maps' follow. */
static int copy_native_slots(const struct elfmap_object *object, size_t index,
			     const uint32_t *numbers, size_t room, Elf64_Rel **rels, size_t *count)
{
	CLEANUP(cleanup_free) struct relocation *native = NULL;
	size_t nr = 0;
	int err = 0;

	if (index)
		err = read_relocations(&object->view, index, &native, &nr);
	if (err)
		return err;
	*rels = calloc(nr + room, sizeof(**rels));
	if (!*rels)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		(*rels)[i] = (Elf64_Rel){
			.r_offset = native[i].offset,
			.r_info = ELF64_R_INFO((uint64_t)numbers[native[i].symbol], native[i].type),
		};
	*count = nr;
	return 0;
}

static size_t find_relocations(const struct elf_view *view, size_t target)
{
	for (size_t i = 1; i < view->nr_sections; i++)
		if (view->sections[i].header.sh_type == SHT_REL &&
		    view->sections[i].header.sh_info == target)
			return i;
	return 0;
}

static int write_slots(const struct elfmap_object *object, struct image *image, size_t maps,
		       const uint32_t *numbers)
{
	size_t declared = count_declared(object);
	size_t index = find_relocations(&object->view, maps);
	Elf64_Rel *rels;
	size_t count;
	int err;

	if (!declared)
		return 0;
	err = copy_native_slots(object, index, numbers, declared, &rels, &count);
	if (err)
		return err;
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = object->order[i];

		for (size_t j = 0; !map->native && slots_are_declarable(map) && j < map->nr_slots;
		     j++)
			declare_slot(map, &map->slots[j], numbers, &rels[count++]);
	}
	if (!index)
		err = image_add(image, ".rel.maps", SHT_REL, &index);
	if (err) {
		free(rels);
		return err;
	}
	image_replace(image, index, rels, count * sizeof(*rels));
	image->sections[index].is_host_order = true;
	image->sections[index].header.sh_flags = SHF_INFO_LINK;
	image->sections[index].header.sh_link = (uint32_t)object->view.symtab;
	image->sections[index].header.sh_info = (uint32_t)maps;
	image->sections[index].header.sh_entsize = sizeof(*rels);
	return 0;
}

/* --- .BTF ---------------------------------------------------------------------------------------- */

static int write_btf(const struct elfmap_object *object, struct image *image)
{
	size_t index = read_find_section(&object->view, ".BTF");
	size_t ext = read_find_section(&object->view, ".BTF.ext");
	size_t relocations = index ? find_relocations(&object->view, index) : 0;
	const void *raw;
	uint8_t *bytes;
	uint32_t size;

	raw = btf__raw_data(object->btf, &size);
	if (!raw)
		return -ENOMEM;
	bytes = malloc(size);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, raw, size);
	if (!index) {
		int err = image_add(image, ".BTF", SHT_PROGBITS, &index);

		if (err) {
			free(bytes);
			return err;
		}
	}
	image_replace(image, index, bytes, size);
	/* they would add to offsets which are filled in now */
	if (relocations)
		image_retire(image, relocations);
	/* it refers to types that nobody could read */
	if (ext && !object->has_btf) {
		size_t ext_relocations = find_relocations(&object->view, ext);

		image_retire(image, ext);
		if (ext_relocations)
			image_retire(image, ext_relocations);
	}
	return 0;
}

/* --- programs ------------------------------------------------------------------------------------ */

static bool is_program_in_text(const struct elfmap_program *program)
{
	return !program->subprogram && !strcmp(program_section(program), ".text");
}

const char *write_section_name(const struct elfmap_program *program)
{
	return is_program_in_text(program) ? "text" : program_section(program);
}

static int rename_text(const struct elfmap_object *object, struct image *image)
{
	for (size_t i = 0; i < object->nr_programs; i++)
		if (is_program_in_text(&object->programs[i]))
			return image_rename(image, object->programs[i].section,
					    write_section_name(&object->programs[i]));
	return 0;
}

bool write_is_needed(const struct elfmap_object *object)
{
	if (object->nr_legacy || object->view.header.e_machine != EM_BPF)
		return true;
	for (size_t i = 0; i < object->nr_programs; i++)
		if (symbols_need_repair(&object->programs[i]) ||
		    is_program_in_text(&object->programs[i]))
			return true;
	return false;
}

/* --- all of it ----------------------------------------------------------------------------------- */

static int write_translation(const struct elfmap_object *object, enum image_use use,
			     struct image *image, size_t maps, const uint32_t *numbers)
{
	int err = 0;

	if (use == IMAGE_FOR_LOADERS)
		err = write_slots(object, image, maps, numbers);
	return err ? err : write_btf(object, image);
}

int write_image(const struct elfmap_object *object, enum image_use use, uint8_t **image,
		size_t *size)
{
	CLEANUP(image_release) struct image made = { 0 };
	CLEANUP(cleanup_free) uint32_t *numbers = NULL;
	size_t maps = choose_maps_section(object);
	int err;

	err = image_begin(&object->view, ADDED_SECTIONS, &made);
	if (err)
		return err;
	made.header.e_machine = EM_BPF; /* LLVM before 3.9 or so left 0 */
	err = rename_text(object, &made);
	if (!err && object->nr_legacy)
		err = write_maps(object, &made, maps);
	if (!err)
		err = symbols_rewrite(object, &made, maps,
				      object->nr_legacy && use == IMAGE_FOR_LOAD, &numbers);
	if (!err)
		err = relocations_rewrite(object, &made, numbers);
	if (!err && object->nr_legacy)
		err = write_translation(object, use, &made, maps, numbers);
	if (!err)
		err = image_finish(&made, image, size);
	/* -EINVAL: what is wrong with the object was said where it was found */
	if (err && err != -EINVAL)
		log_error("%s: cannot write the image: %s", object->view.name, strerror(-err));
	return err;
}
