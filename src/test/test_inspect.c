// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * inspect: what scripts read of it is there and right, for each object of testdata. convert -j says
 * the same. Needs no rights.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <sha1.h>

#include "cleanup.h"
#include "test/expected.h"
#include "test/object_edit.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/scratch.h"
#include "test/tests.h"
#include "test/tool.h"

/* Whatever is mounted where the tests run. */
static const char *const environment[] = { "TC_BPF_MNT=" BPFFS, NULL };

/* The description of one object. */
static struct json_object *inspect(const char *path)
{
	struct run run = tool_with(environment, "inspect -j %s", path);
	struct json_object *json;

	assert_status(&run, 0);
	json = parse_json(run.out);
	free_run(&run);
	return json;
}

/* --- maps --------------------------------------------------------------------------------- */

static void assert_definition(struct json_object *json, const struct expected_map *map)
{
	const struct elfmap_map_def *def = &map->def;

	ck_assert_int_eq(member_number(json, "type"), def->type);
	ck_assert_str_eq(member_text(json, "type_name"),
			 libbpf_bpf_map_type_str((enum bpf_map_type)def->type));
	ck_assert_int_eq(member_number(json, "key_size"), def->key_size);
	ck_assert_int_eq(member_number(json, "value_size"), def->value_size);
	ck_assert_int_eq(member_number(json, "max_entries"), def->max_entries);
	ck_assert_int_eq(member_number(json, "map_flags"), def->map_flags);
	ck_assert_int_eq(member_number(json, "numa_node"), def->numa_node);
	ck_assert_int_eq(member_number(json, "id"), def->id);
	ck_assert_int_eq(member_number(json, "inner_id"), def->inner_id);
	ck_assert_int_eq(member_number(json, "inner_idx"), (__s32)def->inner_idx);
	ck_assert_int_eq(member_number(json, "pinning"), def->pinning);
	ck_assert_pstr_eq(member_text(json, "inner"), map->inner);
}

/* Without BTF of its own an object has types for its definitions only in the translation. */
static void assert_types(struct json_object *json, const struct object_file *file,
			 const struct expected_map *map)
{
	bool typed = file->btf && outcome_map(file->object, map->name)->typed;
	long long id = member_number(json, "btf_id");
	/* BTF-defined maps of maps have a key type that the kernel is not told of */
	bool has_key_type = typed || (expected_native(map) && file->btf);
	struct btf *btf;

	ck_assert_int_ne(id, 0);
	ck_assert_int_eq(member_number(json, "btf_key_type_id") != 0, has_key_type);
	ck_assert_int_eq(member_number(json, "btf_value_type_id") != 0, typed);
	if (!file->btf)
		return;
	btf = btf__parse_elf(file->path, NULL);
	ck_assert_ptr_nonnull(btf);
	ck_assert(btf_is_struct(btf__type_by_id(btf, (__u32)id)));
	if (!expected_native(map))
		ck_assert_str_eq(btf__name_by_offset(btf,
						     btf__type_by_id(btf, (__u32)id)->name_off),
				 expected_struct_name(map));
	btf__free(btf);
}

static void assert_map(struct json_object *json, const struct object_file *file,
		       const struct expected_map *map)
{
	const struct outcome_map *outcome = outcome_map(file->object, map->name);
	char *path CLEANUP(cleanup_free) = pin_path(file, outcome, LOADER_LIBRARY);

	ck_assert_str_eq(member_text(json, "section"), expected_section(map));
	ck_assert_int_eq(member_number(json, "offset"), (long long)map->offset);
	ck_assert_str_eq(member_text(json, "layout"), map->layout);
	ck_assert_uint_gt(strlen(member_text(json, "evidence")), 0);
	ck_assert_pstr_eq(member_text(json, "pin_path"), path);
	assert_definition(json, map);
	assert_types(json, file, map);
}

