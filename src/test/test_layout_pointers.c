// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* goebpf's definitions point to inner maps and to paths: where to, and where not. */
#include <errno.h>
#include <string.h>

#include <linux/bpf.h>

#include "test/aged.h"
#include "test/opening.h"
#include "test/tests.h"

/* Relocations of section maps in goebpf.o, by their order, and the places that they fill in. */
enum pointer {
	BY_QUEUE_INNER,
	MARKS_PATH,
	COUNTER_PATH,
	TOTALS_PATH,
};

/* What is added to the symbol that a pointer refers to. */
static uint64_t *addend_of(const struct test_object *object, enum pointer pointer)
{
	uint64_t offset = object_relocation(object, ".relmaps", pointer)->r_offset;

	return (uint64_t *)(void *)(object_section_bytes(object, "maps") + offset);
}

static void point_to(const struct test_object *object, enum pointer pointer, size_t symbol,
		     uint64_t addend)
{
	Elf64_Rel *entry = object_relocation(object, ".relmaps", pointer);

	entry->r_info = ELF64_R_INFO(symbol, ELF64_R_TYPE(entry->r_info));
	*addend_of(object, pointer) = addend;
}

static size_t add_undefined(struct test_object *object)
{
	return object_add_symbol(object, "elsewhere",
				 (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE) });
}

/* --- paths --------------------------------------------------------------------------------- */

START_TEST(test_path_to_nowhere)
{
	struct test_object object = object_load("goebpf");

	*addend_of(&object, COUNTER_PATH) = 0x1000;
	assert_refused(&object, NULL, EINVAL, "section maps: map \"counter\"", "persistent_path",
		       "no place in the object");
	*addend_of(&object, COUNTER_PATH) = UINT64_MAX;
	assert_refused(&object, NULL, EINVAL, "map \"counter\"", "no place in the object");
	point_to(&object, COUNTER_PATH, add_undefined(&object), 0);
	assert_refused(&object, NULL, EINVAL, "map \"counter\"", "no place in the object");
	object_free(&object);
}
END_TEST

START_TEST(test_path_without_end)
{
	struct test_object object = object_load("goebpf");

	object_section(&object, ".rodata")->sh_size -= 1;
	object_symbol(&object, "totals_path")->st_size -= 1;
	assert_refused(&object, NULL, EINVAL, "map \"totals\"", "persistent_path",
		       "no text that ends", ".rodata");
	object_free(&object);
}
END_TEST

/* totals_path has room for 25 bytes and a zero. */
static struct test_object with_path(const char *path)
{
	struct test_object object = object_load("goebpf");
	char *at = (char *)object_section_bytes(&object, ".rodata");

	memset(at, 0, 26);
	memcpy(at, path, strlen(path));
	return object;
}

START_TEST(test_bad_paths)
{
	static const char *const paths[] = { "/sys/fs/bpf/../totals", "..", "../totals", "a/..",
					     "/sys/fs/bpf/" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct test_object object = with_path(paths[i]);

		assert_refused(&object, NULL, EINVAL, "map \"totals\"", paths[i],
			       "the path of a file");
		object_free(&object);
	}
}
END_TEST

START_TEST(test_paths)
{
	static const struct {
		const char *path, *pin;
	} cases[] = {
		{ "/sys/fs/bpf/totals", "/sys/fs/bpf/totals" },
		{ "/mnt/..totals", "/mnt/..totals" },
		{ "mine/totals", "/bpf/mine/totals" },
		{ "", NULL },
	};
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/bpf" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_object object = with_path(cases[i].path);
		struct elfmap_object *opened = open_object(&object, &opts);

		ck_assert_pstr_eq(elfmap_map__pin_path(map_of(opened, "totals")), cases[i].pin);
		elfmap_object__close(opened);
		object_free(&object);
	}
}
END_TEST

