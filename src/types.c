/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"
#include "zeroed.h"

#define FIRST_PLACES 64u

enum {
	SHARED_INTEGER = 1,
	SHARED_POINTER,
	SHARED_VALUES,
	SHARED_PROTOTYPE,
};

#define NR_HASHED 6
#define NR_WORDS (sizeof(((struct shared *)0)->words) / sizeof(uint32_t))

static uint32_t hash(const struct shared *shared)
{
	uint32_t hash = 0, factor = 0x9e3779b1u;

	/* of what mostly differs; no product waits for another */
	for (size_t i = 0; i < NR_HASHED; i++, factor += 0x3c6ef372u)
		hash += shared->words[i] * factor;
	return hash ^ hash >> 16;
}

/* memcmp() reads more at once than was written just before, which processors wait for. */
static bool is_equal(const struct shared *a, const struct shared *b)
{
	for (size_t i = 0; i < NR_WORDS; i++)
		if (a->words[i] != b->words[i])
			return false;
	return true;
}

/* The node of these words, or the free place where it belongs. */
static struct shared **find(const struct types *types, const struct shared *wanted)
{
	for (size_t i = hash(wanted);; i++) {
		struct shared **place = &types->shared[i & (types->nr_places - 1)];

		if (!*place || is_equal(*place, wanted))
			return place;
	}
}

/* At most half of the places are taken. */
static int grow_places(struct types *types)
{
	struct types grown = *types;

	grown.nr_places = types->nr_places ? 2 * types->nr_places : FIRST_PLACES;
	grown.shared = zeroed(grown.nr_places, sizeof(*grown.shared));
	if (!grown.shared)
		return -ENOMEM;
	for (size_t i = 0; i < types->nr_places; i++)
		if (types->shared[i])
			*find(&grown, types->shared[i]) = types->shared[i];
	free(types->shared);
	*types = grown;
	return 0;
}

/* Nodes are many and small, and go all at once. */
#define BLOCK_NODES 32u

struct shared_block {
	struct shared_block *previous;
	struct shared nodes[BLOCK_NODES];
};

static struct shared *add_node(struct types *types)
{
	size_t next = types->nr_shared % BLOCK_NODES;
	struct shared_block *block = types->last;

	if (!next) {
		block = malloc(sizeof(*block));
		if (!block)
			return NULL;
		block->previous = types->last;
		types->last = block;
	}
	types->nr_shared++;
	return &block->nodes[next];
}

struct shared *types_find(struct types *types, const struct shared *wanted)
{
	struct shared **place;

	if (2 * types->nr_shared >= types->nr_places && grow_places(types))
		return NULL;
	place = find(types, wanted);
	if (*place)
		return *place;
	*place = add_node(types);
	if (*place)
		**place = *wanted;
	return *place;
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
	while (types->last) {
		struct shared_block *block = types->last;

		types->last = block->previous;
		free(block);
	}
	free(types->shared);
}
