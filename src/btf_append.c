/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf_append.h"
#include "copy.h"

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

/* Room for so many more words; NULL without memory. */
static uint32_t *grow(struct btf_append *append, size_t words)
{
	size_t more = words * sizeof(uint32_t), room = 2 * (append->size + more) + FIRST_ROOM;
	uint8_t *grown;

	if (append->size + more > append->room) {
		grown = realloc(append->types, room);
		if (!grown) {
			append->failed = true;
			return NULL;
		}
		append->types = grown;
		append->room = room;
	}
	append->size += more;
	return (uint32_t *)(append->types + append->size - more);
}

static uint32_t *put_words(const struct btf_append *append, uint32_t *to, const uint32_t *words,
			   size_t count)
{
	for (; count; count--, words++)
		*to++ = append->swapped ? bswap_32(*words) : *words;
	return to;
}

void btf_append_words(struct btf_append *append, const uint32_t *words, size_t count)
{
	uint32_t *to = grow(append, count);

	if (to)
		put_words(append, to, words, count);
}

uint32_t btf_append_type(struct btf_append *append, const struct btf_appended *type)
{
	const uint32_t words[TYPE_WORDS] = { type->name, type->kind << 24 | type->vlen,
					     type->type };
	uint32_t *to = grow(append, TYPE_WORDS + type->nr_words);

	if (!to)
		return 0;
	put_words(append, put_words(append, to, words, TYPE_WORDS), type->words, type->nr_words);
	return append->nr_types++;
}

static uint8_t *put(uint8_t *to, const void *bytes, size_t size)
{
	if (size)
		copy_bytes(to, bytes, size);
	return to + size;
}

int btf_append_size(const struct btf_append *append, size_t *size)
{
	const struct btf_header *own = &append->header;

	*size = (size_t)own->hdr_len + own->type_len + append->size + own->str_len +
		append->strings.size;
	if (append->failed)
		return -ENOMEM;
	return *size > UINT32_MAX ? -E2BIG : 0;
}

void btf_append_put(const struct btf_append *append, uint8_t *to)
{
	const struct btf_header *own = &append->header;
	struct btf_header header;
	uint8_t *end;

	memcpy(&header, append->raw, sizeof(header));
	header.type_len = in_order(append, own->type_len + (uint32_t)append->size);
	header.str_off = in_order(append, own->str_off + (uint32_t)append->size);
	header.str_len = in_order(append, own->str_len + (uint32_t)append->strings.size);
	end = put(to, append->raw, own->hdr_len);
	memcpy(to, &header, sizeof(header));
	end = put(end, append->raw + own->hdr_len + own->type_off, own->type_len);
	end = put(end, append->types, append->size);
	end = put(end, append->raw + own->hdr_len + own->str_off, own->str_len);
	put(end, append->strings.bytes, append->strings.size);
}
