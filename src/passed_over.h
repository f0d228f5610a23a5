/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Sections that libbpf is to pass over, as old loaders did: in the image they have names that it
 * does not know, and so have their DATASECs.
 *
 *  - Data that definitions point to and nothing else refers to, such as pin paths: libbpf would make
 *    maps of them and bind these to programs.
 *  - A section "version" that holds no number of 32 bits: libbpf would refuse the object.
 */
#ifndef ELFMAP_PASSED_OVER_H
#define ELFMAP_PASSED_OVER_H

#include "model.h"

/* Sets object->passed_over, for each section. */
int passed_over_find(struct elfmap_object *object);
/* Whether there is any such section. */
bool passed_over_any(const struct elfmap_object *object);
/* The section's name in the image, for the caller to free; NULL without memory. */
char *passed_over_name(const char *section);

#endif
