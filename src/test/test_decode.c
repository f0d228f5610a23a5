// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Sections to definitions: each layout, and what sections may not be. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

#include "test/expected.h"
#include "test/opening.h"
#include "test/tests.h"

/* --- definitions --------------------------------------------------------------------------- */

#define assert_word(name, member)                                                                  \
	ck_assert_msg(def->member == expected->def.member, "%s: %s: " #member " %u, not %u", name, \
		      expected->name, def->member, expected->def.member)

static void check_def(const char *object, const struct elfmap_map *map,
		      const struct expected_map *expected)
{
	const struct elfmap_map_def *def = elfmap_map__def(map);

	assert_word(object, has);
	assert_word(object, type);
	assert_word(object, key_size);
	assert_word(object, value_size);
	assert_word(object, max_entries);
	assert_word(object, map_flags);
	assert_word(object, numa_node);
	assert_word(object, id);
	assert_word(object, pinning);
	assert_word(object, inner_id);
	assert_word(object, inner_idx);
	assert_word(object, inner_map_idx);
	ck_assert_uint_eq(elfmap_map__offset(map), expected->offset);
	ck_assert_str_eq(elfmap_map__layout(map), expected->layout);
	ck_assert_uint_eq(def->pin,
			  expected_native(expected) ? ELFMAP_PIN_BY_NAME : expected->def.pin);
	ck_assert_pstr_eq(def->pin_path, expected->def.pin_path);
	ck_assert_pstr_eq(def->inner_name, expected->def.inner_name);
	ck_assert_str_eq(elfmap_map__section(map), expected_section(expected));
}

/* What the evidence must say of maps without BTF, by their layout. */
static const struct layout_evidence {
	const char *layout;
	const char *text;
} evidence[] = {
	{ "bpf_map_def20", "size: no section ID/KEY makes the fifth word an id" },
	{ "bpf_elf_map20",
	  "content: a section ID/KEY names the fifth word as an id, and it is no valid flags" },
	{ "bpf_map_def24", "content: a map of maps of 24 bytes names its inner map by position" },
	{ "bpf_elf_map24", "content: a section ID/KEY names the fifth word as an id" },
	{ "bpf_elf_map24_u8", "content: a section ID/KEY names the fifth word as an id" },
	{ "bpf_map_def28", "content: a map of maps of 28 bytes names its inner map by position" },
	{ "bpf_elf_map40", "size: no relocation makes a pointer of any of its words" },
	{ "goebpf40", "content: relocations make pointers of its last words" },
	{ "android", "content: section size_of_bpf_map_def says so" },
	{ "ebpf_for_windows", "content: each definition begins with its own size" },
	{ "bpf_map_def_padded", "size: what follows the fifth word is zero everywhere" },
};

static const char *expected_evidence(const char *object, const struct expected_map *map)
{
	if (object_has_btf(object))
		return "BTF: it names the members";
	if (strncmp(object, "elf28", strlen("elf28")) == 0)
		return "content: a section ID/KEY names the sixth word as an id";
	if (strcmp(map->layout, "bpf_elf_map28") == 0)
		return "content: a last word of 1 or 2 without BPF_F_NUMA_NODE is a pinning";
	for (size_t i = 0; i < sizeof(evidence) / sizeof(evidence[0]); i++)
		if (strcmp(evidence[i].layout, map->layout) == 0)
			return evidence[i].text;
	return "size: only this layout has definitions of this size";
}

static void check_evidence(const char *object, const struct elfmap_map *map,
			   const struct expected_map *expected)
{
	char text[128];

	if (expected_native(expected)) {
		ck_assert_str_eq(elfmap_map__evidence(map), "libbpf's own form, in section .maps");
		return;
	}
	snprintf(text, sizeof(text), "%s (%zu bytes)", expected_evidence(object, expected),
		 expected->size);
	ck_assert_str_eq(elfmap_map__evidence(map), text);
}

static void check_object(const char *name, bool big_endian)
{
	struct elfmap_object *object = open_name(name);
	struct elfmap_map *map = NULL;
	size_t count = 0;

	while ((map = elfmap_object__next_map(object, map))) {
		const struct expected_map *expected = expected_map(name, elfmap_map__name(map));

		check_def(name, map, expected);
		check_evidence(name, map, expected);
		count++;
	}
	ck_assert_uint_eq(count, expected_count(name));
	ck_assert(elfmap_object__is_legacy(object));
	ck_assert_int_eq(elfmap_object__is_big_endian(object), big_endian);
	elfmap_object__close(object);
}

