// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of repaired.h that looks at images without libbpf. */
#include <string.h>

#include <linux/bpf.h>

#include "test/aged.h"
#include "test/opening.h"
#include "test/repaired.h"
#include "test/tests.h"

#define LOAD_64 (BPF_LD | BPF_IMM | BPF_DW)
#define CALL (BPF_JMP | BPF_CALL)

/* --- code ---------------------------------------------------------------------------------- */

/* The section of relocations of a section, NULL if there is none. */
static const Elf64_Shdr *relocations_of(const struct test_object *object, size_t target)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);

		if ((header->sh_type == SHT_REL || header->sh_type == SHT_RELA) &&
		    header->sh_info == target)
			return header;
	}
	return NULL;
}

static size_t section_index(const struct test_object *object, const Elf64_Shdr *header)
{
	return (size_t)(header - object_section_at(object, 0));
}

/* The relocation at an offset of a section, NULL if there is none. Rela begins as Rel. */
static const Elf64_Rel *relocation_at(const struct test_object *object, size_t target,
				      uint64_t offset)
{
	const Elf64_Shdr *header = relocations_of(object, target);

	for (size_t at = 0; header && at < header->sh_size; at += header->sh_entsize) {
		const Elf64_Rel *entry = (void *)(object->bytes + header->sh_offset + at);

		if (entry->r_offset == offset)
			return entry;
	}
	return NULL;
}

static struct bpf_insn *insns_of(const struct test_object *object, size_t section)
{
	return (void *)(object->bytes + object_section_at(object, section)->sh_offset);
}

void assert_same_code(const struct test_object *object, const struct test_object *image)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);
		size_t count = header->sh_size / sizeof(struct bpf_insn);

		if (!is_code_section(object, i))
			continue;
		/* sections keep their numbers */
		ck_assert_uint_eq(object_section_at(image, i)->sh_size, header->sh_size);
		for (size_t j = 0; j < count; j++) {
			struct bpf_insn a = insns_of(object, i)[j], b = insns_of(image, i)[j];

			if (relocation_at(object, i, j * sizeof(a)))
				a.imm = b.imm;
			/* what follows a load has nothing but its upper half */
			if (j && insns_of(object, i)[j - 1].code == LOAD_64)
				a.imm = b.imm;
			ck_assert_mem_eq(&a, &b, sizeof(a));
		}
	}
}

void assert_same_relocations(const struct test_object *a, const struct test_object *b)
{
	for (size_t i = 1; i < object_header(a)->e_shnum; i++) {
		const Elf64_Shdr *header = relocations_of(a, i), *other;
		size_t same;

		if (!is_code_section(a, i) || !header)
			continue;
		same = object_section_index(b, object_section_name(a, i));
		other = relocations_of(b, same);
		ck_assert_ptr_nonnull(other);
		ck_assert_uint_eq(header->sh_type, SHT_REL);
		ck_assert_uint_eq(other->sh_type, SHT_REL);
		ck_assert_uint_eq(header->sh_size, other->sh_size);
		/* libbpf takes relocations by their type; others by the name */
		ck_assert_str_eq(object_section_name(a, section_index(a, header)),
				 object_section_name(b, section_index(b, other)));
		for (size_t j = 0; j < header->sh_size / sizeof(Elf64_Rel); j++) {
			const Elf64_Rel *left =
				(const Elf64_Rel *)(void *)(a->bytes + header->sh_offset) + j;
			const Elf64_Rel *right = relocation_at(b, same, left->r_offset);
			const Elf64_Sym *from, *to;

			ck_assert_ptr_nonnull(right);
			from = object_symbol_at(a, ELF64_R_SYM(left->r_info));
			to = object_symbol_at(b, ELF64_R_SYM(right->r_info));
			ck_assert_str_eq(object_symbol_name(a, from), object_symbol_name(b, to));
			ck_assert_uint_eq(from->st_value, to->st_value);
			ck_assert_str_eq(object_section_name(a, from->st_shndx),
					 object_section_name(b, to->st_shndx));
		}
	}
}

/* --- images -------------------------------------------------------------------------------- */

static bool begins_function(const struct test_object *image, size_t section, uint64_t offset)
{
	for (size_t i = 1; i < object_nr_symbols(image); i++) {
		const Elf64_Sym *symbol = object_symbol_at(image, i);

		if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx == section &&
		    symbol->st_value == offset)
			return true;
	}
	return false;
}

/* libbpf takes what is called for the beginning of the function that the place is in. */
static void assert_calls(const struct test_object *image, size_t section)
{
	size_t count = object_section_at(image, section)->sh_size / sizeof(struct bpf_insn);

	for (size_t i = 0; i < count; i++) {
		const struct bpf_insn *insn = &insns_of(image, section)[i];
		const Elf64_Rel *entry = relocation_at(image, section, i * sizeof(*insn));
		int64_t to = ((int64_t)insn->imm + 1) * (int64_t)sizeof(*insn);
		size_t in = section;

		if (insn->code != CALL || insn->src_reg != BPF_PSEUDO_CALL)
			continue;
		if (entry) {
			const Elf64_Sym *symbol =
				object_symbol_at(image, ELF64_R_SYM(entry->r_info));

			in = symbol->st_shndx;
			to += (int64_t)symbol->st_value;
		} else {
			to += (int64_t)(i * sizeof(*insn));
		}
		ck_assert_msg(to >= 0 && begins_function(image, in, (uint64_t)to),
			      "instruction %zu of section %s calls offset %lld of %s, where no "
			      "function begins",
			      i, object_section_name(image, section), (long long)to,
			      object_section_name(image, in));
	}
}

void assert_sound_image(const struct test_object *image)
{
	struct test_object again = convert(image);

	ck_assert_uint_eq(again.size, image->size);
	ck_assert_mem_eq(again.bytes, image->bytes, image->size);
	object_free(&again);
	ck_assert_uint_eq(object_header(image)->e_machine, EM_BPF);
	for (size_t i = 1; i < object_nr_symbols(image); i++) {
		const Elf64_Sym *symbol = object_symbol_at(image, i);
		unsigned int type = ELF64_ST_TYPE(symbol->st_info);

		if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE)
			continue;
		if (type != STT_SECTION &&
		    !strcmp(object_section_name(image, symbol->st_shndx), ".maps"))
			ck_assert_uint_eq(symbol->st_info, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT));
		ck_assert(type != STT_FUNC || symbol->st_size);
	}
	for (size_t i = 1; i < object_header(image)->e_shnum; i++) {
		if (is_code_section(image, i))
			assert_calls(image, i);
	}
}
