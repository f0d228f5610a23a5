/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 3: definitions to model. Links definitions to each other and to programs: inner maps,
 * initial slots, tail calls, key and value types, pin paths, program types. What is wrong with an
 * object as a whole is found here, and callers have their say.
 *
 * resolve.c is the order of the parts; each part has a file of its own.
 */
#ifndef ELFMAP_RESOLVE_H
#define ELFMAP_RESOLVE_H

#include "model.h"

int resolve_object(struct elfmap_object *object);

/* The parts. */
int resolve_names(struct elfmap_object *object);
int resolve_nesting(struct elfmap_object *object);
int resolve_converted(struct elfmap_object *object);
int resolve_programs(struct elfmap_object *object);
void resolve_types(struct elfmap_object *object);
int resolve_pins(struct elfmap_object *object);

/* Where the object's own pins go, found when it is first asked for; NULL without memory. */
const char *resolve_bpffs(struct elfmap_object *object);

#endif
