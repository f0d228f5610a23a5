/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Directories for pins, on a bpffs; the bpffs itself where iproute2 would mount one.
 */
#ifndef ELFMAP_DIRECTORY_H
#define ELFMAP_DIRECTORY_H

#include "model.h"

/*
 * Whether a bpffs takes the names in path. -EINVAL, with a message that begins with who wants it,
 * where it does not.
 */
int directory_check_names(const char *who, const char *path);

/*
 * Wait until no other elfmap places pins in the bpffs that path is on, and keep others waiting until
 * the descriptor that is returned is closed; -1 where there is nothing to lock.
 */
int directory_lock(const char *path);

/*
 * Make the directories above path, mode 0700, and record them in the journal. -ENOENT, with a
 * message that advises bpffs, where they would not be on one.
 */
int directory_make_above(const char *who, const char *bpffs, const char *path,
			 struct journal *journal);

/*
 * The same for an object's pin, in the object's journal: also a bpffs where iproute2 would mount
 * one, and the directories and links that iproute2 has on it.
 */
int directory_make_parents(struct elfmap_object *object, const char *path);

#endif
