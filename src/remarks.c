/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What there is to remark about an object: what the image repairs, what is good to know, and what
 * a stock loader does differently with the image. Nothing is decided here; the rooms that repair
 * are asked.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "entries.h"
#include "fields.h"
#include "iproute2.h"
#include "model.h"
#include "references.h"
#include "rel_maps.h"
#include "relocations.h"
#include "section_names.h"
#include "symbols.h"
#include "synthesise.h"
#include "visible.h"
#include "write.h"

/* Long enough for any remark but one with a very long name, which is cut. */
#define REMARK_SIZE 512

struct remarks {
	const struct elfmap_object *object;
	elfmap_remark_fn fn;
	void *ctx;
};

__attribute__((format(printf, 3, 4))) static void
remark(const struct remarks *remarks, enum elfmap_remark kind, const char *format, ...)
{
	char text[REMARK_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	remarks->fn(kind, text, remarks->ctx);
}

/* "3 symbols of maps", "1 symbol of maps": %zu and the plural's s. */
#define COUNTED(count) (count), (count) == 1 ? "" : "s"

/* --- repairs ------------------------------------------------------------------------------------- */

struct map_counts {
	size_t untyped, is_static, weak, renamed;
};

static struct map_counts count_maps(const struct elfmap_object *object)
{
	struct map_counts counts = { 0 };

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];
		const Elf64_Sym *symbol = &object->view.symbols[map->symbol];

		if (map->native)
			continue;
		counts.untyped += ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT || !symbol->st_size;
		counts.is_static += ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
		counts.weak += ELF64_ST_BIND(symbol->st_info) == STB_WEAK;
		counts.renamed += map->is_renamed;
	}
	return counts;
}

static void remark_map_repairs(const struct remarks *remarks)
{
	struct map_counts counts = count_maps(remarks->object);
	size_t by_section = references_count_by_section(remarks->object);

	if (counts.untyped)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu map symbol%s without a type or size: now typed and sized",
		       COUNTED(counts.untyped));
	if (counts.is_static)
		remark(remarks, ELFMAP_REMARK_REPAIR, "%zu static map%s: now global",
		       COUNTED(counts.is_static));
	for (size_t i = 0; counts.renamed && i < remarks->object->nr_maps; i++) {
		const struct elfmap_map *map = &remarks->object->maps[i];

		if (map->is_renamed)
			remark(remarks, ELFMAP_REMARK_REPAIR,
			       "a static map whose name is taken or has a dot: now called \"%s\"",
			       map->name);
	}
	if (counts.weak)
		remark(remarks, ELFMAP_REMARK_REPAIR, "%zu weak map symbol%s: now global",
		       COUNTED(counts.weak));
	if (by_section)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu reference%s to a map by section and offset: now by the map's symbol",
		       COUNTED(by_section));
}

/* Those of BTF-defined maps, which an object may have without a legacy one. */
static void remark_hidden_fields(const struct remarks *remarks)
{
	const struct elfmap_object *object = remarks->object;
	size_t maps = 0;

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		maps += map->shown_btf_id && visible_hides(object->btf, map->shown_btf_id);
	}
	if (maps)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu BTF-defined map%s with fields that libbpf does not know: now hidden "
		       "from it",
		       COUNTED(maps));
}

static void remark_section_repairs(const struct remarks *remarks)
{
	const struct elfmap_object *object = remarks->object;
	size_t named = 0, mixed = 0;

	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (map->native)
			continue;
		if (entries_is_named(map_section(map)))
			named++;
		else if (i && map[-1].section == map->section && map[-1].size != map->size)
			mixed++;
	}
	if (named)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu map%s in sections of their own (maps/<name>): merged into .maps",
		       COUNTED(named));
	if (mixed)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "section maps holds definitions of different sizes, as after static linking");
	for (size_t i = 1; i < object->view.nr_sections; i++) {
		const struct elf_section *section = &object->view.sections[i];

		if (object->passed_over[i] && strcmp(section->name, "version") != 0)
			remark(remarks, ELFMAP_REMARK_REPAIR,
			       "section %s holds only what definitions point to: libbpf will not make "
			       "a map of it",
			       section->name);
	}
	if (object->nr_legacy && object->nr_maps > object->nr_legacy)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "legacy and BTF-defined maps in one object: merged into .maps");
}

