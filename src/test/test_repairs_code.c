// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Repairs of code and data, by hand: calls with SHT_RELA, functions that symbols do not say, programs
 * in .text, global data, section version.
 */
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/aged.h"
#include "test/opening.h"
#include "test/renumber.h"
#include "test/repaired.h"
#include "test/tests.h"

#define NAMED "3 maps in sections of their own (maps/<name>): merged into .maps"
#define RELA "1 section with SHT_RELA relocations, which libbpf passes over: now SHT_REL"
#define UNTYPED(count) count " without a type or size: now typed and sized"
#define CALL (BPF_JMP | BPF_CALL)

/* --- calls --------------------------------------------------------------------------------- */

/* How compilers that wrote SHT_RELA counted: what is added to the symbol. */
enum call_form {
	CALL_BYTES, /* up to the function */
	CALL_COUNT, /* what a call with SHT_REL has: instructions, less one */
};

/* SHT_RELA for the code of subprogs.o that calls; what is added leaves the instructions. */
static void make_rela(struct test_object *object, enum call_form form)
{
	size_t count = object_section(object, ".relclassifier")->sh_size / sizeof(Elf64_Rel);
	Elf64_Shdr *header;
	Elf64_Rela *entries;

	object_resize_section(object, ".relclassifier", count * sizeof(*entries));
	header = object_section(object, ".relclassifier");
	entries = (void *)(object->bytes + header->sh_offset);
	for (size_t i = count; i-- > 0;) {
		Elf64_Rel old = ((Elf64_Rel *)(void *)entries)[i];
		struct bpf_insn *insn =
			(void *)(object_section_bytes(object, "classifier") + old.r_offset);
		Elf64_Sxword addend = insn->imm;

		if (insn->code == CALL && form == CALL_BYTES)
			addend = (addend + 1) * (Elf64_Sxword)sizeof(*insn);
		insn->imm = 0;
		entries[i] = (Elf64_Rela){ old.r_offset, old.r_info, addend };
	}
	header->sh_type = SHT_RELA;
	header->sh_entsize = sizeof(*entries);
	object_rename_section(object, ".relclassifier", ".relaclassifier");
}

START_TEST(test_rela_calls)
{
	for (int form = CALL_BYTES; form <= CALL_COUNT; form++) {
		static const char *const names[] = { "subprogs", "subprogs.btf", "global_sub" };

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			struct test_object object = object_load(names[i]);

			make_rela(&object, (enum call_form)form);
			assert_repaired(names[i], object, RELA);
		}
	}
}
END_TEST

/* The first function of .text by section: there is nothing to add in bytes. */
START_TEST(test_rela_call_of_first)
{
	struct test_object young = object_load("subprogs"), object;
	Elf64_Rel *call = object_relocation(&young, ".relclassifier", 1);

	call->r_info =
		ELF64_R_INFO(object_section_symbol(&young, ".text"), ELF64_R_TYPE(call->r_info));
	object = object_copy(&young);
	make_rela(&object, CALL_COUNT);
	check_repaired("subprogs", object_copy(&young), object,
		       (const char *const[]){ RELA, NULL });
	object = object_copy(&young);
	make_rela(&object, CALL_BYTES);
	check_repaired("subprogs", young, object, (const char *const[]){ RELA, NULL });
}
END_TEST

/* A call to the middle of a function is refused, not sent to its beginning. */
START_TEST(test_rela_call_astray)
{
	struct test_object object = object_load("subprogs");
	struct elfmap_object *opened;
	Elf64_Rela *entries;
	size_t size;

	make_rela(&object, CALL_BYTES);
	entries = (void *)object_section_bytes(&object, ".relaclassifier");
	entries[2].r_addend += 2 * (Elf64_Sxword)sizeof(struct bpf_insn);
	opened = open_object(&object, NULL);
	ck_assert_ptr_null(elfmap_object__image(opened, &size));
	assert_one_error("section classifier: relocation at offset 160", "SHT_RELA", "call");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/*
 * A static subprogram without a type (LLVM before 8) is a function still: programs call it, and what
 * libbpf takes for a part of the one before it would be called in its place.
 */
START_TEST(test_untyped_subprogram)
{
	const char *name = _i ? "subprogs.btf" : "subprogs";
	struct test_object object = object_load(name);

	age_function_symbols(&object);
	assert_repaired(name, object, UNTYPED("3 function symbols"));
}
END_TEST

/* --- programs ------------------------------------------------------------------------------ */

START_TEST(test_static_program)
{
	static const char *const names[] = { "counter", "counter.btf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct test_object object = object_load(names[i]);

		object_symbol(&object, "direct")->st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC);
		order_symbols(&object, 0);
		assert_repaired(names[i], object, "1 static program: now global");
	}
}
END_TEST

START_TEST(test_untyped_static_program)
{
	struct test_object object = object_load("counter");

	age_function_symbols(&object);
	object_symbol(&object, "direct")->st_info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);
	order_symbols(&object, 0);
	assert_repaired("counter", object, UNTYPED("2 function symbols"),
			"1 static program: now global");
}
END_TEST

/* A section is a program to old loaders, with a symbol or without. */
START_TEST(test_nameless)
{
	struct test_object object = object_load(_i ? "counter.btf" : "counter"), young, image, same;
	struct elfmap_object *opened;

	young = object_copy(&object);
	object_rename_symbol(&young, "direct", "prog_ingress");
	same = convert(&young);
	remove_symbol(&object, "direct");
	opened = open_object(&object, NULL);
	assert_expected_maps(opened, "counter");
	assert_repairs(opened,
		       (const char *const[]){ "1 section of code without a function symbol: "
					      "now with one",
					      NULL });
	image = image_of(opened);
	assert_sound_image(&image);
	assert_same_code(&object, &image);
	if (_i == 0)
		assert_same_view(&image, &same);
	elfmap_object__close(opened);
	object_free(&same);
	object_free(&image);
	object_free(&young);
	object_free(&object);
}
END_TEST

