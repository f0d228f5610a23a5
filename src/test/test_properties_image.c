// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* What holds for every image: a plain libbpf reads the original definitions in it, and the code. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/seeds.h"
#include "test/tests.h"
#include "write.h"

#define SEEDS 1500

static const struct generate_options options = {
	.pins = true,
	.mixed_attach_types = true,
	.addends = true,
};

/* --- libbpf -------------------------------------------------------------------------------- */

static void check_attributes(const struct bpf_map *map, const struct generated_map *truth,
			     const char *name)
{
	const struct elfmap_map_def *def = &truth->def;

	expect_equal(bpf_map__type(map), def->type, "%s", name);
	expect_equal(bpf_map__key_size(map), def->key_size, "%s", name);
	expect_equal(bpf_map__value_size(map), generated_is_outer(truth) ? 4 : def->value_size,
		     "%s", name);
	expect_equal(bpf_map__max_entries(map), def->max_entries, "%s", name);
	expect_equal(bpf_map__map_flags(map), def->map_flags, "%s", name);
	expect_equal(bpf_map__numa_node(map), def->map_flags & BPF_F_NUMA_NODE ? def->numa_node : 0,
		     "%s", name);
	expect_equal(bpf_map__map_extra(map), 0, "%s", name);
	expect_equal(bpf_map__btf_key_type_id(map) != 0, truth->is_typed, "%s", name);
	expect_equal(bpf_map__btf_value_type_id(map) != 0, truth->is_typed, "%s", name);
}

static void check_maps(const struct bpf_object *object, const struct generated *generated)
{
	struct bpf_map *map;
	size_t count = 0;

	bpf_object__for_each_map(map, object) {
		const char *name = bpf_map__name(map);
		const struct generated_map *truth = generated_find_map(generated, name);
		const struct bpf_map *inner = bpf_map__inner_map(map);

		expect(truth, "a map %s that there is not", name);
		check_attributes(map, truth, name);
		expect_equal(!inner, !truth->inner, "inner map of %s", name);
		if (inner)
			check_attributes(inner, truth->inner, name);
		count++;
	}
	expect_equal(count, generated->nr_maps, "maps");
}

static void check_programs(const struct bpf_object *object, const struct generated *generated)
{
	for (size_t i = 0; i < generated->nr_programs; i++) {
		const struct generated_program *truth = &generated->programs[i];
		const char *section = generated->sections[truth->section].name;
		const struct bpf_program *program =
			bpf_object__find_program_by_name(object, truth->name);

		expect(program, "no program %s", truth->name);
		expect(!strcmp(bpf_program__section_name(program), section),
		       "program %s: in section %s", truth->name,
		       bpf_program__section_name(program));
		expect_equal(bpf_program__insn_cnt(program), truth->nr_insns, "program %s",
			     truth->name);
	}
}

static void open_with_libbpf(const struct generated *generated, bool big_endian)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "image");
	struct test_object bytes = generated_write(generated, big_endian);
	struct test_object image = expect_converted(&bytes);
	struct bpf_object *object;

	seed_is("opening its image with libbpf");
	object = bpf_object__open_mem(image.bytes, image.size, &opts);
	expect(object, "%s-endian: %s", big_endian ? "big" : "little", strerror(errno));
	check_maps(object, generated);
	check_programs(object, generated);
	bpf_object__close(object);
	object_free(&bytes);
	object_free(&image);
}

static void opens(const struct generated *generated)
{
	bool host_is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	open_with_libbpf(generated, host_is_big);
	/* libbpf reads the other byte order since 1.6 */
	if (libbpf_minor_version() >= 6 || libbpf_major_version() > 1)
		open_with_libbpf(generated, !host_is_big);
}

START_TEST(test_libbpf)
{
	for_each_seed(SEEDS, &options, opens);
}
END_TEST

/* --- code ---------------------------------------------------------------------------------- */

/* Clear the offset of each reference to a map by its section, for what is to be the same. */
static void clear_addends(const struct test_object *object, size_t relocations)
{
	const Elf64_Shdr *header = object_section_at(object, relocations);
	const Elf64_Shdr *code = object_section_at(object, header->sh_info);
	const Elf64_Rel *rels = (const void *)(object->bytes + header->sh_offset);

	for (size_t i = 0; i < header->sh_size / sizeof(*rels); i++) {
		const Elf64_Sym *symbol = object_symbol_at(object, ELF64_R_SYM(rels[i].r_info));
		bool is_section = ELF64_ST_TYPE(symbol->st_info) == STT_SECTION;

		if (is_section && !strcmp(object_section_name(object, symbol->st_shndx), "maps"))
			memset(object->bytes + code->sh_offset + rels[i].r_offset +
				       offsetof(struct bpf_insn, imm),
			       0, sizeof(__s32));
	}
}

static bool is_code(const Elf64_Shdr *header)
{
	return header->sh_type == SHT_PROGBITS && header->sh_flags & SHF_EXECINSTR;
}

/* Where code differs, counted from the file's beginning; 0 for nowhere. Sections keep numbers. */
static size_t find_difference(const struct test_object *object, const struct test_object *image)
{
	struct test_object expected = object_copy(object);
	size_t count = object_header(object)->e_shnum, found = 0;

	for (size_t i = 1; i < count; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);

		if (header->sh_type == SHT_REL &&
		    is_code(object_section_at(object, header->sh_info)))
			clear_addends(&expected, i);
	}
	for (size_t i = 1; !found && i < count; i++) {
		const Elf64_Shdr *header = object_section_at(object, i);
		const Elf64_Shdr *other = object_section_at(image, i);

		if (is_code(header) &&
		    (!is_code(other) || other->sh_size != header->sh_size ||
		     memcmp(image->bytes + other->sh_offset, expected.bytes + header->sh_offset,
			    header->sh_size) != 0))
			found = header->sh_offset;
	}
	object_free(&expected);
	return found;
}

static void keeps_code(const struct generated *generated)
{
	struct test_object bytes = generated_write(generated, false);
	struct test_object image = expect_converted(&bytes);

	expect_equal(find_difference(&bytes, &image), 0, "code");
	object_free(&bytes);
	object_free(&image);
}

START_TEST(test_code)
{
	for_each_seed(SEEDS, &options, keeps_code);
}
END_TEST

START_TEST(test_code_of_testdata)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct test_object object = object_load(*name), image = convert(&object);

		ck_assert_msg(!find_difference(&object, &image), "%s: code at %zu differs", *name,
			      find_difference(&object, &image));
		object_free(&object);
		object_free(&image);
	}
}
END_TEST

Suite *properties_image_suite(void)
{
	return suite_of("properties_image", test_libbpf, test_code, test_code_of_testdata);
}
