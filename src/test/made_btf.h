/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * BTF for objects that came without: as little as a test needs. It becomes their section .BTF.
 */
#ifndef ELFMAP_TEST_MADE_BTF_H
#define ELFMAP_TEST_MADE_BTF_H

#include "test/object_edit.h"

/*
 * A struct of that name whose members, NULL-terminated, are ints one after the other, and for each
 * of the maps, NULL-terminated, a variable of a typedef of it.
 */
void made_btf_add(struct test_object *object, const char *name, const char *const *members,
		  const char *const *maps);
/* A variable for the map, of a typedef of a typedef of the first one. */
void made_btf_add_loop(struct test_object *object, const char *map);
/* A variable for the map, of a struct of that size that has itself for members, so many. */
void made_btf_add_nested(struct test_object *object, const char *map, __u32 size, __u32 count);

#endif
