/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "string_table.h"
#include "zeroed.h"

#define FIRST_PLACES 64u
#define FIRST_ROOM 512u

static uint64_t hash(const char *string)
{
	size_t left = strlen(string);
	uint64_t hash = left, some = 0;

	/* eight bytes at once */
	for (; left >= sizeof(some); left -= sizeof(some), string += sizeof(some)) {
		memcpy(&some, string, sizeof(some));
		hash = (hash ^ some) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	for (; left; left--)
		some = some << 8 | (uint8_t)*string++;
	hash = (hash ^ some) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
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
	struct string_table grown = *strings;

	grown.nr_places = strings->nr_places ? 2 * strings->nr_places : FIRST_PLACES;
	grown.places = zeroed(grown.nr_places, sizeof(*grown.places));
	if (!grown.places)
		return -ENOMEM;
	for (size_t i = 0; i < strings->nr_places; i++)
		if (strings->places[i])
			*find(&grown, strings->bytes + strings->places[i] - 1) = strings->places[i];
	free(strings->places);
	*strings = grown;
	return 0;
}

static int set_room(struct string_table *strings, size_t room)
{
	char *grown = realloc(strings->bytes, room);

	if (!grown)
		return -ENOMEM;
	strings->bytes = grown;
	strings->room = room;
	return 0;
}

void string_table_reserve(struct string_table *strings, size_t more)
{
	set_room(strings, strings->size + more + FIRST_ROOM);
}

int64_t string_table_append(struct string_table *strings, const char *string)
{
	size_t size = strlen(string) + 1, place = strings->size;
	int err = place + size < UINT32_MAX ? 0 : -E2BIG;

	if (!err && place + size > strings->room)
		err = set_room(strings, 2 * (place + size) + FIRST_ROOM);
	if (err)
		return err;
	copy_bytes(strings->bytes + place, string, size);
	strings->size += size;
	return (int64_t)place;
}

int64_t string_table_add(struct string_table *strings, const char *string)
{
	int64_t added;
	uint32_t *place;
	int err;

	err = 2 * strings->count >= strings->nr_places ? grow_places(strings) : 0;
	if (err)
		return err;
	place = find(strings, string);
	if (!*place) {
		added = string_table_append(strings, string);
		if (added < 0)
			return added;
		*place = (uint32_t)added + 1;
		strings->count++;
	}
	return *place - 1;
}

void string_table_release(struct string_table *strings)
{
	free(strings->bytes);
	free(strings->places);
	*strings = (struct string_table){ 0 };
}