static void assert_slots(struct json_object *json, const struct object_file *file)
{
	size_t count = 0;

	for (const struct outcome_slot *slot = file->object->slots; slot->map; slot++) {
		struct json_object *map = member_named(json, "maps", slot->map);
		bool found = false;

		/* those that an author declared are libbpf's affair */
		if (expected_native(expected_map(file->name, slot->map)))
			continue;
		for (size_t i = 0; i < member_length(map, "slots"); i++) {
			struct json_object *said = member_at(map, "slots", i);

			if (member_number(said, "key") == slot->key)
				found = !strcmp(member_text(said, "target"), slot->target);
		}
		ck_assert_msg(found, "%s: slot %u of %s", file->path, slot->key, slot->map);
		count++;
	}
	for (size_t i = 0; i < member_length(json, "maps"); i++)
		count -= member_length(member_at(json, "maps", i), "slots");
	ck_assert_uint_eq(count, 0);
}

/* --- programs ----------------------------------------------------------------------------- */

static void assert_program(struct json_object *json, const struct object_file *file,
			   const struct outcome_program *program)
{
	struct test_object object = object_load(file->name);
	Elf64_Sym *symbol = object_symbol(&object, program->name);
	struct json_object *tail_call = member(json, "tail_call");

	ck_assert_str_eq(member_text(json, "section"), program->section);
	ck_assert_int_eq(member_number(json, "insns"), (long long)(symbol->st_size / 8));
	ck_assert(!member_bool(json, "subprogram"));
	for (const struct outcome_slot *slot = file->object->slots; slot->map; slot++) {
		if (strcmp(slot->target, program->name))
			continue;
		ck_assert_str_eq(member_text(tail_call, "map"), slot->map);
		ck_assert_int_eq(member_number(tail_call, "key"), slot->key);
		tail_call = NULL;
	}
	ck_assert_ptr_null(tail_call);
	object_free(&object);
}

static size_t nr_programs(const struct object_file *file)
{
	size_t count = 0;

	while (file->object->programs[count].name)
		count++;
	return count;
}

/* --- objects ------------------------------------------------------------------------------ */

static void assert_object(struct json_object *json, const struct object_file *file)
{
	const char *name = file->name;
	char sha1[SHA1_DIGEST_STRING_LENGTH];
	size_t programs = 0;

	ck_assert_ptr_nonnull(SHA1File(file->path, sha1));
	ck_assert_str_eq(member_text(json, "file"), file->path);
	ck_assert_str_eq(member_text(json, "sha1"), sha1);
	ck_assert_str_eq(member_text(json, "byte_order"), "little");
	ck_assert(member_bool(json, "legacy"));
	ck_assert_uint_eq(member_length(json, "maps"), expected_count(name));
	for (size_t i = 0; i < expected_count(name); i++)
		assert_map(member_named(json, "maps", expected_at(name, i)->name), file,
			   expected_at(name, i));
	assert_slots(json, file);
	for (size_t i = 0; i < nr_programs(file); i++)
		assert_program(member_named(json, "programs", file->object->programs[i].name), file,
			       &file->object->programs[i]);
	for (size_t i = 0; i < member_length(json, "programs"); i++)
		programs += !member_bool(member_at(json, "programs", i), "subprogram");
	ck_assert_uint_eq(programs, nr_programs(file));
}

/* Definitions, ids, pins, types, slots, programs: as the source has them. */
START_TEST(test_json)
{
	struct object_file file = object_file((size_t)_i);
	struct json_object *json = inspect(file.path);

	assert_object(json, &file);
	json_object_put(json);
}
END_TEST

/* convert -j describes what it converted, and names the file it wrote. */
START_TEST(test_convert_json)
{
	struct object_file file = object_file((size_t)_i);
	const char *target = scratch_path("new.o");
	struct run run = tool_with(environment, "convert -j %s %s", file.path, target);
	struct json_object *json;

	assert_status(&run, 0);
	json = parse_json(run.out);
	assert_object(json, &file);
	ck_assert_str_eq(member_text(json, "output"), target);
	json_object_put(json);
	free_run(&run);
}
END_TEST

