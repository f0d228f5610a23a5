// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What old compilers left is read as what it was, said, and mended: one repair after the other, and
 * all together on every object of testdata.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/aged.h"
#include "test/expected.h"
#include "test/opening.h"
#include "test/repaired.h"
#include "test/tests.h"

#define MACHINE "e_machine 0: now 247 (BPF)"
#define TOGETHER "legacy and BTF-defined maps in one object: merged into .maps"
#define MIXED_SIZES "section maps holds definitions of different sizes, as after static linking"
#define TEXT "a program in section .text, where libbpf expects subprograms: now in section text"
#define NAMED(count) count " in sections of their own (maps/<name>): merged into .maps"
#define UNTYPED(count) count " without a type or size: now typed and sized"
#define BY_SECTION(count) count " to a map by section and offset: now by the map's symbol"
#define RELA(count) count " with SHT_RELA relocations, which libbpf passes over: now SHT_REL"
#define POINTED(section) \
	"section " section " holds only what definitions point to: libbpf will not make a map of it"

/* --- one by one ---------------------------------------------------------------------------- */

static void age_nothing(struct test_object *object)
{
	(void)object;
}

static const struct {
	const char *name;
	void (*age)(struct test_object *object);
	const char *repairs[5];
} cases[] = {
	{ "def20", age_nothing, { NULL } },
	{ "mixed.btf", age_nothing, { TOGETHER } },
	{ "mixedsizes", age_nothing, { MIXED_SIZES } },
	{ "mixedsizes.btf", age_nothing, { MIXED_SIZES } },
	{ "sections20", age_nothing, { NAMED("3 maps") } },
	{ "sections20.btf", age_nothing, { NAMED("3 maps") } },
	{ "text_only", age_nothing, { TEXT } },
	{ "goebpf", age_nothing, { POINTED(".rodata"), POINTED(".rodata.str1.1") } },
	{ "weak.btf", age_nothing, { "2 weak map symbols: now global" } },
	{ "static_map.btf",
	  age_nothing,
	  { "2 static maps: now global", BY_SECTION("2 references") } },

	{ "counter", age_machine, { MACHINE } },
	{ "counter.btf", age_machine, { MACHINE } },
	{ "mixed.btf", age_machine, { MACHINE, TOGETHER } },

	{ "counter", age_function_symbols, { UNTYPED("2 function symbols") } },
	{ "tailcalls.btf", age_function_symbols, { UNTYPED("6 function symbols") } },
	{ "xdp", age_function_symbols, { UNTYPED("1 function symbol") } },
	{ "text_only", age_function_symbols, { UNTYPED("1 function symbol"), TEXT } },
	{ "global_sub", age_function_symbols, { UNTYPED("2 function symbols") } },

	{ "counter", age_map_symbols, { UNTYPED("1 map symbol") } },
	{ "def20.btf", age_map_symbols, { UNTYPED("4 map symbols") } },
	{ "mixedsizes", age_map_symbols, { MIXED_SIZES, UNTYPED("5 map symbols") } },
	{ "mixed.btf", age_map_symbols, { TOGETHER, UNTYPED("2 map symbols") } },
	{ "static_map",
	  age_map_symbols,
	  { UNTYPED("3 map symbols"), "2 static maps: now global", BY_SECTION("2 references") } },

	{ "counter", age_weak_maps, { "1 weak map symbol: now global" } },
	{ "nested.btf", age_weak_maps, { "8 weak map symbols: now global" } },
	{ "static_map",
	  age_weak_maps,
	  { "2 static maps: now global", "1 weak map symbol: now global",
	    BY_SECTION("2 references") } },

	{ "def20", age_static_maps, { "4 static maps: now global", BY_SECTION("5 references") } },
	{ "nested", age_static_maps, { "8 static maps: now global", BY_SECTION("4 references") } },
	{ "counter", age_static_maps, { "1 static map: now global", BY_SECTION("2 references") } },
	{ "goebpf",
	  age_static_maps,
	  { POINTED(".rodata"), POINTED(".rodata.str1.1"), "7 static maps: now global",
	    BY_SECTION("7 references") } },
	{ "sections20",
	  age_static_maps,
	  { NAMED("3 maps"), "3 static maps: now global", BY_SECTION("3 references") } },
	{ "mixedsizes",
	  age_static_maps,
	  { MIXED_SIZES, "5 static maps: now global", BY_SECTION("6 references") } },

	{ "counter", age_labels, { NULL } },
	{ "def20.btf", age_symbol_order, { NULL } },
	{ "mixedsizes", age_symbol_order, { MIXED_SIZES } },
	{ "def20", age_no_license, { NULL } },

	{ "def20", age_rela, { RELA("2 sections") } },
	{ "nested.btf", age_rela, { RELA("1 section") } },
	{ "globals", age_rela, { RELA("1 section") } },
	{ "globals.btf", age_rela, { RELA("1 section") } },
	{ "mixed.btf", age_rela, { RELA("1 section"), TOGETHER } },
	{ "static_map",
	  age_rela,
	  { RELA("1 section"), "2 static maps: now global", BY_SECTION("2 references") } },
	{ "goebpf", age_rela, { RELA("1 section"), POINTED(".rodata"), POINTED(".rodata.str1.1") } },
	{ "goebpf.btf",
	  age_rela,
	  { RELA("1 section"), POINTED(".rodata"), POINTED(".rodata.str1.1") } },
};
#define NR_CASES (sizeof(cases) / sizeof(cases[0]))

