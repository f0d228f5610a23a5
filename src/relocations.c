/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "insn.h"
#include "messages.h"
#include "places.h"
#include "references.h"
#include "relocations.h"
#include "zeroed.h"

/* One section with relocations. */
struct table {
	const struct elfmap_object *object;
	struct image *image;
	size_t index;
	size_t target;	 /* the section that they change */
	bool has_addend; /* SHT_RELA */
};

static int set_imm(const struct table *table, uint64_t offset, uint32_t imm)
{
	uint8_t *code = image_own(table->image, table->target);

	if (!code)
		return -ENOMEM;
	insn_set_imm(&table->object->view, code + offset, imm);
	return 0;
}

static int refuse(const struct table *table, const struct relocation *relocation,
		  const char *reason)
{
	section_error(&table->object->view, table->target,
		      "relocation at offset %llu (SHT_RELA, addend %lld): %s",
		      (unsigned long long)relocation->offset, (long long)relocation->addend,
		      reason);
	return -EINVAL;
}

/* --- addends ------------------------------------------------------------------------------------- */

/*
 * libbpf reads the distance of a call from the instruction: what it says, plus one, counts
 * instructions from the symbol. Compilers which wrote SHT_RELA put bytes there, or the same count.
 */
static int fold_call(const struct table *table, const struct relocation *relocation)
{
	const struct elf_view *view = &table->object->view;
	const Elf64_Sym *symbol = &view->symbols[relocation->symbol];
	uint64_t addend = (uint64_t)relocation->addend, insn = sizeof(struct bpf_insn);
	bool as_bytes = addend % insn == 0 &&
			places_program(table->object, symbol->st_shndx, symbol->st_value + addend);
	bool as_count = places_program(table->object, symbol->st_shndx,
				       symbol->st_value + (addend + 1) * insn);

	if (as_bytes == as_count)
		return refuse(table, relocation,
			      "a call to a place where no function begins, or that reads two ways");
	return set_imm(table, relocation->offset,
		       (uint32_t)(as_bytes ? addend / insn - 1 : addend));
}

/* libbpf takes SHT_REL only, where what is added stands in the instruction. */
static int fold_addend(const struct table *table, struct relocation *relocation)
{
	const struct elf_view *view = &table->object->view;
	const uint8_t *insn = insn_at(&view->sections[table->target], relocation->offset);
	int err = 0;

	if (!insn)
		return refuse(table, relocation, "outside of the section");
	/* an instruction that says something itself says all of it */
	if (insn_code(insn) == INSN_CALL && (relocation->addend || !insn_imm(view, insn))) {
		err = fold_call(table, relocation);
	} else if (relocation->addend) {
		if (insn_code(insn) != INSN_LD_IMM64 || relocation->addend < 0 ||
		    relocation->addend > UINT32_MAX)
			return refuse(table, relocation, "no instruction that can hold it");
		err = set_imm(table, relocation->offset, (uint32_t)relocation->addend);
	}
	relocation->addend = 0;
	return err;
}

/* --- sections ------------------------------------------------------------------------------------ */

/* Point a relocation at the map's symbol; the offset leaves the instruction or the addend. */
static int rewrite_relocation(const struct table *table, struct relocation *relocation)
{
	bool is_code = read_is_code(&table->object->view, table->target);
	struct reference reference;
	int err = references_resolve(table->object, table->index, relocation, &reference);

	if (err)
		return err;
	if (reference.is_by_section) {
		relocation->symbol = (uint32_t)reference.map->symbol;
		relocation->addend = 0;
		return set_imm(table, relocation->offset, 0);
	}
	return table->has_addend && is_code ? fold_addend(table, relocation) : 0;
}

static int replace(const struct table *table, const struct relocation *relocations, size_t count)
{
	bool keep_addend = table->has_addend && !read_is_code(&table->object->view, table->target);
	size_t entry = keep_addend ? sizeof(Elf64_Rela) : sizeof(Elf64_Rel);
	uint8_t *bytes = zeroed(count ? count : 1, entry);
	struct image_section *section = &table->image->sections[table->index];

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
	image_replace(table->image, table->index, bytes, count * entry);
	section->is_host_order = true;
	section->header.sh_type = keep_addend ? SHT_RELA : SHT_REL;
	section->header.sh_entsize = entry;
	return 0;
}

static int rewrite_table(const struct table *table, const uint32_t *numbers)
{
	const struct elf_view *view = &table->object->view;
	const struct elf_section *section = &view->sections[table->index];
	bool is_code = read_is_code(view, table->target), changed = table->has_addend && is_code;
	size_t count = section->nr_relocations;
	CLEANUP(cleanup_free) struct relocation *relocations = NULL;
	int err = 0;

	if (!numbers && !is_code)
		return 0;
	relocations = malloc((count + 1) * sizeof(*relocations));
	if (!relocations)
		return -ENOMEM;
	for (size_t i = 0; !err && i < count; i++) {
		struct relocation *relocation = &relocations[i];

		*relocation = section->relocations[i];
		err = rewrite_relocation(table, relocation);
		if (numbers)
			relocation->symbol = numbers[relocation->symbol];
		changed |= relocation->symbol != section->relocations[i].symbol;
	}
	return !err && changed ? replace(table, relocations, count) : err;
}

bool relocations_need_repair(const struct elf_view *view, size_t index)
{
	return view->sections[index].header.sh_type == SHT_RELA &&
	       read_is_code(view, view->sections[index].header.sh_info);
}

int relocations_rewrite(const struct elfmap_object *object, struct image *image,
			const uint32_t *numbers)
{
	for (size_t i = 1; i < object->view.nr_sections; i++) {
		uint32_t type = image->sections[i].header.sh_type;
		struct table table = {
			.object = object,
			.image = image,
			.index = i,
			.target = object->view.sections[i].header.sh_info,
			.has_addend = type == SHT_RELA,
		};
		int err;

		if (type != SHT_REL && type != SHT_RELA)
			continue;
		err = rewrite_table(&table, numbers);
		if (err)
			return err;
	}
	return 0;
}
