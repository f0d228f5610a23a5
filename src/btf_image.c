/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <byteswap.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btf_image.h"

/* A DECL_TAG: what any type begins with, and the component that it is of. */
#define TAG_WORDS 4
#define FIRST_TAGS 32u

static uint32_t in_order(const struct btf_image *image, uint32_t word)
{
	return image->swapped ? bswap_32(word) : word;
}

int btf_image_begin(const struct btf *btf, bool swapped, struct btf_image *out)
{
	struct btf_image image = { .swapped = swapped };
	uint32_t size;

	image.raw = btf__raw_data(btf, &size);
	if (!image.raw)
		return -ENOMEM;
	memcpy(&image.header, image.raw, sizeof(image.header));
	image.header.hdr_len = in_order(&image, image.header.hdr_len);
	image.header.type_off = in_order(&image, image.header.type_off);
	image.header.type_len = in_order(&image, image.header.type_len);
	image.header.str_off = in_order(&image, image.header.str_off);
	image.header.str_len = in_order(&image, image.header.str_len);
	*out = image;
	return 0;
}

void btf_image_release(struct btf_image *image)
{
	free(image->tags);
	string_table_release(&image->strings);
}

int btf_image_add_string(struct btf_image *image, const char *string, uint32_t *offset)
{
	int64_t added = string_table_add(&image->strings, string);

	if (added < 0)
		return (int)added;
	*offset = image->header.str_len + (uint32_t)added;
	return 0;
}

static int grow(struct btf_image *image)
{
	size_t room = image->tags_room ? 2 * image->tags_room : FIRST_TAGS * TAG_WORDS * 4;
	uint8_t *grown;

	if (image->tags_size < image->tags_room)
		return 0;
	grown = realloc(image->tags, room);
	if (!grown)
		return -ENOMEM;
	image->tags = grown;
	image->tags_room = room;
	return 0;
}

int btf_image_add_tag(struct btf_image *image, uint32_t type, const char *text)
{
	uint32_t words[TAG_WORDS] = {
		[1] = in_order(image, (uint32_t)BTF_KIND_DECL_TAG << 24),
		[2] = in_order(image, type),
		[3] = UINT32_MAX, /* of the type itself */
	};
	int err = btf_image_add_string(image, text, &words[0]);

	if (!err)
		err = grow(image);
	if (err)
		return err;
	words[0] = in_order(image, words[0]);
	memcpy(image->tags + image->tags_size, words, sizeof(words));
	image->tags_size += sizeof(words);
	return 0;
}

static uint8_t *append(uint8_t *to, const void *bytes, size_t size)
{
	if (size)
		memcpy(to, bytes, size);
	return to + size;
}

int btf_image_finish(const struct btf_image *image, uint8_t **bytes, size_t *size)
{
	const struct btf_header *own = &image->header;
	const uint8_t *types = image->raw + own->hdr_len + own->type_off;
	const uint8_t *strings = image->raw + own->hdr_len + own->str_off;
	size_t total = (size_t)own->hdr_len + own->type_len + image->tags_size + own->str_len +
		       image->strings.size;
	struct btf_header header;
	uint8_t *made, *end;

	if (total > UINT32_MAX)
		return -E2BIG;
	made = malloc(total);
	if (!made)
		return -ENOMEM;
	memcpy(&header, image->raw, sizeof(header));
	header.type_len = in_order(image, own->type_len + (uint32_t)image->tags_size);
	header.str_off = in_order(image, own->str_off + (uint32_t)image->tags_size);
	header.str_len = in_order(image, own->str_len + (uint32_t)image->strings.size);
	end = append(made, image->raw, own->hdr_len);
	memcpy(made, &header, sizeof(header));
	end = append(end, types, own->type_len);
	end = append(end, image->tags, image->tags_size);
	end = append(end, strings, own->str_len);
	append(end, image->strings.bytes, image->strings.size);
	*bytes = made;
	*size = total;
	return 0;
}
