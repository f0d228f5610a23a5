// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Aged objects are what aged.h says, and ELF objects still, with the same maps and with programs
 * that use the same of them. All is read back with contents.h.
 */
#include <string.h>

#include "test/aged.h"
#include "test/contents.h"
#include "test/tests.h"

/* --- before and after ---------------------------------------------------------------------- */

struct pair {
	struct test_object young, old;
	struct contents before, after;
};

static struct pair make_pair(const char *name, void (*age)(struct test_object *object))
{
	struct pair pair = { .young = object_load(name) };

	pair.old = object_copy(&pair.young);
	age(&pair.old);
	pair.before = read_contents(&pair.young);
	pair.after = read_contents(&pair.old);
	return pair;
}

static void free_pair(struct pair *pair)
{
	elf_end(pair->before.elf);
	elf_end(pair->after.elf);
	object_free(&pair->young);
	object_free(&pair->old);
}

static bool is_data(const GElf_Sym *symbol)
{
	return GELF_ST_TYPE(symbol->st_info) == STT_OBJECT ||
	       GELF_ST_TYPE(symbol->st_info) == STT_NOTYPE;
}

/* The i-th map symbol, in *found; returns false if there are not so many. */
static bool map_at(const struct contents *contents, size_t i, GElf_Sym *found)
{
	for (size_t j = 1; j < nr_symbols(contents); j++) {
		*found = symbol_at(contents, j);
		if (found->st_shndx < contents->nr_sections && is_data(found) &&
		    holds_maps(&contents->sections[found->st_shndx]) && i-- == 0)
			return true;
	}
	return false;
}

/* Every map by its name, at its place. */
static void check_maps(const struct pair *pair)
{
	GElf_Sym before, after;
	size_t count = 0, same = 0;

	for (; map_at(&pair->before, count, &before); count++) {
		const char *name = symbol_name(&pair->before, &before);

		for (size_t i = 0; map_at(&pair->after, i, &after); i++)
			same += !strcmp(symbol_name(&pair->after, &after), name) &&
				after.st_value == before.st_value &&
				!strcmp(pair->after.sections[after.st_shndx].name,
					pair->before.sections[before.st_shndx].name);
	}
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_eq(same, count);
	ck_assert(!map_at(&pair->after, count, &after));
}

static void check_references(const struct pair *pair)
{
	ck_assert_uint_eq(pair->after.nr_references, pair->before.nr_references);
	for (size_t i = 0; i < pair->before.nr_references; i++) {
		const struct reference *before = &pair->before.references[i];
		const struct reference *after = &pair->after.references[i];

		ck_assert_str_eq(after->target, before->target);
		ck_assert_uint_eq(after->offset, before->offset);
		ck_assert_str_eq(after->to, before->to);
		ck_assert_uint_eq(after->to_offset, before->to_offset);
	}
}

/* --- each age ------------------------------------------------------------------------------ */

static void check_machine(const struct pair *pair)
{
	GElf_Ehdr header;

	ck_assert_ptr_nonnull(gelf_getehdr(pair->after.elf, &header));
	ck_assert_uint_eq(header.e_machine, EM_NONE);
}

static void check_no_license(const struct pair *pair)
{
	ck_assert_ptr_nonnull(find_section(&pair->before, "license"));
	ck_assert_ptr_null(find_section(&pair->after, "license"));
	for (size_t i = 1; i < nr_symbols(&pair->after); i++) {
		GElf_Sym symbol = symbol_at(&pair->after, i);

		ck_assert_str_ne(symbol_name(&pair->after, &symbol), "license_text");
	}
	for (size_t i = 1; i < pair->before.nr_sections; i++) {
		const struct section *before = &pair->before.sections[i], *after;

		if (before->header.sh_type != SHT_PROGBITS || !strcmp(before->name, "license"))
			continue;
		after = find_section(&pair->after, before->name);
		ck_assert_ptr_nonnull(after);
		ck_assert_uint_eq(after->header.sh_size, before->header.sh_size);
		if (after->header.sh_size)
			ck_assert_mem_eq(after->data->d_buf, before->data->d_buf,
					 before->header.sh_size);
	}
}

static void check_static_maps(const struct pair *pair)
{
	GElf_Sym map;

	for (size_t i = 0; map_at(&pair->after, i, &map); i++)
		ck_assert_uint_eq(GELF_ST_BIND(map.st_info), STB_LOCAL);
	for (size_t i = 0; i < pair->after.nr_references; i++) {
		const struct reference *reference = &pair->after.references[i];

		if (!strcmp(reference->to, "maps") || !strncmp(reference->to, "maps/", 5)) {
			ck_assert_uint_eq(GELF_ST_TYPE(reference->symbol.st_info), STT_SECTION);
			ck_assert_uint_eq(reference->left, reference->to_offset);
		}
	}
}

static void check_weak_maps(const struct pair *pair)
{
	size_t count = 0;
	GElf_Sym map;

	for (size_t i = 0; map_at(&pair->after, i, &map); i++) {
		ck_assert_uint_ne(GELF_ST_BIND(map.st_info), STB_GLOBAL);
		count += GELF_ST_BIND(map.st_info) == STB_WEAK;
	}
	ck_assert_uint_gt(count, 0);
}