START_TEST(test_each)
{
	struct test_object object = object_load(cases[_i].name);

	cases[_i].age(&object);
	check_repaired(cases[_i].name, object_load(cases[_i].name), object, cases[_i].repairs);
}
END_TEST

/* --- all together -------------------------------------------------------------------------- */

/* What an object is before and after, as its bytes say it. */
struct counts {
	size_t maps, named, is_static, weak, by_section; /* in legacy sections */
	size_t functions, rela;
};

static size_t count_by_section(const struct test_object *object, const Elf64_Shdr *header)
{
	size_t count = 0;

	for (size_t at = 0; at < header->sh_size; at += header->sh_entsize) {
		const Elf64_Rel *entry = (void *)(object->bytes + header->sh_offset + at);
		const Elf64_Sym *symbol = object_symbol_at(object, ELF64_R_SYM(entry->r_info));

		count += ELF64_ST_TYPE(symbol->st_info) == STT_SECTION &&
			 is_map_section(object, symbol->st_shndx);
	}
	return count;
}

static struct counts count(const struct test_object *young, const struct test_object *old)
{
	struct counts counts = { 0 };

	for (size_t i = 1; i < object_nr_symbols(old); i++) {
		const Elf64_Sym *symbol = object_symbol_at(old, i);

		if (!is_map_symbol(old, symbol))
			continue;
		counts.maps++;
		counts.named += strcmp(object_section_name(old, symbol->st_shndx), "maps") != 0;
		counts.is_static += ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;
		counts.weak += ELF64_ST_BIND(symbol->st_info) == STB_WEAK;
	}
	for (size_t i = 1; i < object_nr_symbols(young); i++)
		counts.functions += is_function_symbol(young, object_symbol_at(young, i));
	for (size_t i = 1; i < object_header(old)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(old, i);

		if ((header->sh_type != SHT_REL && header->sh_type != SHT_RELA) ||
		    !is_code_section(old, header->sh_info))
			continue;
		counts.rela += header->sh_type == SHT_RELA;
		counts.by_section += count_by_section(old, header);
	}
	return counts;
}

/* The repairs of an object in the making. */
struct repairs {
	char texts[12][128];
	const char *list[13];
	size_t count;
};

static void add(struct repairs *repairs, const char *format, size_t count, const char *plural)
{
	char *text = repairs->texts[repairs->count];

	if (!count)
		return;
	ck_assert_uint_lt(repairs->count, sizeof(repairs->texts) / sizeof(repairs->texts[0]));
	snprintf(text, sizeof(repairs->texts[0]), format, count, plural);
	repairs->list[repairs->count++] = text;
}

static bool is_from(const char *name, const char *source)
{
	size_t length = strcspn(name, ".");

	return strlen(source) == length && !strncmp(name, source, length);
}

#define PLURAL(count) (count), (count) == 1 ? "" : "s"