START_TEST(test_definitions)
{
	for (const char *const *name = object_names(); *name; name++)
		check_object(*name, false);
}
END_TEST

START_TEST(test_big_endian)
{
	for (const char *const *name = object_names_big_endian(); *name; name++)
		check_object(*name, true);
}
END_TEST

/* Definitions that are shown and not translated are read as well. */
START_TEST(test_refused)
{
	for (const char *const *name = object_names_refused(); *name; name++) {
		struct test_object bytes = object_load(*name);
		struct elfmap_object *object;
		size_t size;

		check_object(*name, strstr(*name, ".be"));
		object = open_object(&bytes, NULL);
		ck_assert_ptr_null(elfmap_object__image(object, &size));
		ck_assert_int_eq(errno, ENOTSUP);
		assert_one_error("ebpf-for-windows", "it cannot run on Linux");
		collect_messages();
		ck_assert_int_eq(elfmap_object__load(object), -ENOTSUP);
		assert_one_error("ebpf-for-windows", "it cannot run on Linux");
		elfmap_object__close(object);
		object_free(&bytes);
	}
}
END_TEST

/* The struct that describes a definition is the author's, or else the one that was made. */
START_TEST(test_btf_ids)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *object = open_name(*name);
		const struct btf *btf = elfmap_object__btf(object);
		struct elfmap_map *map = NULL;

		while ((map = elfmap_object__next_map(object, map))) {
			const struct btf_type *type = btf__type_by_id(btf, elfmap_map__btf_id(map));
			const struct expected_map *expected =
				expected_map(*name, elfmap_map__name(map));

			ck_assert(type && btf_is_struct(type));
			if (!object_has_btf(*name) || expected_native(expected))
				continue;
			ck_assert_uint_eq(type->size, expected->size);
			ck_assert_str_eq(btf__name_by_offset(btf, type->name_off),
					 expected_struct_name(expected));
		}
		elfmap_object__close(object);
	}
}
END_TEST

/* --- symbols ------------------------------------------------------------------------------- */

/* Old compilers gave symbols no type and no size; some maps are weak, some local. */
START_TEST(test_bare_symbols)
{
	struct test_object object = object_load("def20");
	struct elfmap_object *opened;

	for (size_t i = 1; i < object_nr_symbols(&object); i++) {
		Elf64_Sym *symbol = object_symbol_at(&object, i);
		unsigned char bind = i % 2 ? STB_WEAK : STB_GLOBAL;

		if (symbol->st_shndx != object_section_index(&object, "maps") ||
		    ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT)
			continue;
		symbol->st_info = (unsigned char)ELF64_ST_INFO(bind, STT_NOTYPE);
		symbol->st_size = 0;
	}
	opened = open_object(&object, NULL);
	for (struct elfmap_map *map = NULL; (map = elfmap_object__next_map(opened, map));)
		check_def("def20", map, expected_map("def20", elfmap_map__name(map)));
	ck_assert_ptr_nonnull(elfmap_object__find_map(opened, "totals"));
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* The order of symbols is not that of definitions. */
START_TEST(test_symbol_order)
{
	struct test_object object = object_load("def16");
	uint64_t *by_mark = &object_symbol(&object, "by_mark")->st_value;
	uint64_t *totals = &object_symbol(&object, "totals")->st_value;
	struct elfmap_object *opened;

	ck_assert_uint_eq(*by_mark, 0);
	*by_mark = *totals;
	*totals = 0;
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_map__name(elfmap_object__next_map(opened, NULL)), "totals");
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "totals"))->max_entries, 100);
	ck_assert_uint_eq(elfmap_map__offset(map_of(opened, "by_mark")), 16);
	ck_assert_uint_eq(elfmap_map__def(map_of(opened, "by_mark"))->max_entries, 2);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

START_TEST(test_no_symbols)
{
	struct test_object object = object_load("def16");

	object_symbol(&object, "by_mark")->st_shndx = SHN_ABS;
	object_symbol(&object, "totals")->st_shndx = SHN_ABS;
	assert_refused(&object, NULL, EINVAL, "section maps: 32 bytes and no map symbol in it");
	object_free(&object);
}
END_TEST

