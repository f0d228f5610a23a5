// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/aged.h"
#include "test/expected.h"
#include "test/opening.h"
#include "test/renumber.h"
#include "test/repaired.h"
#include "test/tests.h"

/* --- making them --------------------------------------------------------------------------- */

bool calls_sections(const struct test_object *object)
{
	for (size_t i = 1; i < object_header(object)->e_shnum; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);
		const Elf64_Rel *entry = (void *)(object->bytes + header->sh_offset);

		if (header->sh_type != SHT_REL || !is_code_section(object, header->sh_info))
			continue;
		for (size_t j = 0; j < header->sh_size / sizeof(*entry); j++) {
			if (ELF64_R_TYPE(entry[j].r_info) != 1)
				return true;
		}
	}
	return false;
}

void age_all(struct test_object *object)
{
	bool has_btf = object_find_section(object, ".BTF");

	age_machine(object);
	if (!has_btf && object_find_section(object, "license"))
		age_no_license(object);
	if (!has_btf)
		age_static_maps(object);
	age_weak_maps(object);
	age_labels(object);
	age_symbol_order(object);
	age_map_symbols(object);
	age_function_symbols(object);
	if (!calls_sections(object))
		age_rela(object);
}

void remove_symbol(struct test_object *object, const char *name)
{
	size_t gone = object_symbol_index(object, name), *numbers = no_numbers(object), next = 1;

	for (size_t i = 1; i < object_nr_symbols(object); i++)
		numbers[i] = i == gone ? 0 : next++;
	renumber_symbols(object, numbers);
	free(numbers);
}

/* --- remarks ------------------------------------------------------------------------------- */

struct lines {
	enum elfmap_remark kind;
	FILE *out;
};

static void add_line(enum elfmap_remark kind, const char *text, void *ctx)
{
	const struct lines *lines = ctx;

	ck_assert_ptr_null(strchr(text, '\n'));
	if (kind == lines->kind)
		fprintf(lines->out, "%s\n", text);
}

char *remarks_of(const struct elfmap_object *object, enum elfmap_remark kind)
{
	char *text = NULL;
	size_t size = 0;
	struct lines lines = { kind, open_memstream(&text, &size) };

	ck_assert_ptr_nonnull(lines.out);
	elfmap_object__remarks(object, add_line, &lines);
	fclose(lines.out);
	return text;
}

static char *join(const char *const *texts)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	for (; *texts; texts++)
		fprintf(out, "%s\n", *texts);
	fclose(out);
	return text;
}

void assert_repairs(const struct elfmap_object *object, const char *const *texts)
{
	char *said CLEANUP(cleanup_free) = remarks_of(object, ELFMAP_REMARK_REPAIR);
	char *expected CLEANUP(cleanup_free) = join(texts);

	ck_assert_str_eq(said, expected);
}

/* --- what is read -------------------------------------------------------------------------- */

void assert_expected_maps(const struct elfmap_object *object, const char *name)
{
	struct elfmap_map *map = NULL;
	size_t count = 0;

	while ((map = elfmap_object__next_map(object, map)))
		count++;
	ck_assert_uint_eq(count, expected_count(name));
	for (size_t i = 0; i < count; i++) {
		const struct expected_map *expected = expected_at(name, i);

		map = map_of(object, expected->name);
		ck_assert_str_eq(elfmap_map__layout(map), expected->layout);
		/* BTF-defined ones are said in full by the table where it matters */
		ck_assert_msg(expected_native(expected) ||
				      same_definition(elfmap_map__def(map), &expected->def),
			      "%s: map %s is defined otherwise", name, expected->name);
		ck_assert_pstr_eq(
			elfmap_map__inner(map) ? elfmap_map__name(elfmap_map__inner(map)) : NULL,
			expected_native(expected) ? NULL : expected->inner);
	}
}

void assert_same_programs(const struct elfmap_object *object, const struct elfmap_object *other)
{
	struct elfmap_program *a = NULL, *b = NULL;

	do {
		a = elfmap_object__next_program(object, a);
		b = elfmap_object__next_program(other, b);
		ck_assert_msg(!a == !b, "%s", "there are more programs in one");
		if (!a)
			return;
		ck_assert_str_eq(elfmap_program__name(a), elfmap_program__name(b));
		ck_assert_str_eq(elfmap_program__section(a), elfmap_program__section(b));
		ck_assert_uint_eq(elfmap_program__insn_cnt(a), elfmap_program__insn_cnt(b));
		ck_assert_uint_eq(elfmap_program__type(a), elfmap_program__type(b));
		ck_assert_int_eq(elfmap_program__is_subprogram(a),
				 elfmap_program__is_subprogram(b));
	} while (a);
}

