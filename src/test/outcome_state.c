// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of outcome.h that finds out what the kernel holds. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/tests.h"

bool has_slots(__u32 type)
{
	return type == BPF_MAP_TYPE_PROG_ARRAY || type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* The next slot that is filled, and what it holds; *key is that of the one before. */
static __u32 next_slot(int fd, bool *started, __u32 *key)
{
	__u32 next, id;

	while (bpf_map_get_next_key(fd, *started ? key : NULL, &next) == 0) {
		*started = true;
		*key = next;
		id = slot_id(fd, next);
		if (id)
			return id;
	}
	ck_assert_msg(errno == ENOENT, "asking for the next slot: %s", strerror(errno));
	return 0;
}

static void add_slots(struct state *state, __u32 map, __u32 type)
{
	int fd CLEANUP(cleanup_fd) = open_map(map);
	bool started = false;
	__u32 key = 0, id;

	while ((id = next_slot(fd, &started, &key))) {
		if (type == BPF_MAP_TYPE_PROG_ARRAY)
			state_add_program(state, id);
		else
			state_add_map(state, id);
	}
}

size_t nr_filled_slots(__u32 map)
{
	int fd CLEANUP(cleanup_fd) = open_map(map);
	bool started = false;
	size_t count = 0;
	__u32 key = 0;

	if (!has_slots(map_info(fd).type))
		return 0;
	while (next_slot(fd, &started, &key))
		count++;
	return count;
}

void state_add_map(struct state *state, __u32 id)
{
	struct bpf_map_info *info = &state->maps[state->nr_maps];

	for (size_t i = 0; i < state->nr_maps; i++) {
		if (state->maps[i].id == id)
			return;
	}
	ck_assert_uint_lt(state->nr_maps, sizeof(state->maps) / sizeof(state->maps[0]));
	*info = map_info_of_id(id);
	state->nr_maps++;
	if (has_slots(info->type))
		add_slots(state, id, info->type);
}

void state_add_program(struct state *state, __u32 id)
{
	struct program_info *info = &state->programs[state->nr_programs];

	for (size_t i = 0; i < state->nr_programs; i++) {
		if (state->programs[i].id == id)
			return;
	}
	ck_assert_uint_lt(state->nr_programs, sizeof(state->programs) / sizeof(state->programs[0]));
	*info = program_info_of_id(id);
	state->nr_programs++;
	for (size_t i = 0; i < info->nr_maps; i++)
		state_add_map(state, info->maps[i]);
}

bool is_program(int fd)
{
	char link[64], target[64] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ck_assert_int_gt(readlink(link, target, sizeof(target) - 1), 0);
	return strstr(target, "bpf-prog");
}

static void add_pin(struct state *state, const char *path)
{
	int fd CLEANUP(cleanup_fd) = open_pin(path);

	if (is_program(fd))
		state_add_program(state, program_info(fd).id);
	else
		state_add_map(state, map_info(fd).id);
}

void state_add_pins(struct state *state, const char *directory)
{
	char *pins CLEANUP(cleanup_free) = list_pins(directory);
	char *rest = NULL;

	for (char *pin = strtok_r(pins, "\n", &rest); pin; pin = strtok_r(NULL, "\n", &rest)) {
		char *path CLEANUP(cleanup_free) = NULL;

		ck_assert_int_gt(asprintf(&path, "%s/%s", directory, pin), 0);
		add_pin(state, path);
	}
}

static char *map_names(const struct state *state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	for (size_t i = 0; i < state->nr_maps; i++)
		fprintf(out, " %s", state->maps[i].name);
	fclose(out);
	return text;
}

size_t state_map_index(const struct state *state, const char *name)
{
	size_t found = state->nr_maps;

	for (size_t i = 0; i < state->nr_maps; i++) {
		if (strcmp(state->maps[i].name, name))
			continue;
		ck_assert_msg(found == state->nr_maps, "there are two maps %s", name);
		found = i;
	}
	ck_assert_msg(found < state->nr_maps, "there is no map %s among%s", name, map_names(state));
	return found;
}

size_t state_program_index(const struct state *state, const char *name)
{
	size_t found = state->nr_programs;

	for (size_t i = 0; i < state->nr_programs; i++) {
		if (strcmp(state->programs[i].name, name))
			continue;
		ck_assert_msg(found == state->nr_programs, "there are two programs %s", name);
		found = i;
	}
	ck_assert_msg(found < state->nr_programs, "there is no program %s", name);
	return found;
}

__u32 state_map(const struct state *state, const char *name)
{
	return state->maps[state_map_index(state, name)].id;
}

__u32 state_program(const struct state *state, const char *name)
{
	return state->programs[state_program_index(state, name)].id;
}
