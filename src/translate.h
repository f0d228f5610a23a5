/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Steps 1 to 5 in order, from bytes to an object whose image can be written.
 */
#ifndef ELFMAP_TRANSLATE_H
#define ELFMAP_TRANSLATE_H

#include "model.h"

/* object->view is set; the rest is filled in. */
int translate(struct elfmap_object *object);

#endif
