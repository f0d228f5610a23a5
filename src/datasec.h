/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The variables of maps in BTF, and the DATASEC .maps that lists them: what is appended for them, and
 * what changes in the object's own types when all is appended.
 */
#ifndef ELFMAP_DATASEC_H
#define ELFMAP_DATASEC_H

#include "btf_append.h"
#include "model.h"

/* What is appended first and filled in or changed later. */
struct datasecs {
	uint32_t own; /* the DATASEC .maps if the object has it and it is to be filled in, or 0 */
	uint32_t nr_own;  /* types of the object, and one */
	uint32_t retired; /* the first of those that list maps in its place, 0 for none */
	uint32_t name;	  /* ".maps" */
	uint32_t *names;  /* by section: those that libbpf is to pass over; NULL for none */
};

/* Once the maps have their places and structs. */
int datasec_append(struct elfmap_object *object, struct btf_append *added,
		   struct datasecs *sections);
/* Once object->btf has all that was appended: makes it say where maps are, and what. */
void datasec_change(struct elfmap_object *object, const struct datasecs *sections);
void datasecs_release(struct datasecs *sections);

#endif
