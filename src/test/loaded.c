/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <linux/bpf.h>

#include "test/loaded.h"

void set_missing_types(const struct elfmap_object *object)
{
	struct elfmap_program *program = NULL;

	while ((program = elfmap_object__next_program(object, program))) {
		if (!elfmap_program__type(program))
			elfmap_program__set_type(program, BPF_PROG_TYPE_SCHED_CLS);
	}
}

void state_add_object(struct state *state, const struct elfmap_object *object)
{
	struct elfmap_program *program = NULL;
	struct elfmap_map *map = NULL;

	while ((map = elfmap_object__next_map(object, map)))
		state_add_map(state, map_info(elfmap_map__fd(map)).id);
	while ((program = elfmap_object__next_program(object, program))) {
		if (!elfmap_program__is_subprogram(program))
			state_add_program(state, program_info(elfmap_program__fd(program)).id);
	}
}