START_TEST(test_indivisible)
{
	struct test_object object = object_load("def16");

	object_resize_section(&object, "maps", 33);
	assert_refused(&object, NULL, EINVAL,
		       "section maps: 33 bytes do not divide by its 2 map symbols (by_mark, ...)");
	object_free(&object);
}
END_TEST

START_TEST(test_overlap)
{
	struct test_object object = object_load("def16");

	object_symbol(&object, "totals")->st_value = 0;
	assert_refused(&object, NULL, EINVAL,
		       "section maps: maps \"totals\" and \"by_mark\" overlap: both at offset 0");
	object_free(&object);
}
END_TEST

START_TEST(test_displaced)
{
	static const uint64_t offsets[] = { 4, 12, 17, 32, UINT64_MAX, 1ULL << 32 };
	struct test_object object = object_load("def16");

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		object_symbol(&object, "totals")->st_value = offsets[i];
		assert_refused(&object, NULL, EINVAL, "section maps: map \"totals\" at offset",
			       "expected 16, 2 maps of 16 bytes each");
	}
	object_free(&object);
}
END_TEST

START_TEST(test_symbol_size)
{
	struct test_object object = object_load("def16");

	object_symbol(&object, "totals")->st_size = 20;
	assert_refused(&object, NULL, EINVAL,
		       "section maps: map \"totals\": symbol size 20: expected 16");
	object_free(&object);
}
END_TEST

/* --- sections ------------------------------------------------------------------------------ */

START_TEST(test_unknown_size)
{
	static const size_t sizes[] = { 1, 4, 8, 12, 17, 37, 44, 4096 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct test_object object = object_load("counter");
		char text[64];

		object_resize_section(&object, "maps", sizes[i]);
		object_symbol(&object, "packets")->st_size = sizes[i];
		/* longer definitions are read if nothing follows what all have */
		if (sizes[i] > 24)
			*object_map_word(&object, "packets", 5) = 1;
		snprintf(text, sizeof(text), "definitions of %zu bytes (map \"packets\")",
			 sizes[i]);
		assert_refused(&object, NULL, ENOTSUP, "section maps: ", text,
			       "no known layout has this size");
		object_free(&object);
	}
}
END_TEST