static void remark_program_repairs(const struct remarks *remarks)
{
	const struct elfmap_object *object = remarks->object;
	const struct image_options plain = { 0 };
	CLEANUP(section_names_release) struct section_names names = { 0 };
	size_t untyped = 0, is_static = 0;

	for (size_t i = 0; i < object->nr_programs; i++) {
		untyped += symbols_is_untyped_program(&object->programs[i]);
		is_static += symbols_is_static_program(&object->programs[i]);
	}
	if (untyped)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu function symbol%s without a type or size: now typed and sized",
		       COUNTED(untyped));
	for (size_t i = 0; i < object->nr_programs; i++)
		if (object->programs[i].is_renamed)
			remark(remarks, ELFMAP_REMARK_REPAIR,
			       "a static program whose name is taken or has a dot: now called \"%s\"",
			       object->programs[i].name);
	if (is_static)
		remark(remarks, ELFMAP_REMARK_REPAIR, "%zu static program%s: now global",
		       COUNTED(is_static));
	if (object->nr_added_symbols)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu section%s of code without a function symbol: now with one",
		       COUNTED(object->nr_added_symbols));
	if (!section_names_make(object, &plain, &names) && names.changes)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "a program in section .text, where libbpf expects subprograms: now in "
		       "section text");
}

static void remark_file_repairs(const struct remarks *remarks)
{
	const struct elf_view *view = &remarks->object->view;
	size_t rela = 0, data = 0;

	if (view->header.e_machine != EM_BPF)
		remark(remarks, ELFMAP_REMARK_REPAIR, "e_machine %u: now %u (BPF)",
		       view->header.e_machine, EM_BPF);
	for (size_t i = 1; i < view->nr_sections; i++)
		if (remarks->object->passed_over[i] && !strcmp(view->sections[i].name, "version"))
			remark(remarks, ELFMAP_REMARK_REPAIR,
			       "section version holds %llu bytes and not a number of 4: libbpf will "
			       "pass it over",
			       (unsigned long long)view->sections[i].header.sh_size);
	for (size_t i = 1; i < view->nr_sections; i++)
		rela += relocations_need_repair(view, i);
	if (rela)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu section%s with SHT_RELA relocations, which libbpf passes over: now SHT_REL",
		       COUNTED(rela));
	for (size_t i = 1; i < view->nr_symbols; i++)
		data += symbols_is_untyped_data(remarks->object, &view->symbols[i]);
	if (data)
		remark(remarks, ELFMAP_REMARK_REPAIR,
		       "%zu symbol%s of global data without a type: now typed", COUNTED(data));
}

/* --- notes --------------------------------------------------------------------------------------- */

/* libbpf 1.x refuses section maps, and does not look at maps/<name>. */
static bool is_silently_emptied(const struct elfmap_object *object)
{
	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native && !entries_is_named(map_section(&object->maps[i])))
			return false;
	return object->nr_legacy;
}

static void remark_notes(const struct remarks *remarks)
{
	const struct elfmap_object *object = remarks->object;

	if (object->refusal)
		remark(remarks, ELFMAP_REMARK_NOTE, "not translated: %s", object->refusal);
	if (is_silently_emptied(object))
		remark(remarks, ELFMAP_REMARK_NOTE,
		       "libbpf 1.x and bpftool open this object without an error and without its "
		       "maps, as they stand in sections maps/<name>");
	if (!read_find_section(&object->view, "license") && object->nr_programs)
		remark(remarks, ELFMAP_REMARK_NOTE,
		       "no section license: helpers that only GPL programs may call are refused");
	for (size_t i = 0; i < object->nr_maps; i++) {
		const struct elfmap_map *map = &object->maps[i];

		if (!map->native && is_outer_type(map->def.type) && !map->inner && !object->refusal)
			remark(remarks, ELFMAP_REMARK_NOTE,
			       "map %s: the object does not say which its inner map is; its own "
			       "loader sets that (bpf_map__set_inner_map_fd)",
			       map->name);
		if (!map->native && !libbpf_bpf_map_type_str((enum bpf_map_type)map->def.type))
			remark(remarks, ELFMAP_REMARK_NOTE,
			       "map %s: libbpf knows no map type %u: maybe the layout is another "
			       "(--layout), or one of the loader's own",
			       map->name, map->def.type);
		if (map->pin_is_open && map->def.pinning)
			remark(remarks, ELFMAP_REMARK_NOTE,
			       "map %s: pinning %u leaves the path to the loader", map->name,
			       map->def.pinning);
	}
}

/* --- differences --------------------------------------------------------------------------------- */

