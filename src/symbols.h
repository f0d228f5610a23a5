/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The image's symbol table: map symbols moved to .maps, typed, sized and global; functions and
 * global variables typed and sized where old compilers left that out; local symbols before global
 * ones as ELF wants it.
 */
#ifndef ELFMAP_SYMBOLS_H
#define ELFMAP_SYMBOLS_H

#include "image.h"
#include "model.h"

/*
 * Replaces the symbol table. Relocations keep the old numbers until relocations_rewrite().
 * maps is the index of the image's .maps; *numbers is the new number of each old symbol, for the
 * caller to free; NULL where they keep theirs.
 */
int symbols_rewrite(const struct elfmap_object *object, struct image *image, size_t maps,
		    uint32_t **numbers);

/* What libbpf would not take as it is, for one program, and for a symbol of data. */
bool symbols_is_untyped_program(const struct elfmap_program *program);
bool symbols_is_static_program(const struct elfmap_program *program);
bool symbols_is_untyped_data(const struct elfmap_object *object, const Elf64_Sym *symbol);
/* Whether there is any such. */
bool symbols_need_repair(const struct elfmap_object *object);

#endif