/* A path may begin in the midst of another. */
START_TEST(test_path_by_addend)
{
	struct test_object object = object_load("goebpf");
	struct elfmap_object *opened;

	*addend_of(&object, TOTALS_PATH) = strlen("/sys/fs/bpf/");
	opened = open_object(&object, NULL);
	ck_assert_str_eq(elfmap_map__def(map_of(opened, "totals"))->pin_path, "goebpf_totals");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

/* --- inner maps ---------------------------------------------------------------------------- */

static void check_inner_refused(struct test_object *object, const char *reason)
{
	assert_refused(object, NULL, EINVAL, "section maps: map \"by_queue\"", reason);
	object_free(object);
}

/* What is no map of the object: another object's, data, a program, a map of maps. */
START_TEST(test_bad_inner)
{
	struct test_object object = object_load("goebpf");

	point_to(&object, BY_QUEUE_INNER, add_undefined(&object), 0);
	check_inner_refused(&object, "inner_map_def refers to no place in the object");

	object = object_load("goebpf");
	point_to(&object, BY_QUEUE_INNER, object_symbol_index(&object, "totals_path"), 0);
	check_inner_refused(&object, "no map definition, in section .rodata");

	object = object_load("goebpf");
	point_to(&object, BY_QUEUE_INNER, object_section_symbol(&object, ".rodata.str1.1"), 0);
	check_inner_refused(&object, "no map definition, in section .rodata.str1.1");

	object = object_load("goebpf");
	point_to(&object, BY_QUEUE_INNER, object_symbol_index(&object, "count"), 0);
	check_inner_refused(&object, "no map definition, in section ");

	object = object_load("goebpf");
	point_to(&object, BY_QUEUE_INNER, object_symbol_index(&object, "by_queue"), 0);
	check_inner_refused(&object, "is a map of maps itself");

	object = object_load("goebpf");
	*addend_of(&object, BY_QUEUE_INNER) = 0x1000;
	check_inner_refused(&object, "inner_map_def refers to no place in the object");
}
END_TEST

/* The midst of a definition is none. */
START_TEST(test_inner_in_the_midst)
{
	struct test_object object = object_load("goebpf");

	*addend_of(&object, BY_QUEUE_INNER) = 8;
	check_inner_refused(&object, "inner_map_def");
}
END_TEST

/* Nor is data that is called as a map is, in another source. */
START_TEST(test_inner_called_the_same)
{
	struct test_object object = object_load("goebpf");
	size_t rodata = object_section_index(&object, ".rodata");
	size_t symbol =
		object_add_symbol(&object, "marks",
				  (Elf64_Sym){ .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
					       .st_shndx = (Elf64_Section)rodata,
					       .st_size = 26 });

	point_to(&object, BY_QUEUE_INNER, symbol, 0);
	check_inner_refused(&object, "inner_map_def");
}
END_TEST

/* By symbol, by another symbol and what is between them, by section and offset. */
START_TEST(test_inner_by_addend)
{
	struct test_object object = object_load("goebpf");
	uint64_t marks = object_symbol(&object, "marks")->st_value;
	struct elfmap_object *opened;

	point_to(&object, BY_QUEUE_INNER, object_symbol_index(&object, "lengths"), marks);
	opened = open_object(&object, NULL);
	ck_assert_ptr_eq(elfmap_map__inner(map_of(opened, "by_queue")), map_of(opened, "marks"));
	elfmap_object__close(opened);

	age_static_maps(&object);
	ck_assert_uint_eq(*addend_of(&object, BY_QUEUE_INNER), marks);
	opened = open_object(&object, NULL);
	ck_assert_ptr_eq(elfmap_map__inner(map_of(opened, "by_queue")), map_of(opened, "marks"));
	elfmap_object__close(opened);

	age_rela(&object);
	opened = open_object(&object, NULL);
	ck_assert_ptr_eq(elfmap_map__inner(map_of(opened, "by_queue")), map_of(opened, "marks"));
	ck_assert_str_eq(elfmap_map__pin_path(map_of(opened, "counter")),
			 "/sys/fs/bpf/goebpf_counter");
	elfmap_object__close(opened);
	object_free(&object);
}
END_TEST

Suite *layout_pointers_suite(void)
{
	return suite_of("layout_pointers", test_path_to_nowhere, test_path_without_end,
			test_bad_paths, test_paths, test_path_by_addend, test_bad_inner,
			test_inner_in_the_midst, test_inner_called_the_same, test_inner_by_addend);
}
