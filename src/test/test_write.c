// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The image as an ELF file: what it keeps of the object, and what it changes. */
#include <errno.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/expected.h"
#include "test/opening.h"
#include "test/tests.h"

/* An object and its image. */
struct pair {
	const char *name;
	struct test_object from, to;
};

static struct pair pair_of(const char *name)
{
	struct pair pair = { .name = name, .from = object_load(name) };

	pair.to = convert(&pair.from);
	return pair;
}

static void free_pair(struct pair *pair)
{
	object_free(&pair->from);
	object_free(&pair->to);
}

static void for_each_pair(void (*check)(const struct pair *pair))
{
	for (const char *const *name = object_names(); *name; name++) {
		struct pair pair = pair_of(*name);

		check(&pair);
		free_pair(&pair);
	}
}

static size_t count_sections(const struct test_object *object)
{
	return object_header(object)->e_shnum;
}

static bool is_code(const Elf64_Shdr *header)
{
	return header->sh_type == SHT_PROGBITS && header->sh_flags & SHF_EXECINSTR;
}

/* Whether the sections at an index hold the same bytes. */
static bool same_bytes(const struct pair *pair, size_t index)
{
	const Elf64_Shdr *from = object_section_at(&pair->from, index);
	const Elf64_Shdr *to = object_section_at(&pair->to, index);

	return from->sh_size == to->sh_size &&
	       memcmp(pair->from.bytes + from->sh_offset, pair->to.bytes + to->sh_offset,
		      from->sh_size) == 0;
}

/* --- sections ------------------------------------------------------------------------------ */

/* goebpf's paths: libbpf is not to make maps of them. */
static bool is_pointed(const struct pair *pair, const char *section)
{
	return strncmp(pair->name, "goebpf", strlen("goebpf")) == 0 &&
	       strncmp(section, ".rodata", strlen(".rodata")) == 0;
}

/* What may differ; all else is copied. */
static bool may_change(const struct pair *pair, size_t index)
{
	static const char *const changed[] = { "maps",	  ".maps",    ".rel.maps", ".BTF",
					       ".strtab", ".rel.BTF", ".symtab" };
	const char *name = object_section_name(&pair->from, index);

	if (object_is_maps(name) || strncmp(name, ".relmaps", strlen(".relmaps")) == 0 ||
	    is_pointed(pair, name))
		return true;
	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
		if (strcmp(name, changed[i]) == 0)
			return true;
	}
	/* it names the section that does not stay .text */
	if (strcmp(pair->name, "text_only.btf") == 0 && strcmp(name, ".BTF.ext") == 0)
		return true;
	if (strncmp(pair->name, "static_map", strlen("static_map")) != 0)
		return false;
	/* symbols have other numbers there, as local ones became global */
	return object_section_at(&pair->from, index)->sh_type == SHT_REL ||
	       is_code(object_section_at(&pair->from, index)) || !strcmp(name, ".llvm_addrsig");
}

/* The name a section must have: .text is no place for the one program of text_only. */
static const char *new_name(const struct pair *pair, size_t index)
{
	const char *name = object_section_name(&pair->from, index);

	return strncmp(pair->name, "text_only", strlen("text_only")) == 0 &&
			       !strcmp(name, ".text") ?
		       "text" :
		       name;
}

static void check_section(const struct pair *pair, size_t index)
{
	const Elf64_Shdr *from = object_section_at(&pair->from, index);
	const Elf64_Shdr *to = object_section_at(&pair->to, index);
	const char *name = object_section_name(&pair->from, index);

	if (may_change(pair, index))
		return;
	ck_assert_str_eq(object_section_name(&pair->to, index), new_name(pair, index));
	ck_assert_uint_eq(to->sh_type, from->sh_type);
	ck_assert_uint_eq(to->sh_flags, from->sh_flags);
	ck_assert_uint_eq(to->sh_link, from->sh_link);
	ck_assert_uint_eq(to->sh_info, from->sh_info);
	ck_assert_uint_eq(to->sh_addralign, from->sh_addralign);
	ck_assert_uint_eq(to->sh_entsize, from->sh_entsize);
	ck_assert_msg(same_bytes(pair, index), "%s: section %s", pair->name, name);
}

static void check_sections(const struct pair *pair)
{
	ck_assert_uint_ge(count_sections(&pair->to), count_sections(&pair->from));
	for (size_t i = 1; i < count_sections(&pair->from); i++)
		check_section(pair, i);
	ck_assert_uint_eq(object_find_section(&pair->to, "maps"), 0);
	ck_assert_uint_ne(object_find_section(&pair->to, ".maps"), 0);
	ck_assert_uint_ne(object_find_section(&pair->to, ".BTF"), 0);
	ck_assert_uint_eq(object_find_section(&pair->to, ".rel.BTF"), 0);
}