/* --- what libbpf finds --------------------------------------------------------------------- */

static struct bpf_object *open_plain(const struct test_object *image)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "same");
	struct bpf_object *opened = bpf_object__open_mem(image->bytes, image->size, &opts);

	ck_assert_msg(opened, "libbpf: %s", strerror(errno));
	return opened;
}

static void assert_same_map(const struct bpf_map *a, const struct bpf_map *b)
{
	ck_assert_str_eq(bpf_map__name(a), bpf_map__name(b));
	ck_assert_uint_eq(bpf_map__type(a), bpf_map__type(b));
	ck_assert_uint_eq(bpf_map__key_size(a), bpf_map__key_size(b));
	ck_assert_uint_eq(bpf_map__value_size(a), bpf_map__value_size(b));
	ck_assert_uint_eq(bpf_map__max_entries(a), bpf_map__max_entries(b));
	ck_assert_uint_eq(bpf_map__map_flags(a), bpf_map__map_flags(b));
	ck_assert_uint_eq(bpf_map__numa_node(a), bpf_map__numa_node(b));
	ck_assert_pstr_eq(bpf_map__pin_path(a), bpf_map__pin_path(b));
}

static void assert_same_program(const struct bpf_program *a, const struct bpf_program *b)
{
	size_t count = bpf_program__insn_cnt(a);

	ck_assert_str_eq(bpf_program__name(a), bpf_program__name(b));
	ck_assert_str_eq(bpf_program__section_name(a), bpf_program__section_name(b));
	ck_assert_uint_eq(bpf_program__type(a), bpf_program__type(b));
	ck_assert_uint_eq(count, bpf_program__insn_cnt(b));
	ck_assert_mem_eq(bpf_program__insns(a), bpf_program__insns(b),
			 count * sizeof(struct bpf_insn));
}

void assert_same_view(const struct test_object *image, const struct test_object *other)
{
	struct bpf_object *objects[] = { open_plain(image), open_plain(other) };
	struct bpf_program *programs[2] = { NULL, NULL };
	struct bpf_map *maps[2] = { NULL, NULL };
	bool maps_end = false, programs_end = false;

	while (!maps_end || !programs_end) {
		for (size_t i = 0; i < 2; i++) {
			if (!maps_end)
				maps[i] = bpf_object__next_map(objects[i], maps[i]);
			if (!programs_end)
				programs[i] = bpf_object__next_program(objects[i], programs[i]);
		}
		ck_assert_msg(!maps[0] == !maps[1], "%s", "there are more maps in one");
		ck_assert_msg(!programs[0] == !programs[1], "%s", "more programs in one");
		maps_end = !maps[0];
		programs_end = !programs[0];
		if (!maps_end)
			assert_same_map(maps[0], maps[1]);
		if (!programs_end)
			assert_same_program(programs[0], programs[1]);
	}
	bpf_object__close(objects[0]);
	bpf_object__close(objects[1]);
}

/* --- all of it ----------------------------------------------------------------------------- */

void check_repaired(const char *name, struct test_object young, struct test_object object,
		    const char *const *repairs)
{
	struct elfmap_object *young_opened = open_object(&young, NULL);
	struct elfmap_object *opened = open_object(&object, NULL);
	struct test_object young_image = image_of(young_opened), image = image_of(opened);

	ck_assert_str_eq(messages(ELFMAP_LOG_ERROR), "");
	assert_expected_maps(opened, name);
	assert_same_programs(opened, young_opened);
	assert_repairs(opened, repairs);
	assert_sound_image(&image);
	assert_same_code(&object, &image);
	assert_same_relocations(&image, &young_image);
	assert_same_view(&image, &young_image);
	elfmap_object__close(opened);
	elfmap_object__close(young_opened);
	object_free(&young_image);
	object_free(&image);
	object_free(&young);
	object_free(&object);
}
