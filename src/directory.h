/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Directories for pins, on a bpffs; the bpffs itself where iproute2 would mount one.
 */
#ifndef ELFMAP_DIRECTORY_H
#define ELFMAP_DIRECTORY_H

#include "model.h"

/* Whether a bpffs takes the names in path. -EINVAL, with a message, where it does not. */
int directory_check_names(const struct elfmap_object *object, const char *path);

/*
 * Wait until no other elfmap places pins in the bpffs that path is on, and keep others waiting until
 * the descriptor that is returned is closed; -1 where there is nothing to lock.
 */
int directory_lock(const char *path);

/*
 * Make the directories above path, mode 0700, and record them in the object's journal. -ENOENT,
 * with a message, where they would not be on a bpffs.
 */
int directory_make_parents(struct elfmap_object *object, const char *path);

#endif
