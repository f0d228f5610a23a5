/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Pins that are to appear, all or none: each is staged under a temporary name beside its place,
 * then renamed into it. Whether something is there already, and whether that will do, is not asked
 * here.
 */
#ifndef ELFMAP_PLACING_H
#define ELFMAP_PLACING_H

#include "model.h"

/* One of them. The texts are borrowed. */
struct placing {
	const char *kind;
	const char *name;
	const char *path;
	int fd;
	bool may_lose; /* a race for the place: say nothing, the caller tries again */
	char *temporary;
};

struct placings {
	struct placing *list;
	size_t count;
};

int placings_add(struct placings *placings, struct placing placing);
/*
 * Place all of them, and record in the object's journal what has to be taken back if one cannot be:
 * that is for the caller. The directories are there. -EEXIST: something is at one's place; -EAGAIN,
 * without a message, where it may lose.
 */
int placings_place(struct elfmap_object *object, const struct placings *placings);
void placings_release(struct placings *placings);

/* Whether a pin has the name of one that was staged, by a process that did not live to move it. */
bool placing_is_temporary(const char *name);

#endif
