/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

enum {
	SHARED_INTEGER = 1,
	SHARED_POINTER,
	SHARED_VALUES,
	SHARED_PROTOTYPE,
};

static int compare_shared(const void *a, const void *b)
{
	return memcmp(((const struct shared *)a)->words, ((const struct shared *)b)->words,
		      sizeof(((const struct shared *)a)->words));
}

struct shared *types_find(struct types *types, const struct shared *wanted)
{
	struct shared *made, **found = tsearch(wanted, &types->shared, compare_shared);

	if (!found || *found != wanted)
		return found ? *found : NULL;
	made = malloc(sizeof(*made));
	if (!made) {
		tdelete(wanted, &types->shared, compare_shared);
		return NULL;
	}
	*made = *wanted;
	*found = made;
	return made;
}

/* An INT of that name and size: the object's own if it has one. */
static int integer_type(struct btf *btf, const char *name, uint32_t size)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_INT);

	if (id > 0 && btf__type_by_id(btf, (__u32)id)->size == size)
		return id;
	return btf__add_int(btf, name, size, BTF_INT_SIGNED);
}

static int lazily(int *id, struct btf *btf, const char *name, uint32_t size)
{
	if (!*id)
		*id = integer_type(btf, name, size);
	return *id;
}

/* The kernel refuses arrays of 4 GiB and more, so large values count bytes instead of ints. */
int types_integer(struct types *types, uint32_t value)
{
	struct shared wanted = { .words = { SHARED_INTEGER, value } };
	struct shared *shared = types_find(types, &wanted);
	int element, id;

	if (!shared)
		return -ENOMEM;
	if (shared->id)
		return shared->id;
	id = lazily(&types->int_id, types->btf, "int", 4);
	element = value < (1u << 30) ? id : lazily(&types->char_id, types->btf, "char", 1);
	if (id < 0 || element < 0)
		return id < 0 ? id : element;
	id = btf__add_array(types->btf, id, element, value);
	if (id > 0)
		id = btf__add_ptr(types->btf, id);
	if (id > 0)
		shared->id = id;
	return id;
}

int types_pointer(struct types *types, uint32_t target)
{
	struct shared wanted = { .words = { SHARED_POINTER, target } };
	struct shared *shared = types_find(types, &wanted);

	if (!shared)
		return -ENOMEM;
	if (!shared->id)
		shared->id = btf__add_ptr(types->btf, (int)target);
	return shared->id;
}

int types_values(struct types *types, uint32_t target)
{
	struct shared wanted = { .words = { SHARED_VALUES, target } };
	struct shared *shared = types_find(types, &wanted);
	int index = lazily(&types->int_id, types->btf, "int", 4);
	int pointer = types_pointer(types, target);

	if (!shared)
		return -ENOMEM;
	if (index < 0 || pointer < 0)
		return index < 0 ? index : pointer;
	if (!shared->id)
		shared->id = btf__add_array(types->btf, index, pointer, 0);
	return shared->id;
}

int types_program_prototype(struct types *types)
{
	struct shared wanted = { .words = { SHARED_PROTOTYPE } };
	struct shared *shared = types_find(types, &wanted);
	int result = lazily(&types->int_id, types->btf, "int", 4);

	if (!shared)
		return -ENOMEM;
	if (result < 0)
		return result;
	if (!shared->id)
		shared->id = btf__add_func_proto(types->btf, result);
	return shared->id;
}

void types_release(struct types *types)
{
	tdestroy(types->shared, free);
	types->shared = NULL;
}
