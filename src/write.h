/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 5: model and BTF to the new ELF image. Sections keep their numbers; those that need no
 * change are copied bit for bit, so that every program keeps its instructions and its tag.
 */
#ifndef ELFMAP_WRITE_H
#define ELFMAP_WRITE_H

#include "model.h"

enum image_use {
	/* any libbpf 1.x loader: initial slots of legacy maps are declared, by .rel.maps */
	IMAGE_FOR_LOADERS,
	/*
	 * elfmap's own load: it fills the slots itself. Global subprograms are hidden, which has
	 * libbpf leave them to be verified with their callers, as loaders without BTF for
	 * programs did.
	 */
	IMAGE_FOR_LOAD,
};

/* Whether there is anything to translate or repair; if not, the file is its own image. */
bool write_is_needed(const struct elfmap_object *object);

/*
 * The name of the program's section in the image: that of the object, but for a program in .text,
 * where libbpf since 1.4 or so only looks for subprograms.
 */
const char *write_section_name(const struct elfmap_program *program);

/* The caller frees *image. */
int write_image(const struct elfmap_object *object, enum image_use use, uint8_t **image,
		size_t *size);

#endif
