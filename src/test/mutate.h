/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Random damage that can be done again: the number of a mutation is all that it depends on.
 */
#ifndef ELFMAP_TEST_MUTATE_H
#define ELFMAP_TEST_MUTATE_H

#include "test/object_edit.h"

/* A copy of the object with a few places changed, for the caller to free. */
struct test_object mutate(const struct test_object *object, uint64_t number);

#endif
