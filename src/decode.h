/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 2: ELF view to definitions. The section parser: finds the sections with definitions, the
 * entries in them and the programs, lets the formats say which layout it is, and has the one with
 * the best evidence decode every entry. No layout is known here by name.
 */
#ifndef ELFMAP_DECODE_H
#define ELFMAP_DECODE_H

#include "model.h"

/* Fills in btf, maps and programs of an object whose view is set. */
int decode_object(struct elfmap_object *object);

#endif
