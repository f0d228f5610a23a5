/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Step 4: model to BTF. Gives every legacy map its place in the new .maps section, and the variable
 * and struct that libbpf reads BTF-defined maps from. Equal definitions share their types. An
 * object's own types keep their IDs, as .BTF.ext and CO-RE relocations refer to them.
 */
#ifndef ELFMAP_SYNTHESISE_H
#define ELFMAP_SYNTHESISE_H

#include "model.h"

/* Of every member of a definition and of every slot, in the image: BPF's pointers have 64 bits. */
#define POINTER_SIZE 8u

/*
 * Sets the synthesise members of maps and object, and changes object->btf; anew where a map was
 * changed since, else nothing is to be done. Everybody who reads these members calls it first.
 */
int synthesise_object(struct elfmap_object *object);
/* The same, with all of it as one BTF, which the object keeps until a map is changed. */
int synthesise_whole(struct elfmap_object *object, const struct btf **btf);

/* The size of a map's values as the image declares it. */
uint32_t synthesise_value_size(const struct elfmap_map *map);

/* Whether the image has libbpf pin the map by name, below the loader's directory. */
bool synthesise_is_pinned_by_name(const struct elfmap_map *map);

/* Whether libbpf can be told of the map's initial slots, which are a dense array there. */
bool slots_are_declarable(const struct elfmap_map *map);

#endif
