/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the library itself loaded, to be held against what must come out. */
#ifndef ELFMAP_TEST_LOADED_H
#define ELFMAP_TEST_LOADED_H

#include "elfmap.h"
#include "test/outcome.h"

/* sched_cls for programs whose section tells no type: tail-called ones that no map names. */
void set_missing_types(const struct elfmap_object *object);

/* Add all maps and programs by their descriptors, as nothing need be pinned. */
void state_add_object(struct state *state, const struct elfmap_object *object);

#endif
