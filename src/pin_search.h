/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a pin holds, and where a map is pinned. Only looks.
 */
#ifndef ELFMAP_PIN_SEARCH_H
#define ELFMAP_PIN_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the map with this id is pinned at path: 1, or 0 where something else is, or what may not be
 * opened. Symbolic links are something else. -ENOENT and other errors of paths: nothing is there;
 * -EMFILE, -ENFILE, -ENOMEM: not to be told.
 */
int pin_search_holds(const char *path, uint32_t id);

#define PIN_TEXT_MAX 96

/* What is at path, for messages: "a directory", "map \"m\" (id 7)", ... */
const char *pin_search_text(const char *path, char text[PIN_TEXT_MAX]);

/*
 * The paths below each bpffs that is mounted here at which the map with this id is pinned: their
 * number, and in *paths an array of them, sorted, in one block for free(), NULL for none. A pin that
 * is seen at several places, as bind mounts make them, counts once. Fails where descriptors or memory
 * are short, and where it cannot be read what is mounted.
 */
int pin_search_paths(uint32_t id, char ***paths);

/* Whether there is one: 1, 0 or -errno. */
int pin_search_any(uint32_t id);

#endif
