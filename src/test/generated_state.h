/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a generated object is in the kernel, as text to compare: a line for each map, slot, program
 * and use of a map by a program. For use in properties: see seeds.h.
 */
#ifndef ELFMAP_TEST_GENERATED_STATE_H
#define ELFMAP_TEST_GENERATED_STATE_H

#include "elfmap.h"
#include "test/generate.h"

struct bpf_object;

/* By whom it was loaded; one of the two is set. */
struct loaded {
	struct elfmap_object *object;
	struct bpf_object *bpf_object;
};

/* As the kernel tells it, through bpf(2); for free(). */
char *kernel_state(const struct loaded *loaded, const struct generated *generated);
/* As it must be, without a look at what was loaded; for free(). */
char *true_state(const struct generated *generated);

/* The name of the object's map or program that has an id, or words that are no name. */
const char *loaded_name(const struct loaded *loaded, const struct generated *generated, bool is_map,
			__u32 id);

#endif
