/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * .BTF.ext: what BTF says about code. It goes by the names of sections, which must change with
 * them.
 */
#ifndef ELFMAP_BTF_EXT_H
#define ELFMAP_BTF_EXT_H

#include "read.h"

/*
 * Call for each list of records with where its section's name stands: the place, in bytes, of an
 * offset into BTF's strings. Stops at the first error and returns it; -EINVAL: malformed.
 */
int btf_ext_for_each_name(const struct elf_view *view, const uint8_t *bytes, size_t size,
			  int (*fn)(size_t place, uint32_t name, void *ctx), void *ctx);

/* Whether it has CO-RE relocations, without which programs are not what they should be. */
bool btf_ext_has_relocations(const struct elf_view *view, const uint8_t *bytes, size_t size);

#endif
