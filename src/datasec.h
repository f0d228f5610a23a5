/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The variables of maps in BTF, and the DATASEC .maps that lists them.
 */
#ifndef ELFMAP_DATASEC_H
#define ELFMAP_DATASEC_H

#include "model.h"

/* Once the maps have their places and structs: makes object->btf say so. */
int datasec_synthesise(struct elfmap_object *object);

/* The same where no map is legacy: variables of native maps get the structs that are for libbpf. */
void datasec_retype(struct elfmap_object *object);

/* Give the DATASECs of sections that libbpf is to pass over the names these have in the image. */
int datasec_rename_passed_over(struct elfmap_object *object);

#endif
