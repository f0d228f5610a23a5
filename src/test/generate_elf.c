// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/generate_parts.h"
#include "test/random.h"
#include "test/tests.h"

/* --- sections ------------------------------------------------------------------------------ */

/* One that is to come; where is to receive its number. */
struct planned_section {
	char name[64];
	uint64_t flags, align;
	size_t *where;
	bool relocated; /* with its relocations at once behind it */
};

struct plan {
	struct planned_section *sections;
	size_t count;
	size_t text, license, version; /* their numbers, 0 for none */
	size_t *annotations;	       /* of each map */
};

static struct planned_section *plan(struct plan *plan, const char *name, uint64_t flags,
				    uint64_t align, size_t *where)
{
	struct planned_section *planned;

	plan->sections = reallocarray(plan->sections, plan->count + 1, sizeof(*plan->sections));
	ck_assert_ptr_nonnull(plan->sections);
	planned = &plan->sections[plan->count++];
	*planned = (struct planned_section){ .flags = flags, .align = align, .where = where };
	snprintf(planned->name, sizeof(planned->name), "%s", name);
	return planned;
}

static bool has_references(const struct generated *generated, size_t section)
{
	for (size_t i = 0; i < generated->nr_programs; i++) {
		if (generated->programs[i].section == section &&
		    generated->programs[i].nr_references)
			return true;
	}
	return false;
}

static void plan_code(struct writing *writing, struct plan *planned)
{
	const struct generated *generated = writing->generated;

	if (random_one_in(&writing->state, 2))
		plan(planned, ".text", SHF_ALLOC | SHF_EXECINSTR, 4, &planned->text);
	for (size_t i = 0; i < generated->nr_sections; i++)
		plan(planned, generated->sections[i].name, SHF_ALLOC | SHF_EXECINSTR, 8,
		     &writing->code_sections[i])
			->relocated = has_references(generated, i) &&
				      random_one_in(&writing->state, 2);
}

static void plan_maps(struct writing *writing, struct plan *planned)
{
	const struct generated *generated = writing->generated;
	bool own = generated->layout->own_sections;

	for (size_t i = 0; i < (own ? generated->nr_maps : 1); i++)
		plan(planned, generated->maps[i].section, SHF_ALLOC | SHF_WRITE, 4,
		     &writing->map_sections[i]);
	for (size_t i = 0; i < generated->nr_maps; i++) {
		char name[64];

		if (!generated->maps[i].is_annotated)
			continue;
		generate_annotation_section(name, &generated->maps[i]);
		plan(planned, name, SHF_ALLOC | SHF_WRITE, 4, &planned->annotations[i]);
	}
}

static void plan_data(struct writing *writing, struct plan *planned)
{
	const struct generated *generated = writing->generated;

	if (generated->has_license)
		plan(planned, "license", SHF_ALLOC | SHF_WRITE, 1, &planned->license);
	if (random_one_in(&writing->state, 6))
		plan(planned, "version", SHF_ALLOC | SHF_WRITE, 4, &planned->version);
	if (generated->has_btf)
		plan(planned, ".BTF", 0, random_one_in(&writing->state, 2) ? 1 : 4,
		     &writing->btf_section);
	if (made_layout_has_kind(generated->layout, MADE_PIN_PATH))
		plan(planned, ".rodata.str1.1", SHF_ALLOC | SHF_MERGE | SHF_STRINGS, 1,
		     &writing->strings_section);
}

static void make_sections(struct writing *writing, struct plan *planned)
{
	const struct generated *generated = writing->generated;

	plan_code(writing, planned);
	plan_maps(writing, planned);
	plan_data(writing, planned);
	random_shuffle(&writing->state, planned->sections, planned->count,
		       sizeof(*planned->sections));
	for (size_t i = 0; i < planned->count; i++) {
		const struct planned_section *section = &planned->sections[i];

		*section->where = elf_made_section(writing->elf, section->name, SHT_PROGBITS,
						   section->flags, section->align);
		if (section->relocated)
			elf_made_reserve_relocations(writing->elf, *section->where);
	}
	for (size_t i = 1; !generated->layout->own_sections && i < generated->nr_maps; i++)
		writing->map_sections[i] = writing->map_sections[0];
}

