/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The same object in the other byte order, as a compiler for such a machine would have written it.
 */
#ifndef ELFMAP_TEST_BYTE_ORDER_H
#define ELFMAP_TEST_BYTE_ORDER_H

#include "test/object_edit.h"

/*
 * A little-endian object, or image, as a big-endian one, for the caller to free: headers, tables,
 * instructions, definitions, BTF. Global data is left as it is.
 */
struct test_object big_endian(const struct test_object *object);

#endif
