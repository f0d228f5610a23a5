/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <elf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "iproute2_view.h"

/* What lib/bpf_legacy.c of iproute2 has room for. Of ids beyond that it only says that they are not there. */
#define VIEW_MAPS_MAX 64

/* iproute2's struct bpf_elf_map, 36 bytes. */
struct view_map {
	uint32_t type, size_key, size_value, max_elem, flags, id, pinning, inner_id, inner_idx;
};

enum {
	VIEW_NULL,
	VIEW_MAPS,
	VIEW_SYMBOLS,
	VIEW_STRINGS,
	NR_VIEW_SECTIONS
};

/* One table for the names of sections and the one that all maps have, which is no map's in C. */
static const char names[] = "\0maps\0.symtab\0.strtab\0elfmap stores it";
enum {
	NAME_MAPS = 1,
	NAME_SYMBOLS = 6,
	NAME_STRINGS = 14,
	NAME_OF_MAP = 22
};

struct view {
	struct view_map maps[VIEW_MAPS_MAX];
	Elf64_Sym symbols[VIEW_MAPS_MAX + 1]; /* the first is none */
	size_t nr_maps;
};

static void add_map(struct view *view, const struct elfmap_map *map)
{
	view->maps[view->nr_maps] = (struct view_map){
		.type = BPF_MAP_TYPE_PROG_ARRAY,
		.size_key = sizeof(uint32_t),
		.size_value = sizeof(uint32_t),
		.max_elem = map->def.max_entries,
		.id = map->def.id,
	};
	view->symbols[1 + view->nr_maps] = (Elf64_Sym){
		.st_name = NAME_OF_MAP,
		.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
		.st_shndx = VIEW_MAPS,
		.st_value = view->nr_maps * sizeof(*view->maps),
		.st_size = sizeof(*view->maps),
	};
	view->nr_maps++;
}

static void collect(const struct elfmap_object *object, struct view *view)
{
	for (size_t i = 0; i < object->nr_programs && view->nr_maps < VIEW_MAPS_MAX; i++) {
		const struct elfmap_map *map = object->programs[i].tail_call_map;
		bool is_there = !map;

		for (size_t j = 0; !is_there && j < view->nr_maps; j++)
			is_there = view->maps[j].id == map->def.id;
		if (!is_there)
			add_map(view, map);
	}
}

/* Append a section; *size is that of the file so far. */
static void put(uint8_t *file, size_t *size, Elf64_Shdr *header, const void *bytes)
{
	header->sh_offset = *size;
	memcpy(file + *size, bytes, header->sh_size);
	*size = (*size + header->sh_size + 7) / 8 * 8;
}

/* An object without maps has no such section: its name stays, of no type. */
static void lay_out(const struct view *view, uint8_t *file, size_t *size)
{
	static const uint16_t one = 1;
	Elf64_Shdr sections[NR_VIEW_SECTIONS] = {
		[VIEW_MAPS] = { .sh_name = NAME_MAPS,
				.sh_type = view->nr_maps ? SHT_PROGBITS : SHT_NULL,
				.sh_size = view->nr_maps * sizeof(*view->maps),
				.sh_addralign = 4 },
		[VIEW_SYMBOLS] = { .sh_name = NAME_SYMBOLS,
				   .sh_type = SHT_SYMTAB,
				   .sh_size = (view->nr_maps + 1) * sizeof(*view->symbols),
				   .sh_link = VIEW_STRINGS,
				   .sh_info = 1,
				   .sh_entsize = sizeof(*view->symbols),
				   .sh_addralign = 8 },
		[VIEW_STRINGS] = { .sh_name = NAME_STRINGS,
				   .sh_type = SHT_STRTAB,
				   .sh_size = sizeof(names),
				   .sh_addralign = 1 },
	};
	Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     *(const uint8_t *)&one ? ELFDATA2LSB : ELFDATA2MSB, EV_CURRENT },
		.e_type = ET_REL,
		.e_machine = EM_BPF,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof(header),
		.e_shentsize = sizeof(*sections),
		.e_shnum = NR_VIEW_SECTIONS,
		.e_shstrndx = VIEW_STRINGS,
	};

	*size = sizeof(header);
	put(file, size, &sections[VIEW_MAPS], view->maps);
	put(file, size, &sections[VIEW_SYMBOLS], view->symbols);
	put(file, size, &sections[VIEW_STRINGS], names);
	header.e_shoff = *size;
	memcpy(file + *size, sections, sizeof(sections));
	*size += sizeof(sections);
	memcpy(file, &header, sizeof(header));
}

int iproute2_view_make(const struct elfmap_object *object, void **bytes, size_t *size)
{
	CLEANUP(cleanup_free) struct view *view = calloc(1, sizeof(*view));
	uint8_t *file = calloc(1, sizeof(*view) + sizeof(names) + sizeof(Elf64_Ehdr) +
					  (NR_VIEW_SECTIONS + 1) * sizeof(Elf64_Shdr));

	if (!view || !file) {
		free(file);
		return -ENOMEM;
	}
	collect(object, view);
	lay_out(view, file, size);
	*bytes = file;
	return 0;
}