/* --- symbols ------------------------------------------------------------------------------- */

/* One that is to come; where, unless it is NULL, is to receive its number. */
struct planned_symbol {
	char name[64];
	Elf64_Sym symbol;
	size_t *where;
};

struct symbols {
	struct planned_symbol *list;
	size_t count;
};

static void plan_symbol(struct symbols *symbols, const char *name, Elf64_Sym symbol, size_t *where)
{
	struct planned_symbol *planned;

	symbols->list = reallocarray(symbols->list, symbols->count + 1, sizeof(*symbols->list));
	ck_assert_ptr_nonnull(symbols->list);
	planned = &symbols->list[symbols->count++];
	*planned = (struct planned_symbol){ .symbol = symbol, .where = where };
	snprintf(planned->name, sizeof(planned->name), "%s", name);
}

static unsigned char info(unsigned int bind, unsigned int type)
{
	return (unsigned char)ELF64_ST_INFO(bind, type);
}

static void plan_map_symbols(const struct writing *writing, struct symbols *symbols)
{
	const struct generated *generated = writing->generated;

	for (size_t i = 0; i < generated->nr_maps; i++) {
		const struct generated_map *map = &generated->maps[i];

		plan_symbol(symbols, map->name,
			    (Elf64_Sym){
				    .st_info = info(map->bind, map->type),
				    .st_other = map->visibility,
				    .st_shndx = (Elf64_Section)writing->map_sections[i],
				    .st_value = map->offset,
				    .st_size = map->is_sized ? made_layout_size(generated->layout) :
							       0,
			    },
			    &writing->map_symbols[i]);
	}
}

static void plan_code_symbols(const struct writing *writing, struct symbols *symbols)
{
	const struct generated *generated = writing->generated;

	for (size_t i = 0; i < generated->nr_programs; i++) {
		const struct generated_program *program = &generated->programs[i];
		size_t size = program->nr_insns * sizeof(struct bpf_insn);
		Elf64_Section section = (Elf64_Section)writing->code_sections[program->section];
		char label[32];

		plan_symbol(symbols, program->name,
			    (Elf64_Sym){
				    .st_info = info(program->bind, program->type),
				    .st_shndx = section,
				    .st_value = program->offset,
				    .st_size = program->is_sized ? size : 0,
			    },
			    NULL);
		if (!program->has_label)
			continue;
		snprintf(label, sizeof(label), "LBB%zu_1", i);
		plan_symbol(symbols, label,
			    (Elf64_Sym){
				    .st_info = info(STB_LOCAL, STT_NOTYPE),
				    .st_shndx = section,
				    .st_value = program->offset + size - sizeof(struct bpf_insn),
			    },
			    NULL);
	}
}

static void plan_data_symbols(const struct writing *writing, const struct plan *planned,
			      struct symbols *symbols)
{
	const struct generated *generated = writing->generated;
	Elf64_Sym symbol = { .st_info = info(STB_GLOBAL, STT_OBJECT), .st_size = 4 };

	symbol.st_shndx = (Elf64_Section)planned->license;
	if (planned->license)
		plan_symbol(symbols, "_license", symbol, NULL);
	symbol.st_shndx = (Elf64_Section)planned->version;
	if (planned->version)
		plan_symbol(symbols, "_version", symbol, NULL);
	for (size_t i = 0; i < generated->nr_maps; i++) {
		char name[64];

		if (!planned->annotations[i])
			continue;
		snprintf(name, sizeof(name), "____btf_map_%s", generated->maps[i].name);
		symbol.st_shndx = (Elf64_Section)planned->annotations[i];
		symbol.st_size = elf_made_size(writing->elf, planned->annotations[i]);
		plan_symbol(symbols, name, symbol, NULL);
	}
}

/* Sections have symbols where something refers to them, or because the compiler likes it so. */
static void plan_section_symbols(struct writing *writing, const struct plan *planned,
				 struct symbols *symbols)
{
	bool all = random_one_in(&writing->state, 2);

