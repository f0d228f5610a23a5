/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The layout "object" of pins: DIR/OBJECT/maps/MAP, DIR/OBJECT/programs/PROGRAM and
 * DIR/OBJECT/links/LINK. All of its paths are made here; nothing is looked up.
 */
#ifndef ELFMAP_OBJECT_LAYOUT_H
#define ELFMAP_OBJECT_LAYOUT_H

#include "held.h"
#include "model.h"

/* One thing that an object has in the kernel, and where it is pinned. */
struct layout_pin {
	enum held_kind kind;
	const char *name; /* the object's */
	int fd;		  /* the object's */
	char *path;
};

struct layout_pins {
	char *directory; /* DIR/OBJECT */
	struct layout_pin *list;
	size_t count;
};

/* The name of the directory for a kind. */
const char *object_layout_directory(enum held_kind kind);
/*
 * All that a loaded object has, maps first, links last. With a message: -EINVAL where a name cannot
 * become a file's, -EEXIST where two become one.
 */
int object_layout_list(const struct elfmap_object *object, const char *dir,
		       struct layout_pins *out);
void object_layout_release(struct layout_pins *pins);

#endif
