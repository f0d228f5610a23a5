/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The image's relocations: symbols by their new numbers; references to static maps, which compilers
 * make to the section with an offset, turned into references to the map's own symbol; addends moved
 * from SHT_RELA entries, which libbpf passes over, into the instructions.
 */
#ifndef ELFMAP_RELOCATIONS_H
#define ELFMAP_RELOCATIONS_H

#include "image.h"
#include "model.h"

/* numbers: the new number of each old symbol, NULL where they keep theirs. Sections that need no change stay as they are. */
int relocations_rewrite(const struct elfmap_object *object, struct image *image,
			const uint32_t *numbers);

/* Whether libbpf would not see the relocations of section index. */
bool relocations_need_repair(const struct elf_view *view, size_t index);

#endif