START_TEST(test_sections)
{
	for_each_pair(check_sections);
}
END_TEST

/* Sections lie one after the other, each aligned, in the file. */
static void check_layout(const struct pair *pair)
{
	const Elf64_Ehdr *header = object_header(&pair->to);
	uint64_t end = sizeof(*header);

	for (size_t i = 1; i < count_sections(&pair->to); i++) {
		const Elf64_Shdr *section = object_section_at(&pair->to, i);

		if (section->sh_type == SHT_NULL || section->sh_type == SHT_NOBITS)
			continue;
		ck_assert_uint_ge(section->sh_offset, end);
		if (section->sh_addralign)
			ck_assert_uint_eq(section->sh_offset % section->sh_addralign, 0);
		end = section->sh_offset + section->sh_size;
	}
	ck_assert_uint_ge(header->e_shoff, end);
	ck_assert_uint_eq(header->e_shoff + count_sections(&pair->to) * sizeof(Elf64_Shdr),
			  pair->to.size);
	ck_assert_uint_eq(header->e_machine, EM_BPF);
	ck_assert_uint_eq(header->e_type, ET_REL);
}

START_TEST(test_layout)
{
	for_each_pair(check_layout);
}
END_TEST

/* --- programs ------------------------------------------------------------------------------ */

/* Every instruction is as it was, in the section of the same number. */
static void check_instructions(const struct pair *pair)
{
	size_t count = 0;

	for (size_t i = 1; i < count_sections(&pair->from); i++) {
		if (!is_code(object_section_at(&pair->from, i)))
			continue;
		ck_assert(is_code(object_section_at(&pair->to, i)));
		ck_assert_str_eq(object_section_name(&pair->to, i), new_name(pair, i));
		if (strncmp(pair->name, "static_map", strlen("static_map")) != 0)
			ck_assert_msg(same_bytes(pair, i), "%s: section %zu", pair->name, i);
		count++;
	}
	ck_assert_uint_gt(count, 0);
}

START_TEST(test_instructions)
{
	for_each_pair(check_instructions);
}
END_TEST

/*
 * Where symbols get other numbers, what names them by number is brought up to date, or dropped. Of
 * programs that use static maps, only the offsets of these in their section are gone.
 */
static void check_static_maps(const char *name)
{
	static const char *const maps[] = { "first", "between", "last" };
	struct pair pair = pair_of(name);
	const Elf64_Shdr *header = object_section(&pair.from, "classifier");
	const struct bpf_insn *from = (void *)object_section_bytes(&pair.from, "classifier");
	const struct bpf_insn *to = (void *)object_section_bytes(&pair.to, "classifier");
	size_t changed = 0;

	for (size_t i = 0; i < header->sh_size / sizeof(*from); i++) {
		struct bpf_insn insn = from[i];

		if (from[i].imm != to[i].imm) {
			ck_assert_uint_eq(insn.code, BPF_LD | BPF_DW | BPF_IMM);
			ck_assert_int_eq(insn.imm, 72); /* last; first has 0 already */
			insn.imm = 0;
			changed++;
		}
		ck_assert_mem_eq(&to[i], &insn, sizeof(insn));
	}
	ck_assert_uint_eq(changed, 1);
	ck_assert_uint_ne(object_find_section(&pair.from, ".llvm_addrsig"), 0);
	ck_assert_uint_eq(object_find_section(&pair.to, ".llvm_addrsig"), 0);
	for (size_t i = 0; i < 3; i++) {
		const Elf64_Rel *relocation = object_relocation(&pair.to, ".relclassifier", i);

		ck_assert_str_eq(
			object_symbol_name(&pair.to,
					   object_symbol_at(&pair.to,
							    ELF64_R_SYM(relocation->r_info))),
			maps[i]);
		ck_assert_uint_eq(relocation->r_offset,
				  object_relocation(&pair.from, ".relclassifier", i)->r_offset);
		ck_assert_uint_eq(ELF64_R_TYPE(relocation->r_info), 1);
	}
	free_pair(&pair);
}

START_TEST(test_static_maps)
{
	check_static_maps("static_map");
	check_static_maps("static_map.btf");
}
END_TEST

