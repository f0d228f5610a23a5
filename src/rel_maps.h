/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The image's .rel.maps: initial slots as relocations, which is how libbpf is told of them.
 */
#ifndef ELFMAP_REL_MAPS_H
#define ELFMAP_REL_MAPS_H

#include "image.h"
#include "model.h"

/* Whether libbpf is told of the slot. */
bool rel_maps_declares(const struct elfmap_map *map, const struct map_slot *slot,
		       const struct image_options *options);

/* The relocations of section index, which is to stay what it is; 0 where it has none. */
size_t rel_maps_find(const struct elfmap_object *object, size_t index);

/* Whether slots that an object has as it is are not those that it is to have. */
bool rel_maps_changes(const struct elfmap_object *object, const struct image_options *options);

/*
 * Make the section, once the other relocations are rewritten. maps is the index of the image's
 * .maps, numbers the new number of each old symbol, NULL where they keep theirs.
 */
int rel_maps_write(const struct elfmap_object *object, const struct image_options *options,
		   struct image *image, size_t maps, const uint32_t *numbers);

#endif
