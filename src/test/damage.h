/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Contradictions for generated objects: what makes one of a sound one, and where the library is to
 * say that it is.
 */
#ifndef ELFMAP_TEST_DAMAGE_H
#define ELFMAP_TEST_DAMAGE_H

#include "test/generate.h"

/* What the message must hold. */
struct place {
	char names[2][64];
};

/*
 * Damages the truth, from which the bytes are written then, or the bytes, which are little-endian.
 * False where the object has nothing for it.
 */
struct damage {
	const char *name;
	bool (*truth)(struct generated *generated, uint64_t *state, struct place *place);
	bool (*bytes)(const struct generated *generated, uint64_t *state,
		      struct test_object *object, struct place *place);
};

/* All that the library is to refuse today. */
extern const struct damage damages[];
extern const size_t nr_damages;

#endif
