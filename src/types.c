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

static int append(struct types *types, const struct btf_appended *type)
{
	return (int)btf_append_type(types->added, type);
}

/* An INT of that name and size: the object's own if it has one. */
static int integer_type(struct types *types, const char *name, uint32_t size)
{
	const uint32_t encoding = (uint32_t)BTF_INT_SIGNED << 24 | size * 8;
	struct btf_appended type = {
		.kind = BTF_KIND_INT, .type = size, .words = &encoding, .nr_words = 1
	};
	int id = btf__find_by_name_kind(types->btf, name, BTF_KIND_INT);

	if (id > 0 && btf__type_by_id(types->btf, (__u32)id)->size == size)
		return id;
	type.name = btf_append_string(types->added, name);
	return append(types, &type);
}

static int lazily(int *id, struct types *types, const char *name, uint32_t size)
{
	if (!*id)
		*id = integer_type(types, name, size);
	return *id;
}

static int pointer_type(struct types *types, int target)
{
	return append(types,
		      &(struct btf_appended){ .kind = BTF_KIND_PTR, .type = (uint32_t)target });
}

int types_array(struct types *types, uint32_t index, uint32_t element, uint32_t count)
{
	const uint32_t words[] = { element, index, count }; /* struct btf_array */

	return append(types, &(struct btf_appended){
				     .kind = BTF_KIND_ARRAY, .words = words, .nr_words = 3 });
}

/* The kernel refuses arrays of 4 GiB and more, so large values count bytes instead of ints. */
int types_integer(struct types *types, uint32_t value)
{
	struct shared wanted = { .words = { SHARED_INTEGER, value } };
	struct shared *shared = types_find(types, &wanted);
	int index, element;

	if (!shared)
		return -ENOMEM;
	if (shared->id)
		return shared->id;
	index = lazily(&types->int_id, types, "int", 4);
	element = value < (1u << 30) ? index : lazily(&types->char_id, types, "char", 1);
	shared->id =
		pointer_type(types, types_array(types, (uint32_t)index, (uint32_t)element, value));
	return shared->id;
}

int types_pointer(struct types *types, uint32_t target)
{
	struct shared wanted = { .words = { SHARED_POINTER, target } };
	struct shared *shared = types_find(types, &wanted);

	if (!shared)
		return -ENOMEM;
	if (!shared->id)
		shared->id = pointer_type(types, (int)target);
	return shared->id;
}

int types_values(struct types *types, uint32_t target)
{
	struct shared wanted = { .words = { SHARED_VALUES, target } };
	struct shared *shared = types_find(types, &wanted);
	int index = lazily(&types->int_id, types, "int", 4);
	int pointer = types_pointer(types, target);

	if (!shared)
		return -ENOMEM;
	if (pointer < 0)
		return pointer;
	if (!shared->id)
		shared->id = types_array(types, (uint32_t)index, (uint32_t)pointer, 0);
	return shared->id;
}

int types_program_prototype(struct types *types)
{
	struct shared wanted = { .words = { SHARED_PROTOTYPE } };
	struct shared *shared = types_find(types, &wanted);
	int result = lazily(&types->int_id, types, "int", 4);

	if (!shared)
		return -ENOMEM;
	if (!shared->id)
		shared->id = append(types, &(struct btf_appended){ .kind = BTF_KIND_FUNC_PROTO,
								   .type = (uint32_t)result });
	return shared->id;
}

void types_release(struct types *types)
{
	tdestroy(types->shared, free);
	types->shared = NULL;
}