static void remark_pin(const struct remarks *remarks, const struct elfmap_map *map)
{
	const char *name = map->pin_path ? strrchr(map->pin_path, '/') : NULL;

	if (!name || remarks->object->has_pin_dir)
		return;
	if (!synthesise_is_pinned_by_name(map))
		remark(remarks, ELFMAP_REMARK_DIFFERENCE, "map %s: not pinned, and not as %s",
		       map->name, map->pin_path);
	else if (map->def.pin != ELFMAP_PIN_BY_NAME &&
		 remarks->object->image_options.loader != ELFMAP_LOADER_TC)
		remark(remarks, ELFMAP_REMARK_DIFFERENCE,
		       "map %s: pinned by name, in /sys/fs/bpf and not in %.*s", map->name,
		       (int)(name - map->pin_path), map->pin_path);
}

static void remark_slots(const struct remarks *remarks, const struct elfmap_map *map)
{
	const struct image_options *options = &remarks->object->image_options;
	size_t left = 0;

	for (size_t i = 0; i < map->nr_slots; i++)
		left += !rel_maps_declares(map, &map->slots[i], options);
	if (!left)
		return;
	if (options->loader == ELFMAP_LOADER_TC && slots_are_declarable(map))
		remark(remarks, ELFMAP_REMARK_DIFFERENCE,
		       "map %s: %zu slot%s left empty, as tc loads no other section's program",
		       map->name, COUNTED(left));
	else
		remark(remarks, ELFMAP_REMARK_DIFFERENCE,
		       "map %s: %zu slot%s left empty, as libbpf is not told of them", map->name,
		       COUNTED(left));
}

static void remark_fields(const struct remarks *remarks, const struct elfmap_map *map)
{
	for (size_t i = 0; i < map->nr_fields; i++)
		if (map->fields[i].kind == ELFMAP_FIELD_OCTAL) {
			remark(remarks, ELFMAP_REMARK_DIFFERENCE,
			       "map %s: owner, mode and versions are not looked at", map->name);
			return;
		}
}

/* Append "a, b" as long as there is room. */
static void append_name(char list[REMARK_SIZE / 2], const char *name)
{
	size_t used = strlen(list);

	snprintf(list + used, REMARK_SIZE / 2 - used, "%s%s", used ? ", " : "", name);
}

static void remark_programs(const struct remarks *remarks)
{
	const struct elfmap_object *object = remarks->object;
	const struct image_options *options = &object->image_options;
	CLEANUP(section_names_release) struct section_names names = { 0 };
	char unknown[REMARK_SIZE / 2] = "", kept[REMARK_SIZE / 2] = "";

	if (section_names_make(object, options, &names))
		return;
	for (size_t i = 0; i < object->nr_programs; i++) {
		const struct elfmap_program *program = &object->programs[i];
		const char *section = names.names[i].name;

		if (program->subprogram || (i && program[-1].section == program->section))
			continue;
		if (names.names[i].collides)
			append_name(kept, section);
		else if (!section_names_is_known(section))
			append_name(unknown, section);
	}
	if (names.drops_btf_ext)
		remark(remarks, ELFMAP_REMARK_DIFFERENCE,
		       "without what .BTF.ext says of functions and lines, as sections have one name");
	if (*kept)
		remark(remarks, ELFMAP_REMARK_DIFFERENCE,
		       "these sections keep their names, by which CO-RE relocations find them, and the loader must say "
		       "the program type: %s",
		       kept);
	if (*unknown)
		remark(remarks, ELFMAP_REMARK_DIFFERENCE,
		       "the loader must say the program type, as section names do not%s: %s",
		       options->rename_sections ? "" : " (or see --rename-sections)", unknown);
}

void elfmap_object__remarks(const struct elfmap_object *obj, elfmap_remark_fn fn, void *ctx)
{
	struct remarks remarks = { obj, fn, ctx };

	if (obj->is_pinned)
		return;
	if (!obj->refusal) {
		remark_file_repairs(&remarks);
		remark_section_repairs(&remarks);
		remark_map_repairs(&remarks);
		remark_hidden_fields(&remarks);
		remark_program_repairs(&remarks);
	}
	remark_notes(&remarks);
	if (obj->refusal)
		return;
	for (size_t i = 0; i < obj->nr_maps; i++) {
		if (obj->maps[i].native && !obj->maps[i].converted)
			continue;
		remark_pin(&remarks, &obj->maps[i]);
		remark_slots(&remarks, &obj->maps[i]);
		remark_fields(&remarks, &obj->maps[i]);
	}
	/* tc says the type by itself */
	if ((obj->nr_legacy || obj->nr_converted) && obj->image_options.loader != ELFMAP_LOADER_TC)
		remark_programs(&remarks);
}
