// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Initial slots as the image declares them: relocations of .maps, where libbpf looks for them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/opening.h"
#include "test/tests.h"

/* The words of struct bpf_elf_map. */
enum {
	TYPE = 0,
	ENTRIES = 3,
	INNER_IDX = 8,
};

/* The offset of the member `values` in a map's struct: where libbpf counts slots from. */
static uint64_t values_offset(const struct test_object *image, const char *map)
{
	struct btf *btf = btf__new(object_section_bytes(image, ".BTF"),
				   (__u32)object_section(image, ".BTF")->sh_size);
	int var = btf__find_by_name_kind(btf, map, BTF_KIND_VAR);
	const struct btf_type *type = btf__type_by_id(btf, (__u32)var);
	__u32 last;
	uint64_t offset;

	ck_assert_int_gt(var, 0);
	type = btf__type_by_id(btf, type->type);
	last = btf_vlen(type) - 1U;
	ck_assert_str_eq(btf__name_by_offset(btf, btf_members(type)[last].name_off), "values");
	offset = btf_member_bit_offset(type, last) / 8;
	ck_assert_uint_eq(offset, type->size);
	btf__free(btf);
	return offset;
}

/* What the image declares for a slot of a map, NULL for nothing. */
static const char *declared(const struct test_object *image, const char *map, uint64_t key)
{
	const Elf64_Sym *symbol = object_symbol(image, map);
	uint64_t offset = symbol->st_value + values_offset(image, map) + 8 * key;
	const Elf64_Shdr *header = object_section(image, ".rel.maps");
	const char *found = NULL;

	ck_assert_uint_le(offset + 8, symbol->st_value + symbol->st_size);
	for (size_t i = 0; i < header->sh_size / sizeof(Elf64_Rel); i++) {
		const Elf64_Rel *relocation = object_relocation(image, ".rel.maps", i);

		if (relocation->r_offset != offset)
			continue;
		ck_assert_ptr_null(found);
		found = object_symbol_name(
			image, object_symbol_at(image, ELF64_R_SYM(relocation->r_info)));
	}
	return found;
}

static size_t count_declared(const struct test_object *image)
{
	size_t index = object_find_section(image, ".rel.maps");

	if (!index)
		return 0;
	ck_assert_uint_eq(object_section_at(image, index)->sh_info,
			  object_section_index(image, ".maps"));
	ck_assert_ptr_eq(object_section_at(image, object_section_at(image, index)->sh_link),
			 object_symbol_table(image));
	ck_assert_uint_eq(object_section_at(image, index)->sh_entsize, sizeof(Elf64_Rel));
	return object_section_at(image, index)->sh_size / sizeof(Elf64_Rel);
}

/* Every slot of the object's maps is declared, and nothing else is but what was before. */
static void check_object(const char *name)
{
	struct test_object before = object_load(name);
	struct elfmap_object *object = open_object(&before, NULL);
	struct test_object image = image_of(object);
	const struct elfmap_map *map = NULL;
	size_t count = object_find_section(&before, ".rel.maps") ? count_declared(&before) : 0;

	while ((map = elfmap_object__next_map(object, map))) {
		for (size_t i = 0; i < elfmap_map__nr_slots(map); i++, count++) {
			const char *target;
			__u32 key;

			ck_assert_int_eq(elfmap_map__slot(map, i, &key, &target), 0);
			ck_assert_pstr_eq(declared(&image, elfmap_map__name(map), key), target);
		}
	}
	ck_assert_uint_eq(count_declared(&image), count);
	elfmap_object__close(object);
	object_free(&image);
	object_free(&before);
}

START_TEST(test_all)
{
	for (const char *const *name = object_names(); *name; name++)
		check_object(*name);
}
END_TEST

