// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/generated_state.h"
#include "test/outcome.h"
#include "test/seeds.h"
#include "test/tests.h"

/* --- what was loaded ----------------------------------------------------------------------- */

static int map_fd(const struct loaded *loaded, const char *name)
{
	const struct bpf_map *map;

	if (loaded->object)
		return elfmap_map__fd(map_of(loaded->object, name));
	map = bpf_object__find_map_by_name(loaded->bpf_object, name);
	return map ? bpf_map__fd(map) : -ENOENT;
}

static int program_fd(const struct loaded *loaded, const char *name)
{
	const struct bpf_program *program;

	if (loaded->object)
		return elfmap_program__fd(program_of(loaded->object, name));
	program = bpf_object__find_program_by_name(loaded->bpf_object, name);
	return program ? bpf_program__fd(program) : -ENOENT;
}

const char *loaded_name(const struct loaded *loaded, const struct generated *generated, bool is_map,
			__u32 id)
{
	size_t count = is_map ? generated->nr_maps : generated->nr_programs;

	for (size_t i = 0; i < count; i++) {
		const char *name = is_map ? generated->maps[i].name : generated->programs[i].name;
		__u32 found = is_map ? map_info(map_fd(loaded, name)).id :
				       program_info(program_fd(loaded, name)).id;

		if (found == id)
			return name;
	}
	return "something else";
}

/* --- states as the kernel tells them ------------------------------------------------------- */

static void put_map(FILE *out, const char *name, const struct bpf_map_info *info)
{
	fprintf(out, "map %s (%.15s): type %u key %u value %u entries %u flags 0x%x%s\n", name,
		info->name, info->type, info->key_size, info->value_size, info->max_entries,
		info->map_flags, info->btf_key_type_id && info->btf_value_type_id ? " typed" : "");
}

static void put_kernel_map(FILE *out, const struct loaded *loaded,
			   const struct generated *generated, const struct generated_map *truth)
{
	int fd = map_fd(loaded, truth->name);
	struct bpf_map_info info = map_info(fd);

	put_map(out, truth->name, &info);
	fprintf(out, "  %zu slots\n", nr_filled_slots(info.id));
	for (size_t i = 0; i < truth->nr_slots; i++) {
		__u32 key = truth->slots[i].key, id = slot_id(fd, key);

		fprintf(out, "  slot %u: %s\n", key,
			id ? loaded_name(loaded, generated, generated_is_outer(truth), id) :
			     "empty");
	}
}

static void put_program(FILE *out, const char *name, __u32 type, const __u8 tag[BPF_TAG_SIZE])
{
	fprintf(out, "program %s (%.15s): type %u tag ", name, name, type);
	for (size_t i = 0; i < BPF_TAG_SIZE; i++)
		fprintf(out, "%02x", tag[i]);
	fprintf(out, "\n");
}

static void put_kernel_program(FILE *out, const struct loaded *loaded,
			       const struct generated *generated, const char *name)
{
	struct program_info info = program_info(program_fd(loaded, name));

	expect(!strncmp(info.name, name, BPF_OBJ_NAME_LEN - 1), "program %s: loaded as %s", name,
	       info.name);
	put_program(out, name, info.type, info.tag);
	for (size_t i = 0; i < info.nr_maps; i++)
		fprintf(out, "  map %s\n", loaded_name(loaded, generated, true, info.maps[i]));
}

char *kernel_state(const struct loaded *loaded, const struct generated *generated)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	for (size_t i = 0; i < generated->nr_maps; i++)
		put_kernel_map(out, loaded, generated, &generated->maps[i]);
	for (size_t i = 0; i < generated->nr_programs; i++)
		put_kernel_program(out, loaded, generated, generated->programs[i].name);
	fclose(out);
	return text;
}

/* --- states as they must be ---------------------------------------------------------------- */

static void put_true_map(FILE *out, const struct generated_map *truth)
{
	struct bpf_map_info info = {
		.type = truth->def.type,
		.key_size = truth->def.key_size,
		.value_size = truth->def.value_size,
		.max_entries = truth->def.max_entries,
		.map_flags = truth->def.map_flags,
		.btf_key_type_id = truth->is_typed,
		.btf_value_type_id = truth->is_typed,
	};

	snprintf(info.name, sizeof(info.name), "%.15s", truth->name);
	if (info.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !info.max_entries)
		info.max_entries = (__u32)libbpf_num_possible_cpus();
	/* the kernel's own */
	if (info.type == BPF_MAP_TYPE_DEVMAP)
		info.map_flags |= BPF_F_RDONLY_PROG;
	put_map(out, truth->name, &info);
	fprintf(out, "  %zu slots\n", truth->nr_slots);
	for (size_t i = 0; i < truth->nr_slots; i++)
		fprintf(out, "  slot %u: %s\n", truth->slots[i].key, truth->slots[i].target);
}

static bool came_before(const struct generated_program *program, size_t reference)
{
	for (size_t i = 0; i < reference; i++) {
		if (program->references[i].map == program->references[reference].map)
			return true;
	}
	return false;
}

static void put_true_program(FILE *out, const struct generated *generated,
			     const struct generated_program *truth)
{
	struct bpf_insn insns[GENERATED_INSNS_MAX];
	__u8 tag[BPF_TAG_SIZE];

	memcpy(insns, truth->insns, sizeof(insns));
	for (size_t i = 0; i < truth->nr_references; i++)
		insns[truth->references[i].insn].src_reg = BPF_PSEUDO_MAP_FD;
	expected_tag(insns, truth->nr_insns, tag);
	put_program(out, truth->name, truth->prog_type, tag);
	for (size_t i = 0; i < truth->nr_references; i++) {
		if (!came_before(truth, i))
			fprintf(out, "  map %s\n", generated->maps[truth->references[i].map].name);
	}
}

char *true_state(const struct generated *generated)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	for (size_t i = 0; i < generated->nr_maps; i++)
		put_true_map(out, &generated->maps[i]);
	for (size_t i = 0; i < generated->nr_programs; i++)
		put_true_program(out, generated, &generated->programs[i]);
	fclose(out);
	return text;
}
