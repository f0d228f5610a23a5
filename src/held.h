/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the kernel holds for a descriptor or a pin: of which kind it is, and its id.
 */
#ifndef ELFMAP_HELD_H
#define ELFMAP_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum held_kind {
	HELD_MAP,
	HELD_PROGRAM,
	HELD_LINK,
	NR_HELD_KINDS
};

#define HELD_TEXT_MAX 96

/* Its name in messages: "map". */
const char *held_kind_name(enum held_kind kind);
/* Whether a descriptor is one of this kind; see descriptor_is() for where that is not known. */
bool held_is(int fd, enum held_kind kind);
/* The id of the map, program or link behind a descriptor. */
int held_id(int fd, uint32_t *id);
/* What is behind a descriptor, in words such as "program 17". */
void held_describe(int fd, char text[HELD_TEXT_MAX]);
/*
 * Whether the pin at path holds what has this id: 0, it does; -ENOENT, nothing is there; -EEXIST,
 * something else is, which the text then says in words.
 */
int held_compare(const char *path, enum held_kind kind, uint32_t id, char text[HELD_TEXT_MAX]);

#endif