START_TEST(test_nested)
{
	struct test_object object = object_load("nested"), image = convert(&object);

	ck_assert_uint_eq(count_declared(&image), 5);
	ck_assert_pstr_eq(declared(&image, "by_direction", 1), "egress_stats");
	ck_assert_pstr_eq(declared(&image, "mirror", 0), "ingress_stats");
	ck_assert_pstr_eq(declared(&image, "by_mark", 7), "mark_stats");
	ck_assert_pstr_eq(declared(&image, "by_mark", 6), NULL);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* The slots that BTF-defined maps had are theirs still. */
START_TEST(test_native)
{
	struct test_object object = object_load("mixed_order.btf"), image = convert(&object);

	ck_assert_uint_eq(count_declared(&image), 2);
	ck_assert_pstr_eq(declared(&image, "old_outer", 1), "old_inner");
	ck_assert_pstr_eq(declared(&image, "old_calls", 2), "finish");
	object_free(&image);
	object_free(&object);

	object = object_load("mixed.btf");
	image = convert(&object);
	ck_assert_uint_eq(count_declared(&image), 2);
	ck_assert_pstr_eq(declared(&image, "by_length", 0), "even");
	ck_assert_pstr_eq(declared(&image, "by_length", 1), "odd");
	object_free(&image);
	object_free(&object);
}
END_TEST

/* What was cleared is not declared. */
START_TEST(test_cleared)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct test_object image;

	elfmap_program__clear_tail_call(program_of(object, "drop"));
	elfmap_program__clear_tail_call(program_of(object, "parse"));
	elfmap_program__clear_tail_call(program_of(object, "decide"));
	image = image_of(object);
	ck_assert_uint_eq(count_declared(&image), 1);
	ck_assert_pstr_eq(declared(&image, "verdicts", 0), "accept");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

/* An image of an image goes without it too, and says nothing of it when it is read again. */
START_TEST(test_cleared_converted)
{
	struct test_object object = object_load("tailcalls"), image = convert(&object), again;
	struct elfmap_object *opened = open_object(&image, NULL);

	elfmap_program__clear_tail_call(program_of(opened, "drop"));
	again = image_of(opened);
	elfmap_object__close(opened);
	ck_assert_uint_eq(count_declared(&again), 3);
	ck_assert_pstr_eq(declared(&again, "verdicts", 1), NULL);
	ck_assert_pstr_eq(declared(&again, "verdicts", 0), "accept");
	opened = open_object(&again, NULL);
	ck_assert_uint_eq(elfmap_map__nr_slots(map_of(opened, "verdicts")), 1);
	elfmap_object__close(opened);
	object_free(&again);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* Nor is it when the image was looked at before. */
START_TEST(test_cleared_late)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct test_object before = image_of(object), after;

	ck_assert_uint_eq(count_declared(&before), 4);
	elfmap_program__clear_tail_call(program_of(object, "drop"));
	after = image_of(object);
	ck_assert_uint_eq(count_declared(&after), 3);
	elfmap_object__close(object);
	object_free(&before);
	object_free(&after);
}
END_TEST

/* nested with the slot of an inner map in a large outer one. */
static struct test_object with_slot(uint32_t type, uint32_t key)
{
	struct test_object object = object_load("nested");

	*object_map_word(&object, "by_mark", TYPE) = type;
	*object_map_word(&object, "by_mark", ENTRIES) = 1 << 20;
	*object_map_word(&object, "mark_stats", INNER_IDX) = key;
	return object;
}

/* Slots up to a bound are declared; an array that reaches further is left to the loader. */
START_TEST(test_bound)
{
	static const uint32_t types[] = { BPF_MAP_TYPE_ARRAY_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS };

	for (size_t i = 0; i < 2; i++) {
		struct test_object object = with_slot(types[i], 65535), image = convert(&object);

		ck_assert_pstr_eq(declared(&image, "by_mark", 65535), "mark_stats");
		ck_assert_uint_eq(object_symbol(&image, "by_mark")->st_size,
				  values_offset(&image, "by_mark") + 65536 * 8);
		object_free(&object);
		object_free(&image);

		object = with_slot(types[i], 65536);
		image = convert(&object);
		ck_assert_uint_eq(count_declared(&image), 4);
		ck_assert_uint_lt(object_symbol(&image, "by_mark")->st_size, 100);
		object_free(&object);
		object_free(&image);
	}
}
END_TEST

/* Many of these in one object would be an image that nothing can read. */
START_TEST(test_total_bound)
{
	struct test_object object = with_slot(BPF_MAP_TYPE_ARRAY_OF_MAPS, 65535);

	object_multiply_map(&object, "by_mark", 520);
	assert_refused(&object, NULL, E2BIG, "the definitions and their slots take more than");
	object_free(&object);
}
END_TEST

Suite *image_slots_suite(void)
{
	return suite_of("image_slots", test_all, test_nested, test_native, test_cleared,
			test_cleared_converted, test_cleared_late, test_bound, test_total_bound);
}
