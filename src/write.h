/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 5: model and BTF to the new ELF image. Sections keep their numbers; those that need no
 * change are copied bit for bit, so that every program keeps its instructions and its tag.
 */
#ifndef ELFMAP_WRITE_H
#define ELFMAP_WRITE_H

#include "model.h"

/* Whether there is anything to translate or repair; if not, the file is its own image. */
bool write_is_needed(const struct elfmap_object *object, const struct image_options *options);

/* The caller frees *image. -ENOTSUP: objects of this layout are only to be looked at. */
int write_image(const struct elfmap_object *object, const struct image_options *options,
		uint8_t **image, size_t *size);

#endif