static void check_labels(const struct pair *pair)
{
	size_t labels = 0, sections = 0;

	for (size_t i = 1; i < pair->after.nr_sections; i++)
		sections += holds_code(&pair->after.sections[i]) &&
			    pair->after.sections[i].header.sh_size >= 32;
	for (size_t i = 1; i < nr_symbols(&pair->after); i++) {
		GElf_Sym symbol = symbol_at(&pair->after, i);

		if (strncmp(symbol_name(&pair->after, &symbol), "LBB", 3) ||
		    !strstr(symbol_name(&pair->after, &symbol), "_1000"))
			continue;
		ck_assert_uint_eq(symbol.st_info, GELF_ST_INFO(STB_LOCAL, STT_NOTYPE));
		ck_assert(holds_code(&pair->after.sections[symbol.st_shndx]));
		ck_assert_uint_gt(symbol.st_value, 0);
		labels++;
	}
	ck_assert_uint_eq(labels, 2 * sections);
	ck_assert_uint_eq(nr_symbols(&pair->after), nr_symbols(&pair->before) + labels);
}

/* Among the local ones, and among the others. */
static void check_symbol_order(const struct pair *pair)
{
	GElf_Sym map, last;

	for (size_t i = 1; map_at(&pair->after, i - 1, &last) && map_at(&pair->after, i, &map);
	     i++) {
		bool comparable = map.st_shndx == last.st_shndx &&
				  GELF_ST_BIND(map.st_info) == GELF_ST_BIND(last.st_info);

		ck_assert(!comparable || map.st_value < last.st_value);
	}
}

static void check_map_symbols(const struct pair *pair)
{
	GElf_Sym map;

	for (size_t i = 0; map_at(&pair->after, i, &map); i++) {
		ck_assert_uint_eq(GELF_ST_TYPE(map.st_info), STT_NOTYPE);
		ck_assert_uint_eq(map.st_size, 0);
	}
}

static void check_function_symbols(const struct pair *pair)
{
	ck_assert_uint_eq(nr_symbols(&pair->after), nr_symbols(&pair->before));
	for (size_t i = 1; i < nr_symbols(&pair->after); i++) {
		GElf_Sym before = symbol_at(&pair->before, i), after = symbol_at(&pair->after, i);

		ck_assert_uint_ne(GELF_ST_TYPE(after.st_info), STT_FUNC);
		if (GELF_ST_TYPE(before.st_info) != STT_FUNC)
			continue;
		ck_assert_uint_eq(after.st_info,
				  GELF_ST_INFO(GELF_ST_BIND(before.st_info), STT_NOTYPE));
		ck_assert_uint_eq(after.st_value, before.st_value);
		ck_assert_uint_eq(after.st_size, 0);
	}
}

static void check_rela(const struct pair *pair)
{
	for (size_t i = 0; i < pair->after.nr_references; i++) {
		const struct reference *reference = &pair->after.references[i];
		const struct section *section = &pair->after.sections[reference->section];

		ck_assert_uint_eq(section->header.sh_type, SHT_RELA);
		ck_assert(!strncmp(section->name, ".rela", 5));
		ck_assert_str_eq(section->name + 5, reference->target);
		ck_assert_uint_eq(reference->left, 0);
	}
}

static const struct age {
	void (*change)(struct test_object *object);
	void (*check)(const struct pair *pair);
	bool without_btf;
} ages[] = {
	{ age_machine, check_machine, false },
	{ age_no_license, check_no_license, true },
	{ age_static_maps, check_static_maps, true },
	{ age_weak_maps, check_weak_maps, false },
	{ age_labels, check_labels, false },
	{ age_symbol_order, check_symbol_order, false },
	{ age_map_symbols, check_map_symbols, false },
	{ age_function_symbols, check_function_symbols, false },
	{ age_rela, check_rela, false },
};
#define NR_AGES (sizeof(ages) / sizeof(ages[0]))

/* Whether an object can get that old. */
static bool is_for(const struct age *age, const char *name)
{
	size_t source = strcspn(name, ".");

	if (age->change == age_no_license && !strncmp(name, "nolicense", source))
		return false;
	/* with calls from section to section */
	if (age->change == age_rela &&
	    (!strncmp(name, "global_sub", source) || !strncmp(name, "subprogs", source)))
		return false;
	return !age->without_btf || !object_has_btf(name);
}

START_TEST(test_each)
{
	const struct age *age = &ages[_i];

	for (const char *const *name = object_names(); *name; name++) {
		struct pair pair;

		if (!is_for(age, *name))
			continue;
		pair = make_pair(*name, age->change);
		check_maps(&pair);
		check_references(&pair);
		age->check(&pair);
		free_pair(&pair);
	}
}
END_TEST

static void age_all(struct test_object *object)
{
	for (size_t i = 0; i < NR_AGES; i++)
		ages[i].change(object);
}

START_TEST(test_together)
{
	static const char *const names[] = { "def20", "nested", "tailcalls", "goebpf",
					     "sections20" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct pair pair = make_pair(names[i], age_all);

		check_maps(&pair);
		check_references(&pair);
		check_machine(&pair);
		check_symbol_order(&pair);
		check_map_symbols(&pair);
		check_rela(&pair);
		free_pair(&pair);
	}
}
END_TEST

/* Where a reference is to the middle of a section, the addend is there in both forms. */
START_TEST(test_addends)
{
	struct pair pair = make_pair("goebpf", age_rela);
	size_t with_addend = 0;

	for (size_t i = 0; i < pair.before.nr_references; i++)
		with_addend += pair.before.references[i].left != 0;
	ck_assert_uint_eq(with_addend, 1);
	ck_assert_ptr_nonnull(find_section(&pair.after, ".relamaps"));
	ck_assert_ptr_null(find_section(&pair.after, ".relmaps"));
	free_pair(&pair);
}
END_TEST

Suite *aged_suite(void)
{
	Suite *suite = suite_of("aged", test_together, test_addends);

	add_loop_test(suite, test_each, NR_AGES);
	return suite;
}