START_TEST(test_static_map_nowhere)
{
	struct test_object object = object_load("static_map");
	struct bpf_insn *insns = (void *)object_section_bytes(&object, "classifier");
	size_t offset = object_relocation(&object, ".relclassifier", 2)->r_offset;

	ck_assert_int_eq(insns[offset / sizeof(*insns)].imm, 72);
	insns[offset / sizeof(*insns)].imm = 71;
	assert_refused(&object, NULL, EINVAL, "section classifier: relocation at offset ",
		       "refers to offset 71 of section maps, where no map begins");
	object_free(&object);
}
END_TEST

/* --- symbols ------------------------------------------------------------------------------- */

static bool is_in_maps(const struct pair *pair, const Elf64_Sym *symbol)
{
	return symbol->st_shndx && symbol->st_shndx < SHN_LORESERVE &&
	       object_is_maps(object_section_name(&pair->from, symbol->st_shndx));
}

static bool is_subprogram(const struct pair *pair, const Elf64_Sym *symbol)
{
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
	       strcmp(object_section_name(&pair->to, symbol->st_shndx), ".text") == 0;
}

static bool is_map(const struct pair *pair, const Elf64_Sym *symbol)
{
	return is_in_maps(pair, symbol) && ELF64_ST_TYPE(symbol->st_info) == STT_OBJECT;
}

/* The symbol of the image that a symbol of the object became. */
static const Elf64_Sym *counterpart(const struct pair *pair, const Elf64_Sym *symbol)
{
	const char *name = object_symbol_name(&pair->from, symbol);

	if (*name)
		return object_symbol(&pair->to, name);
	for (size_t i = 0; i < object_nr_symbols(&pair->to); i++) {
		const Elf64_Sym *other = object_symbol_at(&pair->to, i);

		if (other->st_info == symbol->st_info && other->st_shndx == symbol->st_shndx &&
		    !*object_symbol_name(&pair->to, other))
			return other;
	}
	ck_abort_msg("%s: a symbol of section %u is gone", pair->name, symbol->st_shndx);
}

static void check_symbol(const struct pair *pair, const Elf64_Sym *from)
{
	const Elf64_Sym *to = counterpart(pair, from);

	if (is_map(pair, from)) {
		ck_assert_uint_eq(to->st_info, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT));
		ck_assert_uint_eq(to->st_shndx, object_section_index(&pair->to, ".maps"));
		ck_assert_uint_gt(to->st_size, 0);
		ck_assert_uint_le(to->st_value + to->st_size,
				  object_section(&pair->to, ".maps")->sh_size);
		ck_assert_uint_eq(to->st_value % 8, 0);
		return;
	}
	ck_assert_uint_eq(to->st_info, from->st_info);
	/* hidden subprograms are verified with their callers, as they were */
	if (is_subprogram(pair, from))
		ck_assert_uint_eq(to->st_other, STV_HIDDEN);
	else
		ck_assert_uint_eq(to->st_other, from->st_other);
	ck_assert_uint_eq(to->st_shndx, from->st_shndx);
	ck_assert_uint_eq(to->st_value, from->st_value);
	ck_assert_uint_eq(to->st_size, from->st_size);
}

static void check_symbols(const struct pair *pair)
{
	size_t locals = 0;

	ck_assert_uint_eq(object_nr_symbols(&pair->to), object_nr_symbols(&pair->from));
	for (size_t i = 0; i < object_nr_symbols(&pair->from); i++)
		check_symbol(pair, object_symbol_at(&pair->from, i));
	for (size_t i = 0; i < object_nr_symbols(&pair->to); i++) {
		if (ELF64_ST_BIND(object_symbol_at(&pair->to, i)->st_info) != STB_LOCAL)
			continue;
		ck_assert_uint_eq(i, locals);
		locals++;
	}
	ck_assert_uint_eq(object_symbol_table(&pair->to)->sh_info, locals);
}

START_TEST(test_symbols)
{
	for_each_pair(check_symbols);
}
END_TEST

/* What old compilers left out is there. */
START_TEST(test_repaired_symbols)
{
	struct pair pair = { .from = object_load("subprogs") };
	const Elf64_Sym *count;

	object_symbol(&pair.from, "count")->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	object_symbol(&pair.from, "count")->st_size = 0;
	object_symbol(&pair.from, "marks")->st_info = ELF64_ST_INFO(STB_WEAK, STT_NOTYPE);
	object_symbol(&pair.from, "marks")->st_size = 0;
	object_symbol(&pair.from, "marks")->st_other = STV_HIDDEN;
	pair.to = convert(&pair.from);
	count = object_symbol(&pair.to, "count");
	ck_assert_uint_eq(count->st_info, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
	ck_assert_uint_eq(count->st_size, 104);
	ck_assert_uint_eq(object_symbol(&pair.to, "marks")->st_info,
			  ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT));
	ck_assert_uint_eq(object_symbol(&pair.to, "marks")->st_other, STV_DEFAULT);
	ck_assert_uint_gt(object_symbol(&pair.to, "marks")->st_size, 0);
	free_pair(&pair);
}
END_TEST