static void add_maps(struct repairs *repairs, const struct counts *counts)
{
	add(repairs, UNTYPED("%zu map symbol%s"), PLURAL(counts->maps));
	add(repairs, "%zu static map%s: now global", PLURAL(counts->is_static));
	add(repairs, "%zu weak map symbol%s: now global", PLURAL(counts->weak));
	add(repairs, BY_SECTION("%zu reference%s"), PLURAL(counts->by_section));
}

/* In the order in which they are said. */
static void expect_repairs(const char *name, const struct counts *counts, struct repairs *repairs)
{
	bool points = is_from(name, "goebpf");

	repairs->list[repairs->count++] = MACHINE;
	add(repairs, RELA("%zu section%s"), PLURAL(counts->rela));
	add(repairs, NAMED("%zu map%s"), PLURAL(counts->named));
	if (is_from(name, "mixedsizes"))
		repairs->list[repairs->count++] = MIXED_SIZES;
	if (points) {
		repairs->list[repairs->count++] = POINTED(".rodata");
		repairs->list[repairs->count++] = POINTED(".rodata.str1.1");
	}
	if (is_from(name, "mixed") || is_from(name, "mixed_order"))
		repairs->list[repairs->count++] = TOGETHER;
	add_maps(repairs, counts);
	add(repairs, UNTYPED("%zu function symbol%s"), PLURAL(counts->functions));
	if (is_from(name, "text_only"))
		repairs->list[repairs->count++] = TEXT;
}

static void check_together(const char *name)
{
	struct test_object young = object_load(name), old = object_copy(&young);
	struct repairs repairs = { .count = 0 };
	struct counts counts;

	age_all(&old);
	counts = count(&young, &old);
	expect_repairs(name, &counts, &repairs);
	check_repaired(name, young, old, repairs.list);
}

/* Each run takes some of the objects, so that not one defect hides all others. */
#define NR_RUNS 16

START_TEST(test_together)
{
	const char *const *names = object_names();

	for (size_t i = 0; names[i]; i++) {
		/* its static subprogram has a test in test_repairs_code.c */
		if (i % NR_RUNS == (size_t)_i && !is_from(names[i], "subprogs"))
			check_together(names[i]);
	}
}
END_TEST

/* --- what is no repair --------------------------------------------------------------------- */

START_TEST(test_license)
{
	struct test_object object = object_load("def20");
	struct elfmap_object *opened = open_object(&object, NULL);
	char *notes = remarks_of(opened, ELFMAP_REMARK_NOTE);

	ck_assert_str_eq(notes, "");
	free(notes);
	elfmap_object__close(opened);
	age_no_license(&object);
	opened = open_object(&object, NULL);
	notes = remarks_of(opened, ELFMAP_REMARK_NOTE);
	ck_assert_str_eq(notes, "no section license: helpers that only GPL programs may call are "
				"refused\n");
	free(notes);
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* Objects whose maps a loader of today passes over without a word: this one says it. */
START_TEST(test_passed_over)
{
	struct elfmap_object *opened = open_name("sections20");
	char *notes CLEANUP(cleanup_free) = remarks_of(opened, ELFMAP_REMARK_NOTE);

	ck_assert_str_eq(notes, "libbpf 1.x and bpftool open this object without an error and "
				"without its maps, as they stand in sections maps/<name>\n");
	elfmap_object__close(opened);
}
END_TEST

/* An image is mended: there is nothing left to remark but what it is. */
START_TEST(test_mended)
{
	static const char *const names[] = { "def20", "nested", "mixedsizes", "goebpf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct test_object object = object_load(names[i]), image;
		struct elfmap_object *opened;

		age_all(&object);
		image = convert(&object);
		opened = open_object(&image, NULL);
		assert_repairs(opened, (const char *const[]){ NULL });
		elfmap_object__close(opened);
		object_free(&image);
		object_free(&object);
	}
}
END_TEST

Suite *repairs_suite(void)
{
	Suite *suite = suite_of("repairs", test_license, test_passed_over, test_mended);

	add_loop_test(suite, test_each, NR_CASES);
	add_loop_test(suite, test_together, NR_RUNS);
	return suite;
}