	for (size_t i = 0; i < planned->count; i++) {
		size_t section = *planned->sections[i].where;
		bool is_needed = section == writing->strings_section;

		for (size_t j = 0; j < writing->generated->nr_maps; j++)
			is_needed |= writing->generated->maps[j].is_static &&
				     section == writing->map_sections[j];
		if (all || is_needed)
			plan_symbol(symbols, "",
				    (Elf64_Sym){
					    .st_info = info(STB_LOCAL, STT_SECTION),
					    .st_shndx = (Elf64_Section)section,
				    },
				    &writing->section_symbols[section]);
	}
	if (random_one_in(&writing->state, 2))
		plan_symbol(symbols, "generated.c",
			    (Elf64_Sym){
				    .st_info = info(STB_LOCAL, STT_FILE),
				    .st_shndx = SHN_ABS,
			    },
			    NULL);
}

/* Names are borrowed: symbols must outlive the object in the making. */
static void make_symbols(struct writing *writing, const struct plan *planned,
			 struct symbols *symbols)
{
	plan_map_symbols(writing, symbols);
	plan_code_symbols(writing, symbols);
	plan_data_symbols(writing, planned, symbols);
	plan_section_symbols(writing, planned, symbols);
	random_shuffle(&writing->state, symbols->list, symbols->count, sizeof(*symbols->list));
	for (size_t i = 0; i < symbols->count; i++) {
		const struct planned_symbol *symbol = &symbols->list[i];
		size_t number = elf_made_symbol(writing->elf, symbol->name, symbol->symbol);

		if (symbol->where)
			*symbol->where = number;
	}
}

/* --- the whole ----------------------------------------------------------------------------- */

static void *allocate(size_t count, size_t size)
{
	void *made = calloc(count + 1, size);

	ck_assert_ptr_nonnull(made);
	return made;
}

static void put_data(const struct writing *writing, const struct plan *planned)
{
	const struct generated *generated = writing->generated;
	uint8_t zeros[1100] = { 0 };

	if (planned->license)
		elf_made_bytes(writing->elf, planned->license, "GPL", 4);
	if (planned->version)
		elf_made_number(writing->elf, planned->version, 0x040f00, 4);
	for (size_t i = 0; i < generated->nr_maps; i++) {
		const struct generated_map *map = &generated->maps[i];

		if (planned->annotations[i])
			elf_made_bytes(writing->elf, planned->annotations[i], zeros,
				       map->def.key_size + map->def.value_size +
					       (map->is_typed ? 0 : 4));
	}
}

static struct elf_made_style choose_style(struct writing *writing)
{
	return (struct elf_made_style){
		.big_endian = writing->big_endian,
		.machine = random_one_in(&writing->state, 4) ? EM_NONE : EM_BPF,
		.addends = writing->generated->addends,
		.one_string_table = random_one_in(&writing->state, 2),
	};
}

struct test_object generated_write(const struct generated *generated, bool big_endian)
{
	struct writing writing = { .generated = generated,
				   .big_endian = big_endian,
				   .state = generated->shape };
	struct elf_made_style style = choose_style(&writing);
	struct plan planned = { .annotations = allocate(generated->nr_maps, sizeof(size_t)) };
	struct symbols symbols = { 0 };
	struct test_object object;

	writing.elf = elf_made_begin(&style);
	writing.map_sections = allocate(generated->nr_maps, sizeof(size_t));
	writing.map_symbols = allocate(generated->nr_maps, sizeof(size_t));
	writing.code_sections = allocate(generated->nr_sections, sizeof(size_t));
	make_sections(&writing, &planned);
	writing.section_symbols = allocate(elf_made_nr_sections(writing.elf), sizeof(size_t));
	put_data(&writing, &planned);
	make_symbols(&writing, &planned, &symbols);
	generate_contents(&writing);
	if (generated->has_btf)
		generate_btf(&writing);
	object = elf_made_finish(writing.elf);

	free(writing.map_sections);
	free(writing.map_symbols);
	free(writing.code_sections);
	free(writing.section_symbols);
	free(planned.sections);
	free(planned.annotations);
	free(symbols.list);
	return object;
}