/* A converted object has BTF-defined maps with the same attributes, and no legacy ones. */
START_TEST(test_converted)
{
	struct object_file file = object_file((size_t)_i);
	const char *target = scratch_path("new.o");
	struct run run = tool("convert %s %s", file.path, target);
	struct json_object *json, *original;

	assert_status(&run, 0);
	free_run(&run);
	original = inspect(file.path);
	json = inspect(target);
	ck_assert(!member_bool(json, "legacy"));
	for (const struct outcome_map *map = outcome_maps(file.object); map->name; map++) {
		struct json_object *said = member_named(json, "maps", map->name);
		struct json_object *before = member_named(original, "maps", map->name);

		ck_assert_str_eq(member_text(said, "section"), ".maps");
		ck_assert_int_eq(member_number(said, "type"), map->type);
		ck_assert_int_eq(member_number(said, "key_size"), map->key_size);
		ck_assert_int_eq(member_number(said, "value_size"),
				 member_number(before, "value_size"));
	}
	json_object_put(original);
	json_object_put(json);
}
END_TEST

/* Several files make one array, in their order. */
START_TEST(test_several_files)
{
	struct run run = tool("inspect -j testdata/counter.o testdata/demo.o");
	struct json_object *json;

	assert_status(&run, 0);
	json = parse_json(run.out);
	ck_assert_uint_eq(json_object_array_length(json), 2);
	ck_assert_str_eq(member_text(json_object_array_get_idx(json, 0), "file"),
			 "testdata/counter.o");
	ck_assert_str_eq(member_text(json_object_array_get_idx(json, 1), "file"),
			 "testdata/demo.o");
	json_object_put(json);
	free_run(&run);
}
END_TEST

/* -p only indents. */
START_TEST(test_pretty)
{
	char *plain = tool_output("inspect -j testdata/demo.o");
	char *pretty = tool_output("inspect -jp testdata/demo.o");
	struct json_object *one = parse_json(plain), *other = parse_json(pretty);

	ck_assert_ptr_eq(strchr(plain, '\n'), plain + strlen(plain) - 1);
	ck_assert_ptr_nonnull(strstr(pretty, "\n  \""));
	ck_assert(json_object_equal(one, other));
	json_object_put(one);
	json_object_put(other);
	free(plain);
	free(pretty);
}
END_TEST

/* What people read: all maps and programs, how they were read and why, in 80 columns. */
START_TEST(test_text)
{
	struct object_file file = object_file((size_t)_i);
	struct run run = tool_with(environment, "inspect %s", file.path);

	assert_status(&run, 0);
	for (size_t i = 0; i < expected_count(file.name); i++) {
		const struct expected_map *map = expected_at(file.name, i);

		ck_assert_msg(strstr(run.out, map->name), "no %s:\n%s", map->name, run.out);
		ck_assert_msg(strstr(run.out, map->layout), "no %s:\n%s", map->layout, run.out);
	}
	for (size_t i = 0; i < nr_programs(&file); i++)
		ck_assert_msg(strstr(run.out, file.object->programs[i].name), "%s", run.out);
	for (const char *line = run.out; *line; line = strchr(line, '\n') + 1)
		ck_assert_msg(strcspn(line, "\n") <= 80 || strstr(line, "      pin ") == line, "%s",
			      line);
	free_run(&run);
}
END_TEST

/* A layout can be named, and one that does not fit is refused by name. */
START_TEST(test_layout)
{
	char *out = tool_output("inspect -j --layout bpf_elf_map28 testdata/elf28.o");
	struct json_object *json = parse_json(out);

	ck_assert_str_eq(member_text(member_named(json, "maps", "next"), "layout"),
			 "bpf_elf_map28");
	json_object_put(json);
	free(out);
	assert_refusal(tool("inspect --layout nonsense testdata/elf28.o"), "testdata/elf28.o",
		       "nonsense");
	assert_refusal(tool("inspect --layout bpf_elf_map36 testdata/elf28.o"), "testdata/elf28.o",
		       "maps", "28 bytes", "bpf_elf_map36");
}
END_TEST

Suite *inspect_suite(void)
{
	Suite *suite = suite_of("inspect", test_several_files, test_pretty, test_layout);

	add_loop_test(suite, test_json, nr_object_files());
	add_loop_test(suite, test_convert_json, nr_object_files());
	add_loop_test(suite, test_converted, nr_object_files());
	add_loop_test(suite, test_text, nr_object_files());
	return suite;
}
