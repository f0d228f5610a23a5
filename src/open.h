/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 6: the image to libbpf. Opens it and sets what BTF cannot say: pin paths, program types
 * and the device.
 */
#ifndef ELFMAP_OPEN_H
#define ELFMAP_OPEN_H

#include "model.h"

/*
 * Opens object->bpf_object for elfmap's own load and ties maps and programs to libbpf's. Slots of
 * legacy maps are not declared and no map has a pin path: the load room does both, as it can check
 * them, name them and take them back.
 */
int open_for_load(struct elfmap_object *object);
/*
 * The descriptor of a map of an object that is loaded, negative for one that is not created: libbpf
 * from 1.4 on has a placeholder for those as well.
 */
int open_map_fd(const struct bpf_map *map);
/* Set types and autoload on libbpf's programs; right before load, the caller may change them. */
int open_set_programs(struct elfmap_object *object);
/* Set the device on libbpf's maps and programs, if there is one; before maps are reused. */
int open_set_ifindex(struct elfmap_object *object);
/* The image for libbpf's own load: elfmap_object__image(), without slots of what will not be there. */
const void *open_make_image(struct elfmap_object *object, size_t *size);
/*
 * Set on libbpf's object, which was opened from that image, all that its BTF cannot say:
 * pin paths, descriptors, types. Ties maps to its maps, and makes directories for pins.
 */
int open_prepare(struct elfmap_object *object, struct bpf_object *opened);

#endif
