// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of outcome.h that reads the tables. */
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/expected.h"
#include "test/outcome.h"
#include "test/tests.h"

/* --- object files ------------------------------------------------------------------------- */

static struct object_file make_file(const struct outcome_object *object, bool btf)
{
	struct object_file file = { .object = object, .btf = btf };

	snprintf(file.name, sizeof(file.name), "%s%s", object->name, btf ? ".btf" : "");
	snprintf(file.path, sizeof(file.path), "testdata/%s.o", file.name);
	return file;
}

/* The i-th file; in *count how many there are, if i is beyond them. */
static struct object_file find_file(size_t i, size_t *count)
{
	size_t seen = 0;

	for (const struct outcome_object *object = outcome_objects; object->name; object++) {
		for (int btf = object->only_btf; btf < 2; btf++) {
			if (seen++ == i)
				return make_file(object, btf);
		}
	}
	if (count)
		*count = seen;
	return (struct object_file){ 0 };
}

size_t nr_object_files(void)
{
	size_t count = 0;

	find_file((size_t)-1, &count);
	return count;
}

struct object_file object_file(size_t i)
{
	struct object_file file = find_file(i, NULL);

	ck_assert_ptr_nonnull(file.object);
	return file;
}

struct object_file object_file_at(const char *path)
{
	for (size_t i = 0; i < nr_object_files(); i++) {
		struct object_file file = object_file(i);

		if (!strcmp(file.path, path))
			return file;
	}
	ck_abort_msg("%s is in no table", path);
}

static bool is_for_tc(const struct outcome_program *program)
{
	return program->type == BPF_PROG_TYPE_SCHED_CLS || program->type == BPF_PROG_TYPE_SCHED_ACT;
}

static bool is_for_xdp(const struct outcome_program *program)
{
	return program->type == BPF_PROG_TYPE_XDP;
}

typedef bool (*is_case_fn)(const struct outcome_program *program);

/* As find_file(). */
static struct object_file find_case(is_case_fn is_case, size_t i,
				    const struct outcome_program **program, size_t *count)
{
	size_t seen = 0;

	for (size_t j = 0; j < nr_object_files(); j++) {
		struct object_file file = find_file(j, NULL);

		if (file.object->loses_tail_calls)
			continue;
		for (*program = file.object->programs; (*program)->name; (*program)++) {
			if (is_case(*program) && seen++ == i)
				return file;
		}
	}
	*count = seen;
	return (struct object_file){ 0 };
}

static size_t count_cases(is_case_fn is_case)
{
	const struct outcome_program *program;
	size_t count = 0;

	find_case(is_case, (size_t)-1, &program, &count);
	return count;
}

static struct object_file get_case(is_case_fn is_case, size_t i,
				   const struct outcome_program **program)
{
	size_t count;
	struct object_file file = find_case(is_case, i, program, &count);

	ck_assert_ptr_nonnull(file.object);
	return file;
}

size_t nr_tc_cases(void)
{
	return count_cases(is_for_tc);
}

struct object_file tc_case(size_t i, const struct outcome_program **program)
{
	return get_case(is_for_tc, i, program);
}

size_t nr_xdp_cases(void)
{
	return count_cases(is_for_xdp);
}

struct object_file xdp_case(size_t i, const struct outcome_program **program)
{
	return get_case(is_for_xdp, i, program);
}

const struct outcome_program *outcome_program(const struct outcome_object *object, const char *name)
{
	for (const struct outcome_program *program = object->programs; program->name; program++) {
		if (!strcmp(program->name, name))
			return program;
	}
	return NULL;
}

/* --- maps ---------------------------------------------------------------------------------- */

#define MAX_MAPS 128

/* Whether a list of names, blanks between them, has one. */
bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; (at = strstr(at, name)); at += length) {
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	}
	return false;
}

static enum outcome_pin pin_of(const struct expected_map *map)
{
	if (map->def.pin == ELFMAP_PIN_BY_PATH)
		return PIN_PATH;
	if (expected_native(map))
		return map->def.pinning ? PIN_BY_NAME : PIN_NOWHERE;
	switch (map->def.pinning) {
	case 1:
		return PIN_OBJECT;
	case 2:
		return PIN_GLOBAL;
	default:
		return PIN_NOWHERE; /* no database has the number */
	}
}

/* What kernels make of definitions that do not say all. */
static struct outcome_map outcome_of(const struct outcome_object *object,
				     const struct expected_map *map)
{
	struct outcome_map outcome = {
		.name = map->name,
		.type = map->def.type,
		.key_size = map->def.key_size,
		.value_size = map->def.value_size,
		.max_entries = map->def.max_entries,
		.map_flags = map->def.map_flags,
		.pin = pin_of(map),
		.path = map->def.pin_path,
		.typed = list_has(object->typed, map->name),
	};

	switch (map->def.type) {
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		if (!outcome.max_entries)
			outcome.max_entries = (__u32)libbpf_num_possible_cpus();
		break;
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		outcome.value_size = 4;
		break;
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
		outcome.map_flags |= BPF_F_RDONLY_PROG;
		break;
	}
	return outcome;
}

const struct outcome_map *outcome_maps(const struct outcome_object *object)
{
	static const struct outcome_object *last;
	static struct outcome_map maps[MAX_MAPS + 1];
	size_t count = expected_count(object->name);

	/* a test is about one object */
	ck_assert(!last || last == object);
	ck_assert_uint_le(count, MAX_MAPS);
	for (size_t i = 0; !last && i < count; i++)
		maps[i] = outcome_of(object, expected_at(object->name, i));
	last = object;
	return maps;
}

const struct outcome_map *outcome_map(const struct outcome_object *object, const char *name)
{
	for (const struct outcome_map *map = outcome_maps(object); map->name; map++) {
		if (!strcmp(map->name, name))
			return map;
	}
	return NULL;
}
