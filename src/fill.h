/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 7, the slots: stores inner maps in outer ones and programs in prog arrays, after both exist.
 */
#ifndef ELFMAP_FILL_H
#define ELFMAP_FILL_H

#include "model.h"

/* Old contents of slots of reused maps go to the object's journal. */
int fill_slots(struct elfmap_object *object);

/*
 * Whether the map that libbpf has for one with slots can hold any: callers may have given it another,
 * and the kernel reads and writes as many bytes as that one's keys and values have. -EINVAL with a
 * message.
 */
int fill_check(const char *object, const char *name, const struct bpf_map *map);

/* Note in the journal what a slot of a map of that type holds, before it is stored into. */
int fill_remember(struct journal *journal, int map_fd, uint32_t type, uint32_t key);

#endif
