/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf_append.h"

/* struct btf_type */
#define TYPE_WORDS 3u
#define FIRST_ROOM 1024u

static uint32_t in_order(const struct btf_append *append, uint32_t word)
{
	return append->swapped ? bswap_32(word) : word;
}

int btf_append_begin(const struct btf *btf, bool swapped, struct btf_append *out)
{
	struct btf_append append = { .swapped = swapped, .nr_types = btf__type_cnt(btf) };
	uint32_t size;

	append.raw = btf__raw_data(btf, &size);
	if (!append.raw)
		return -ENOMEM;
	memcpy(&append.header, append.raw, sizeof(append.header));
	append.header.hdr_len = in_order(&append, append.header.hdr_len);
	append.header.type_off = in_order(&append, append.header.type_off);
	append.header.type_len = in_order(&append, append.header.type_len);
	append.header.str_off = in_order(&append, append.header.str_off);
	append.header.str_len = in_order(&append, append.header.str_len);
	*out = append;
	return 0;
}

void btf_append_release(struct btf_append *append)
{
	free(append->types);
	string_table_release(&append->strings);
}

uint32_t btf_append_string(struct btf_append *append, const char *string)
{
	int64_t offset = string_table_add(&append->strings, string);

	append->failed |= offset < 0;
	return append->header.str_len + (uint32_t)offset;
}

uint32_t btf_append_name(struct btf_append *append, const char *name)
{
	int64_t offset = string_table_append(&append->strings, name);

	append->failed |= offset < 0;
	return append->header.str_len + (uint32_t)offset;
}

static bool grow(struct btf_append *append, size_t more)
{
	size_t room = 2 * (append->size + more) + FIRST_ROOM;
	uint8_t *grown;

	if (append->size + more <= append->room)
		return true;
	grown = realloc(append->types, room);
	if (!grown)
		return false;
	append->types = grown;
	append->room = room;
	return true;
}

static void put_words(struct btf_append *append, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t word = words ? in_order(append, words[i]) : 0;

		memcpy(append->types + append->size, &word, sizeof(word));
		append->size += sizeof(word);
	}
}

uint32_t btf_append_type(struct btf_append *append, const struct btf_appended *type)
{
	const uint32_t words[TYPE_WORDS] = { type->name, type->kind << 24 | type->vlen,
					     type->type };

	if (!grow(append, (TYPE_WORDS + type->nr_words) * sizeof(uint32_t))) {
		append->failed = true;
		return 0;
	}
	put_words(append, words, TYPE_WORDS);
	put_words(append, type->words, type->nr_words);
	return append->nr_types++;
}

static uint8_t *put(uint8_t *to, const void *bytes, size_t size)
{
	if (size)
		memcpy(to, bytes, size);
	return to + size;
}

int btf_append_finish(const struct btf_append *append, uint8_t **bytes, size_t *size)
{
	const struct btf_header *own = &append->header;
	size_t total = (size_t)own->hdr_len + own->type_len + append->size + own->str_len +
		       append->strings.size;
	struct btf_header header;
	uint8_t *made, *end;

	if (append->failed)
		return -ENOMEM;
	if (total > UINT32_MAX)
		return -E2BIG;
	made = malloc(total);
	if (!made)
		return -ENOMEM;
	memcpy(&header, append->raw, sizeof(header));
	header.type_len = in_order(append, own->type_len + (uint32_t)append->size);
	header.str_off = in_order(append, own->str_off + (uint32_t)append->size);
	header.str_len = in_order(append, own->str_len + (uint32_t)append->strings.size);
	end = put(made, append->raw, own->hdr_len);
	memcpy(made, &header, sizeof(header));
	end = put(end, append->raw + own->hdr_len + own->type_off, own->type_len);
	end = put(end, append->types, append->size);
	end = put(end, append->raw + own->hdr_len + own->str_off, own->str_len);
	put(end, append->strings.bytes, append->strings.size);
	*bytes = made;
	*size = total;
	return 0;
}
