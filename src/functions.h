/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The functions of an object, by their symbols: programs, and the subprograms in .text that they
 * call. Part of decode.
 */
#ifndef ELFMAP_FUNCTIONS_H
#define ELFMAP_FUNCTIONS_H

#include "model.h"

/* Fills in object->programs, by section and offset. */
int functions_read(struct elfmap_object *object);

#endif
