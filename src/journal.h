/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a load changed outside this process, so that it can be taken back: pins, directories,
 * links, mounts, and slots of maps that others use.
 */
#ifndef ELFMAP_JOURNAL_H
#define ELFMAP_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

struct change;

struct journal {
	struct change *changes; /* in the order made */
	size_t count;
};

/* The path is a new file or link (undo unlinks it), directory (rmdir) or mount (umount). */
int journal_add_file(struct journal *journal, const char *path);
int journal_add_directory(struct journal *journal, const char *path);
int journal_add_mount(struct journal *journal, const char *path);
/*
 * Slot key of the map is about to change; old_fd is the program or map that it holds, -1 if it is
 * empty. Both descriptors are duplicated: the old value lives until the journal goes.
 */
int journal_add_slot(struct journal *journal, int map_fd, uint32_t key, int old_fd);

/* Take everything back, the last change first, and forget it. What is gone already is no error. */
void journal_undo(struct journal *journal);
/* The same for those after the first count of them; these stay. */
void journal_undo_since(struct journal *journal, size_t count);
/* Keep the changes and forget them. */
void journal_forget(struct journal *journal);

#endif
