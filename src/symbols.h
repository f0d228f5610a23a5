/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The image's symbol table: map symbols moved to .maps, typed, sized and global, functions typed
 * and sized where old compilers left that out, local symbols before global ones as ELF wants it.
 */
#ifndef ELFMAP_SYMBOLS_H
#define ELFMAP_SYMBOLS_H

#include "image.h"
#include "model.h"

/*
 * Replaces the symbol table. Relocations keep the old numbers until relocations_rewrite().
 * maps is the index of the image's .maps; *numbers is the new number of each old symbol, for the
 * caller to free.
 */
int symbols_rewrite(const struct elfmap_object *object, struct image *image, size_t maps,
		    bool hide_subprograms, uint32_t **numbers);

/* Whether libbpf would not take the program's symbol as it is. */
bool symbols_need_repair(const struct elfmap_program *program);

#endif
