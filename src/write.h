/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 5: model and BTF to the new ELF image. Sections keep their numbers; those that need no
 * change are copied bit for bit, so that every program keeps its instructions and its tag.
 */
#ifndef ELFMAP_WRITE_H
#define ELFMAP_WRITE_H

#include "model.h"

/*
 * declare_slots: let libbpf fill the initial slots of legacy maps, by relocations in .rel.maps.
 * The caller frees *image.
 */
int write_image(const struct elfmap_object *object, bool declare_slots, uint8_t **image,
		size_t *size);

#endif
