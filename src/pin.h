/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 7, the pins, by policy auto: a pin that is there is reused if it is compatible, one that is
 * missing is placed last.
 */
#ifndef ELFMAP_PIN_H
#define ELFMAP_PIN_H

#include "model.h"

/* Before load: hand libbpf the pinned maps that exist. -EEXIST: a pin holds something else. */
int pin_reuse_maps(struct elfmap_object *object);
/* Before load too: what cannot be pinned need not be loaded. */
int pin_make_directories(struct elfmap_object *object);
/*
 * After load: place the pins that are missing, and record them in the object's journal. -EEXIST: one
 * has appeared in the meantime; -EAGAIN, without a message, where may_lose is set and it is a map's.
 */
int pin_place(struct elfmap_object *object, bool may_lose);

#endif
