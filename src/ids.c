/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "ids.h"
#include "sort.h"
#include "zeroed.h"

static int compare_ids(const void *a, const void *b)
{
	const struct elfmap_map *left = *(struct elfmap_map *const *)a;
	const struct elfmap_map *right = *(struct elfmap_map *const *)b;

	if (left->def.id != right->def.id)
		return left->def.id < right->def.id ? -1 : 1;
	return left < right ? -1 : left > right;
}

int id_compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

int id_index_build(struct elfmap_object *object, struct id_index *out)
{
	struct elfmap_map **maps = zeroed(object->nr_maps ? object->nr_maps : 1, sizeof(*maps));
	size_t count = 0;

	if (!maps)
		return -ENOMEM;
	for (size_t i = 0; i < object->nr_maps; i++)
		if (!object->maps[i].native)
			maps[count++] = &object->maps[i];
	sort(maps, count, sizeof(*maps), compare_ids);
	*out = (struct id_index){ maps, count };
	return 0;
}

void id_index_release(struct id_index *index)
{
	free(index->maps);
	*index = (struct id_index){ NULL, 0 };
}

size_t id_index_first(const struct id_index *index, uint32_t id)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->maps[middle]->def.id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->count && index->maps[low]->def.id == id ? low : index->count;
}