/* --- .text --------------------------------------------------------------------------------- */

/* The names of sections in .BTF.ext's functions and lines: one list each in these objects. */
static const char *ext_name(const struct test_object *image, const struct btf *btf, size_t segment)
{
	const uint8_t *ext = object_section_bytes(image, ".BTF.ext");
	uint32_t header, offset, name;

	memcpy(&header, ext + 4, sizeof(header));
	memcpy(&offset, ext + 8 + 8 * segment, sizeof(offset));
	memcpy(&name, ext + header + offset + 4, sizeof(name));
	return btf__name_by_offset(btf, name);
}

START_TEST(test_text_in_btf_ext)
{
	struct test_object object = object_load("text_only.btf"), image;
	struct btf *btf;

	age_machine(&object);
	age_function_symbols(&object);
	image = convert(&object);
	btf = btf__new(object_section_bytes(&image, ".BTF"),
		       (uint32_t)object_section(&image, ".BTF")->sh_size);
	ck_assert_ptr_nonnull(btf);
	ck_assert_uint_eq(object_find_section(&image, ".text"), 0);
	ck_assert_uint_ne(object_find_section(&image, "text"), 0);
	ck_assert_str_eq(ext_name(&image, btf, 0), "text");
	ck_assert_str_eq(ext_name(&image, btf, 1), "text");
	btf__free(btf);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* --- data ---------------------------------------------------------------------------------- */

static void make_untyped(struct test_object *object, const char *name, bool keep_size)
{
	Elf64_Sym *symbol = object_symbol(object, name);

	symbol->st_info = (unsigned char)ELF64_ST_INFO(ELF64_ST_BIND(symbol->st_info), STT_NOTYPE);
	if (!keep_size)
		symbol->st_size = 0;
}

static struct test_object untyped_data(const char *name, bool keep_size)
{
	struct test_object object = object_load(name);

	make_untyped(&object, "total", keep_size);
	make_untyped(&object, "seen", keep_size);
	make_untyped(&object, "packets_key", keep_size);
	return object;
}

/* libbpf finds the variables of BTF's DATASECs by typed symbols. */
START_TEST(test_untyped_data)
{
	struct test_object object = untyped_data("globals.btf", true);

	assert_repaired("globals.btf", object,
			"3 symbols of global data without a type: now typed");
	assert_repaired("globals.btf", untyped_data("globals.btf", false),
			"3 symbols of global data without a type: now typed");
	object = object_load("globals.btf");
	make_untyped(&object, "license_text", false);
	assert_repaired("globals.btf", object, "1 symbol of global data without a type: now typed");
}
END_TEST

/* Without BTF it looks for none; but the image has BTF, and must need no repair itself. */
START_TEST(test_untyped_data_without_btf)
{
	struct test_object object = untyped_data("globals", false), image = convert(&object);

	assert_sound_image(&image);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* The maps of global data are libbpf's; of what definitions point to there are to be none. */
static void check_nr_maps(const struct test_object *object, size_t expected)
{
	struct test_object image = convert(object);
	struct bpf_object *opened = bpf_object__open_mem(image.bytes, image.size, NULL);
	struct bpf_map *map;
	size_t count = 0;

	ck_assert_ptr_nonnull(opened);
	bpf_object__for_each_map(map, opened)
		count++;
	ck_assert_uint_eq(count, expected);
	bpf_object__close(opened);
	object_free(&image);
}

START_TEST(test_paths)
{
	struct test_object object = object_load(_i ? "goebpf.btf" : "goebpf");
	struct elfmap_object *opened;
	Elf64_Rel *entry;

	check_nr_maps(&object, 7);
	/* where a program uses one of them as well, it stays data */
	entry = object_relocation(&object, ".relxdp", 4);
	entry->r_info = ELF64_R_INFO(object_symbol_index(&object, "totals_path"),
				     ELF64_R_TYPE(entry->r_info));
	check_nr_maps(&object, 8);
	opened = open_object(&object, NULL);
	assert_repairs(opened, (const char *const[]){
				       "section .rodata.str1.1 holds only what definitions point "
				       "to: libbpf will not make a map of it",
				       NULL });
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* --- version ------------------------------------------------------------------------------- */

static struct test_object with_version(const char *name, size_t size)
{
	struct test_object object = object_load(name);

	object_resize_section(&object, "version", size);
	object_symbol(&object, "running_version")->st_size = size;
	return object;
}

START_TEST(test_odd_version)
{
	const char *name = _i ? "gobpf.btf" : "gobpf";

	assert_repaired(name, with_version(name, 4), NAMED);
	assert_repaired(
		name, with_version(name, 8),
		"section version holds 8 bytes and not a number of 4: libbpf will pass it over",
		NAMED);
	assert_repaired(
		name, with_version(name, 2),
		"section version holds 2 bytes and not a number of 4: libbpf will pass it over",
		NAMED);
}
END_TEST

Suite *repairs_code_suite(void)
{
	Suite *suite = suite_of("repairs_code", test_rela_calls, test_rela_call_of_first,
				test_rela_call_astray, test_static_program,
				test_untyped_static_program, test_text_in_btf_ext,
				test_untyped_data, test_untyped_data_without_btf);

	/* without BTF and with it */
	add_loop_test(suite, test_untyped_subprogram, 2);
	add_loop_test(suite, test_nameless, 2);
	add_loop_test(suite, test_paths, 2);
	add_loop_test(suite, test_odd_version, 2);
	return suite;
}
