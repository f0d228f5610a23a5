/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The BTF of an image in the making: that of the object, with declaration tags and strings behind it.
 * Types and strings of the object keep their numbers. Equal strings that are added share one place.
 */
#ifndef ELFMAP_BTF_IMAGE_H
#define ELFMAP_BTF_IMAGE_H

#include <stdint.h>

#include <bpf/btf.h>

#include "string_table.h"

struct btf_image {
	const uint8_t *raw; /* the object's, in its byte order, as long as nothing is added there */
	struct btf_header header; /* in the host's */
	bool swapped;
	uint8_t *tags;
	size_t tags_size, tags_room;
	struct string_table strings;
};

/* Nothing may be added to btf before the image is finished. */
int btf_image_begin(const struct btf *btf, bool swapped, struct btf_image *out);
void btf_image_release(struct btf_image *image);

/* Make sure that a string is there; *offset is where. */
int btf_image_add_string(struct btf_image *image, const char *string, uint32_t *offset);
/* A tag of a type as a whole. */
int btf_image_add_tag(struct btf_image *image, uint32_t type, const char *text);

/* All of it in one buffer, for the caller to free. */
int btf_image_finish(const struct btf_image *image, uint8_t **bytes, size_t *size);

#endif
