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

int btf_append_begin(const struct btf *btf, const struct btf_append *below, bool swapped,
		     struct btf_append *out)
{
	bool is_foreign = btf__endianness(btf) != BTF_HOST_ENDIANNESS;
	struct btf_append append = {
		.btf = btf,
		.below = below,
		.swapped = swapped,
		.nr_types = below ? below->nr_types : btf__type_cnt(btf),
	};
	uint32_t size, *word = &append.header.hdr_len;
	const void *raw = btf__raw_data(btf, &size);

	if (!raw)
		return -ENOMEM;
	memcpy(&append.header, raw, sizeof(append.header));
	/* from hdr_len to str_len */
	for (; is_foreign && word <= &append.header.str_len; word++)
		*word = bswap_32(*word);
	append.first_string = append.header.str_len + (below ? (uint32_t)below->strings.size : 0);
	*out = append;
	return 0;
}

void btf_append_release(struct btf_append *append)
{
	free(append->types);
	string_table_release(&append->strings);
	*append = (struct btf_append){ 0 };
}

uint32_t btf_append_string(struct btf_append *append, const char *string)
{
	int64_t offset = string_table_add(&append->strings, string);

	append->failed |= offset < 0;
	return append->first_string + (uint32_t)offset;
}

uint32_t btf_append_name(struct btf_append *append, const char *name)
{
	int64_t offset = string_table_append(&append->strings, name);

	append->failed |= offset < 0;
	return append->first_string + (uint32_t)offset;
}

static bool set_room(struct btf_append *append, size_t room)
{
	uint8_t *grown = realloc(append->types, room);

	if (!grown)
		return false;
	append->types = grown;
	append->room = room;
	return true;
}

void btf_append_reserve(struct btf_append *append, size_t types, size_t strings)
{
	/* who needs it tries again, and says so then */
	set_room(append, append->size + types + FIRST_ROOM);
	string_table_reserve(&append->strings, strings);
}

/* Room for so many more words; NULL without memory. */
static uint32_t *grow(struct btf_append *append, size_t words)
{
	size_t more = words * sizeof(uint32_t), end = append->size + more;

	if (end > append->room && !set_room(append, 2 * end + FIRST_ROOM)) {
		append->failed = true;
		return NULL;
	}
	append->size = end;
	return (uint32_t *)(append->types + end - more);
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

static size_t types_size(const struct btf_append *append)
{
	return append->size + (append->below ? append->below->size : 0);
}

static size_t strings_size(const struct btf_append *append)
{
	return append->strings.size + (append->below ? append->below->strings.size : 0);
}

int btf_append_size(struct btf_append *append, size_t *size)
{
	const struct btf_header *own = &append->header;
	uint32_t raw_size;

	*size = (size_t)own->hdr_len + own->type_len + types_size(append) + own->str_len +
		strings_size(append);
	if (append->failed)
		return -ENOMEM;
	if (*size > UINT32_MAX)
		return -E2BIG;
	append->raw = btf__raw_data(append->btf, &raw_size);
	return append->raw ? 0 : -ENOMEM;
}

void btf_append_put(const struct btf_append *append, uint8_t *to)
{
	const struct btf_append *below = append->below;
	const struct btf_header *own = &append->header;
	const uint8_t *types = append->raw + own->hdr_len + own->type_off;
	const uint8_t *strings = append->raw + own->hdr_len + own->str_off;
	struct btf_header header;
	uint8_t *end;

	memcpy(&header, append->raw, sizeof(header));
	header.type_len = in_order(append, own->type_len + (uint32_t)types_size(append));
	header.str_off = in_order(append, own->str_off + (uint32_t)types_size(append));
	header.str_len = in_order(append, own->str_len + (uint32_t)strings_size(append));
	end = put(to, append->raw, own->hdr_len);
	memcpy(to, &header, sizeof(header));
	end = put(end, types, own->type_len);
	end = below ? put(end, below->types, below->size) : end;
	end = put(end, append->types, append->size);
	end = put(end, strings, own->str_len);
	end = below ? put(end, below->strings.bytes, below->strings.size) : end;
	put(end, append->strings.bytes, append->strings.size);
}
