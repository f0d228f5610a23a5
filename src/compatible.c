/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "compatible.h"
#include "descriptor.h"
#include "log.h"
#include "zeroed.h"

/* --- maps --------------------------------------------------------------------------------------- */

struct attributes {
	uint32_t type, key_size, value_size, max_entries, map_flags;
};

/* What the kernel adds by itself: programs may not write to a map's devices. */
static uint32_t added_flag(uint32_t type)
{
	return type == BPF_MAP_TYPE_DEVMAP || type == BPF_MAP_TYPE_DEVMAP_HASH ? BPF_F_RDONLY_PROG :
										 0;
}

/* What the kernel will say of the map once it is created. */
static struct attributes expected_attributes(const struct bpf_map *map)
{
	struct attributes expected = {
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		.max_entries = bpf_map__max_entries(map),
		.map_flags = bpf_map__map_flags(map),
	};

	if (expected.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !expected.max_entries)
		expected.max_entries = (uint32_t)libbpf_num_possible_cpus();
	expected.map_flags |= added_flag(expected.type);
	return expected;
}

static void name_difference(char *text, size_t size, const char *what, uint32_t found,
			    uint32_t expected)
{
	size_t used = strlen(text);

	if (found != expected)
		snprintf(text + used, size - used, "%s %s %u, expected %u", used ? ";" : "", what,
			 found, expected);
}

static const char *type_name(uint32_t type)
{
	const char *name = libbpf_bpf_map_type_str((enum bpf_map_type)type);

	return name ? name : "unknown to libbpf";
}

static void name_types(char *text, size_t size, uint32_t found, uint32_t expected)
{
	if (found != expected)
		snprintf(text, size, " type %s, expected %s", type_name(found),
			 type_name(expected));
}

int compatible_map(const char *object_name, const struct bpf_map *map, const char *path,
		   int pinned_fd)
{
	struct attributes expected = expected_attributes(map);
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	char differences[512] = "";

	if (!descriptor_is(pinned_fd, "bpf-map")) {
		log_error("%s: map \"%s\": its pin %s holds no map", object_name,
			  bpf_map__name(map), path);
		return -EEXIST;
	}
	if (bpf_obj_get_info_by_fd(pinned_fd, &info, &size))
		return -errno;
	info.map_flags |= added_flag(expected.type); /* kernels before 5.6 did not */
	name_types(differences, sizeof(differences), info.type, expected.type);
	name_difference(differences, sizeof(differences), "key_size", info.key_size,
			expected.key_size);
	name_difference(differences, sizeof(differences), "value_size", info.value_size,
			expected.value_size);
	name_difference(differences, sizeof(differences), "max_entries", info.max_entries,
			expected.max_entries);
	name_difference(differences, sizeof(differences), "map_flags", info.map_flags,
			expected.map_flags);
	if (!*differences)
		return 0;
	log_error("%s: map \"%s\": its pin %s holds another map:%s: remove that pin if nothing "
		  "uses it any more, or pin elsewhere",
		  object_name, bpf_map__name(map), path, differences);
	return -EEXIST;
}

void compatible_expect_added_flag(struct bpf_map *map)
{
	bool is_known = libbpf_major_version() > 1 || libbpf_minor_version() >= 7;
	uint32_t flag = added_flag(bpf_map__type(map)), size = sizeof(struct bpf_map_info);
	const char *path = bpf_map__pin_path(map);
	CLEANUP(cleanup_fd) int fd = flag && !is_known && path ? bpf_obj_get(path) : -1;
	struct bpf_map_info info = { 0 };

	if (fd >= 0 && descriptor_is(fd, "bpf-map") && !bpf_obj_get_info_by_fd(fd, &info, &size) &&
	    info.map_flags == (bpf_map__map_flags(map) | flag))
		bpf_map__set_map_flags(map, info.map_flags);
}

/* --- programs ----------------------------------------------------------------------------------- */

struct program_state {
	struct bpf_prog_info info;
	uint32_t *map_ids; /* sorted, without libbpf's own */
	uint32_t nr_map_ids;
};

static void cleanup_state(struct program_state *state)
{
	free(state->map_ids);
}

/* libbpf's maps for global data have a dot in their name, which no C name has. */
static bool is_internal(uint32_t map_id)
{
	CLEANUP(cleanup_fd) int fd = bpf_map_get_fd_by_id(map_id);
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size) && strchr(info.name, '.');
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static int read_program(int fd, struct program_state *state)
{
	uint32_t size = sizeof(state->info), count;

	if (bpf_obj_get_info_by_fd(fd, &state->info, &size))
		return -errno;
	count = state->info.nr_map_ids;
	state->map_ids = zeroed(count ? count : 1, sizeof(*state->map_ids));
	if (!state->map_ids)
		return -ENOMEM;
	memset(&state->info, 0, sizeof(state->info));
	state->info.nr_map_ids = count;
	state->info.map_ids = (uintptr_t)state->map_ids;
	size = sizeof(state->info);
	if (bpf_obj_get_info_by_fd(fd, &state->info, &size))
		return -errno;
	count = state->info.nr_map_ids < count ? state->info.nr_map_ids : count;
	for (uint32_t i = 0; i < count; i++)
		if (!is_internal(state->map_ids[i]))
			state->map_ids[state->nr_map_ids++] = state->map_ids[i];
	qsort(state->map_ids, state->nr_map_ids, sizeof(*state->map_ids), compare_ids);
	return 0;
}

int compatible_program(const struct elfmap_program *program, int pinned_fd)
{
	CLEANUP(cleanup_state) struct program_state pinned = { 0 }, loaded = { 0 };
	const char *difference = NULL;
	int err;

	err = descriptor_is(pinned_fd, "bpf-prog") ? read_program(pinned_fd, &pinned) : -EEXIST;
	if (!err)
		err = read_program(elfmap_program__fd(program), &loaded);
	if (err == -EEXIST)
		difference = "no program";
	else if (err)
		return err;
	else if (pinned.info.type != loaded.info.type)
		difference = "a program of another type";
	else if (memcmp(pinned.info.tag, loaded.info.tag, sizeof(loaded.info.tag)))
		difference = "a program with other instructions";
	else if (pinned.nr_map_ids != loaded.nr_map_ids ||
		 memcmp(pinned.map_ids, loaded.map_ids, loaded.nr_map_ids * sizeof(uint32_t)))
		difference = "the same program with other maps";
	if (!difference)
		return 0;
	log_error("%s: program \"%s\": its pin %s holds %s: remove it, or pin elsewhere",
		  program->object->view.name, program->name, program->pin_path, difference);
	return -EEXIST;
}
