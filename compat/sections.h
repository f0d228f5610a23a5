/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What a program's section name says of it: to libbpf before 1.0, which took most names as
 * beginnings, to iproute2, and to the loaders of other legacy layouts. And what libbpf 1.x, which
 * takes names whole, calls the same section.
 *
 * ID/KEY sections are not here: their programs are what those are that call them.
 */
#ifndef ELFMAP_COMPAT_SECTIONS_H
#define ELFMAP_COMPAT_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "elfmap.h"

struct section_program {
	uint32_t type;	      /* enum bpf_prog_type */
	uint32_t attach_type; /* enum bpf_attach_type that is told at load; 0 where there is none */
};

/* What sections_find() says, as a callback like those of callers; hint as it was where it does not. */
int sections_hint(const char *section, struct elfmap_program_hint *hint, void *ctx);

/* What programs in a section of that name are; false, and *out as it was, where it does not tell. */
bool sections_find(const char *section, struct section_program *out);

/*
 * The section name by which libbpf from 1.0 on takes programs for what sections_find() says; NULL
 * where the name is one already, or tells nothing. A static text.
 */
const char *sections_modern_name(const char *section);

/* A section name that says that type to libbpf from 1.0 on, NULL where a name must say more. */
const char *sections_name_of(const struct section_program *program);

#endif
