/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Links: what an object's programs are attached by. The object owns them.
 */
#ifndef ELFMAP_LINK_H
#define ELFMAP_LINK_H

#include "model.h"

struct elfmap_link {
	struct elfmap_object *object;
	struct elfmap_link *next; /* of the object's */
	struct bpf_link *bpf_link;
	char name[];
};

/* Give all of them up. */
void links_destroy(struct elfmap_object *object);

#endif