/* An object without maps is no legacy object, and its image is what was given. */
START_TEST(test_no_maps)
{
	struct test_object object = object_load("counter");
	struct elfmap_object *opened;
	size_t size;

	object_section(&object, "maps")->sh_size = 0;
	object_symbol(&object, "packets")->st_shndx = SHN_ABS;
	opened = open_object(&object, NULL);
	ck_assert(!elfmap_object__is_legacy(opened));
	ck_assert_ptr_null(elfmap_object__next_map(opened, NULL));
	ck_assert_ptr_null(elfmap_object__btf(opened));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_mem_eq(elfmap_object__image(opened, &size), object.bytes, object.size);
	ck_assert_uint_eq(size, object.size);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* Instructions are no definitions, whatever the section is called. */
START_TEST(test_code_in_maps)
{
	struct test_object object = object_load("static_map");

	object_section(&object, "maps")->sh_flags |= SHF_EXECINSTR;
	assert_refused(&object, NULL, EINVAL, "section maps");
	object_free(&object);
}
END_TEST

/* --- programs ------------------------------------------------------------------------------ */

START_TEST(test_programs)
{
	struct elfmap_object *object = open_name("subprogs");
	const struct elfmap_program *program = NULL;

	program = elfmap_object__next_program(object, program);
	ck_assert_str_eq(elfmap_program__name(program), "count");
	ck_assert_str_eq(elfmap_program__section(program), ".text");
	ck_assert_uint_eq(elfmap_program__insn_cnt(program), 13);
	ck_assert(elfmap_program__is_subprogram(program));
	program = elfmap_object__next_program(object, program);
	ck_assert_str_eq(elfmap_program__name(program), "is_marked");
	ck_assert_uint_eq(elfmap_program__insn_cnt(program), 21);
	ck_assert(elfmap_program__is_subprogram(program));
	program = elfmap_object__next_program(object, program);
	ck_assert_str_eq(elfmap_program__name(program), "classify");
	ck_assert_str_eq(elfmap_program__section(program), "classifier");
	ck_assert_uint_eq(elfmap_program__insn_cnt(program), 28);
	ck_assert(!elfmap_program__is_subprogram(program));
	ck_assert_ptr_null(elfmap_object__next_program(object, program));
	elfmap_object__close(object);
}
END_TEST

/* Functions without type and size: up to the next one, or to the section's end. */
START_TEST(test_bare_functions)
{
	struct test_object object = object_load("subprogs");
	Elf64_Sym *count = object_symbol(&object, "count");
	Elf64_Sym *classify = object_symbol(&object, "classify");
	struct elfmap_object *opened;

	count->st_info = classify->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	count->st_size = classify->st_size = 0;
	opened = open_object(&object, NULL);
	ck_assert_uint_eq(elfmap_program__insn_cnt(program_of(opened, "count")), 13);
	ck_assert_uint_eq(elfmap_program__insn_cnt(program_of(opened, "classify")), 28);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* A static function without a type is the name at the section's start, which is no label. */
START_TEST(test_bare_static)
{
	struct test_object object = object_load("counter");
	struct elfmap_object *opened;

	object_symbol(&object, "classify")->st_info = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);
	object_symbol(&object, "classify")->st_size = 0;
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_program__section(program_of(opened, "classify")), "classifier");
	ck_assert_uint_eq(elfmap_program__insn_cnt(program_of(opened, "classify")) * 8,
			  object_section(&object, "classifier")->sh_size);
	elfmap_object__close(opened);
	object_rename_symbol(&object, "classify", "LBB7_1");
	opened = open_object(&object, NULL);
	ck_assert_ptr_eq(elfmap_object__next_program(opened, NULL),
			 program_of(opened, "prog_classifier"));
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* A section where no symbol names a function is a program all the same, with a name of its own. */
START_TEST(test_nameless)
{
	struct test_object object = object_load("counter"), image;
	size_t section = object_section_index(&object, "classifier");
	struct elfmap_object *opened;
	const Elf64_Sym *symbol;

	object_symbol(&object, "classify")->st_shndx = SHN_UNDEF;
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_program__section(program_of(opened, "prog_classifier")),
			 "classifier");
	ck_assert_uint_eq(elfmap_program__insn_cnt(program_of(opened, "prog_classifier")) * 8,
			  object_section(&object, "classifier")->sh_size);
	image = image_of(opened);
	symbol = object_symbol(&image, "prog_classifier");
	ck_assert_uint_eq(symbol->st_info, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC));
	ck_assert_uint_eq(symbol->st_shndx, section);
	ck_assert_uint_eq(symbol->st_value, 0);
	ck_assert_uint_eq(symbol->st_size, object_section(&object, "classifier")->sh_size);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* libbpf takes static functions as subprograms only, and those in .text only. */
START_TEST(test_static_neighbour)
{
	struct test_object object = object_load("subprogs");

	object_rename_section(&object, ".text", "socket");
	assert_refused(&object, NULL, ENOTSUP, "section socket: static function \"is_marked\"");
	object_free(&object);
}
END_TEST

/* The only function of an object is no subprogram, even in .text. */
START_TEST(test_only_function)
{
	struct elfmap_object *opened = open_name("text_only");

	ck_assert_str_eq(elfmap_program__section(program_of(opened, "classify")), ".text");
	ck_assert(!elfmap_program__is_subprogram(program_of(opened, "classify")));
	elfmap_object__close(opened);
}
END_TEST

START_TEST(test_bad_functions)
{
	static const struct {
		uint64_t offset, size;
	} bad[] = {
		{ 0, 232 },
		{ 0, 220 },
		{ 4, 8 },
		{ 224, 8 },
		{ 8, UINT64_MAX - 7 },
		{ UINT64_MAX - 7, 8 },
		{ UINT64_MAX - 7, 0 },
		{ 224, 0 },
	};
	struct test_object object = object_load("subprogs");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		object_symbol(&object, "classify")->st_value = bad[i].offset;
		object_symbol(&object, "classify")->st_size = bad[i].size;
		assert_refused(&object, NULL, EINVAL, "section classifier: program \"classify\": ",
			       "within the section's 224 bytes");
	}
	object_free(&object);
}
END_TEST

Suite *decode_suite(void)
{
	return suite_of("decode", test_definitions, test_big_endian, test_refused, test_btf_ids,
			test_bare_symbols, test_symbol_order, test_no_symbols, test_indivisible,
			test_overlap, test_displaced, test_symbol_size, test_unknown_size,
			test_no_maps, test_code_in_maps, test_programs, test_bare_functions,
			test_bare_static, test_nameless, test_static_neighbour, test_only_function,
			test_bad_functions);
}
