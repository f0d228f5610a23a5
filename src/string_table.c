/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "string_table.h"

#define FIRST_PLACES 64u

static uint32_t hash(const char *string)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *string; string++)
		hash = (hash ^ (uint8_t)*string) * 16777619u;
	return hash;
}

/* The string's place, or the free one where it belongs. */
static uint32_t *find(const struct string_table *strings, const char *string)
{
	size_t i = hash(string);

	for (;; i++) {
		uint32_t *place = &strings->places[i & (strings->nr_places - 1)];

		if (!*place || !strcmp(strings->bytes + *place - 1, string))
			return place;
	}
}

/* At most half of the places are taken. */
static int grow_places(struct string_table *strings)
{
	size_t count = strings->nr_places ? 2 * strings->nr_places : FIRST_PLACES;
	uint32_t *places = calloc(count, sizeof(*places));

	if (!places)
		return -ENOMEM;
	free(strings->places);
	strings->places = places;
	strings->nr_places = count;
	for (size_t at = 0; at < strings->size; at += strlen(strings->bytes + at) + 1)
		*find(strings, strings->bytes + at) = (uint32_t)at + 1;
	return 0;
}

static int grow_bytes(struct string_table *strings, size_t more)
{
	size_t room = 2 * (strings->size + more);
	char *grown;

	if (strings->size + more <= strings->room)
		return 0;
	grown = realloc(strings->bytes, room);
	if (!grown)
		return -ENOMEM;
	strings->bytes = grown;
	strings->room = room;
	return 0;
}

int64_t string_table_add(struct string_table *strings, const char *string)
{
	size_t size = strlen(string) + 1;
	uint32_t *place;
	int err;

	if (strings->count && !strcmp(strings->bytes + strings->last, string))
		return strings->last;
	err = 2 * strings->count >= strings->nr_places ? grow_places(strings) : 0;
	if (err)
		return err;
	place = find(strings, string);
	if (!*place) {
		err = strings->size + size < UINT32_MAX ? grow_bytes(strings, size) : -E2BIG;
		if (err)
			return err;
		memcpy(strings->bytes + strings->size, string, size);
		*place = (uint32_t)strings->size + 1;
		strings->size += size;
		strings->count++;
	}
	strings->last = *place - 1;
	return strings->last;
}

void string_table_release(struct string_table *strings)
{
	free(strings->bytes);
	free(strings->places);
	*strings = (struct string_table){ 0 };
}
