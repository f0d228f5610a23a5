/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Why the kernel refused a load, and what to do. libbpf gives an errno and no more, so the kernel is
 * asked again, about one well-known cause after the other; only after a failure, never before.
 */
#ifndef ELFMAP_EXPLAIN_H
#define ELFMAP_EXPLAIN_H

#include "model.h"

/* Say why bpf_object__load() failed with err, in one message. Returns err. */
int explain_load(const struct elfmap_object *object, int err);
/* The same of a slot that the kernel does not fill. */
int explain_slot(const struct elfmap_map *map, const struct map_slot *slot, int err);

#endif
