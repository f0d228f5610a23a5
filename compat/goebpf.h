/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * goebpf's struct bpf_map_def of 40 bytes, which ends in two pointers: to the definition of the
 * inner map, and to the path where it is pinned. The object's relocations fill them in.
 */
#ifndef ELFMAP_COMPAT_GOEBPF_H
#define ELFMAP_COMPAT_GOEBPF_H

#include "elfmap.h"

/* Whether relocations make pointers of the words that goebpf has them in, in any entry. */
bool goebpf_has_pointers(const struct elfmap_section *section);
/* Whether some of these words are set and no pointers, as another layout would have them. */
bool goebpf_has_other_words(const struct elfmap_section *section);
/* Whether these words are zero in all entries, as NULL pointers leave them. */
bool goebpf_has_only_zeros(const struct elfmap_section *section);

/*
 * Read the pointer member of that name, at that offset, into the definition: inner_map_def or
 * persistent_path. -ENOENT: its name is neither.
 */
int goebpf_read_pointer(const struct elfmap_entry *entry, const char *name, size_t offset,
			struct elfmap_map_def *def);
/* Fill in what goebpf's loader does: its authors may leave out what the type says already. */
void goebpf_complete(struct elfmap_map_def *def);
#endif