/* That is so for objects without maps too; of those that lack nothing, the image is the file. */
START_TEST(test_without_maps)
{
	struct test_object object = object_load("nomaps"), image = convert(&object), again;
	const Elf64_Sym *symbol;

	ck_assert_uint_eq(image.size, object.size);
	ck_assert_mem_eq(image.bytes, object.bytes, object.size);
	object_free(&image);

	/* local, as static functions are */
	object_symbol(&object, "lost")->st_info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);
	object_symbol(&object, "lost")->st_size = 0;
	image = convert(&object);
	symbol = object_symbol(&image, "lost");
	ck_assert_uint_eq(symbol->st_info, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
	ck_assert_uint_eq(symbol->st_size, object_section(&object, "fentry/lost")->sh_size);
	ck_assert_uint_eq(object_find_section(&image, ".BTF"), 0);
	ck_assert_uint_eq(object_find_section(&image, ".maps"), 0);
	again = convert(&image);
	ck_assert_uint_eq(again.size, image.size);
	ck_assert_mem_eq(again.bytes, image.bytes, image.size);
	object_free(&again);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* --- relocations --------------------------------------------------------------------------- */

/* Relocations of code refer to the same things by their new numbers. */
static void check_relocations(const struct pair *pair)
{
	for (size_t i = 1; i < count_sections(&pair->from); i++) {
		const Elf64_Shdr *header = object_section_at(&pair->from, i);
		const char *name = object_section_name(&pair->from, i);

		if (header->sh_type != SHT_REL || !strcmp(name, ".rel.BTF") ||
		    !strcmp(name, ".rel.maps") || !strcmp(name, ".relmaps"))
			continue;
		ck_assert_uint_eq(object_section(&pair->to, name)->sh_info, header->sh_info);
		for (size_t j = 0; j < header->sh_size / sizeof(Elf64_Rel); j++) {
			const Elf64_Rel *from = object_relocation(&pair->from, name, j);
			const Elf64_Rel *to = object_relocation(&pair->to, name, j);
			const Elf64_Sym *symbol =
				object_symbol_at(&pair->from, ELF64_R_SYM(from->r_info));

			ck_assert_uint_eq(to->r_offset, from->r_offset);
			ck_assert_uint_eq(ELF64_R_TYPE(to->r_info), ELF64_R_TYPE(from->r_info));
			if (is_in_maps(pair, symbol) &&
			    ELF64_ST_TYPE(symbol->st_info) == STT_SECTION)
				continue; /* see test_static_maps */
			ck_assert_ptr_eq(object_symbol_at(&pair->to, ELF64_R_SYM(to->r_info)),
					 counterpart(pair, symbol));
		}
	}
}

START_TEST(test_relocations)
{
	for_each_pair(check_relocations);
}
END_TEST

/* --- always the same ----------------------------------------------------------------------- */

static void check_again(const struct pair *pair)
{
	struct test_object again = convert(&pair->from), twice = convert(&pair->to);

	ck_assert_uint_eq(again.size, pair->to.size);
	ck_assert_mem_eq(again.bytes, pair->to.bytes, pair->to.size);
	ck_assert_uint_eq(twice.size, pair->to.size);
	ck_assert_mem_eq(twice.bytes, pair->to.bytes, pair->to.size);
	object_free(&again);
	object_free(&twice);
}

/* The same input gives the same bytes, and what is converted stays as it is. */
START_TEST(test_again)
{
	for_each_pair(check_again);
}
END_TEST

/* The image belongs to the object and is made once. */
START_TEST(test_image_once)
{
	struct elfmap_object *object = open_name("nested");
	size_t size, other;
	const void *image = elfmap_object__image(object, &size);

	ck_assert_ptr_eq(elfmap_object__image(object, &other), image);
	ck_assert_uint_eq(other, size);
	elfmap_object__close(object);
}
END_TEST

Suite *write_suite(void)
{
	return suite_of("write", test_sections, test_layout, test_instructions, test_static_maps,
			test_static_map_nowhere, test_symbols, test_repaired_symbols,
			test_without_maps, test_relocations, test_again, test_image_once);
}
