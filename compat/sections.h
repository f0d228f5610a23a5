/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Program types by section name: libbpf's own table, and the names that iproute2's users gave
 * their sections.
 */
#ifndef ELFMAP_COMPAT_SECTIONS_H
#define ELFMAP_COMPAT_SECTIONS_H

#include <stdint.h>

/* The enum bpf_prog_type of programs in a section, 0 where its name does not tell. */
uint32_t sections_program_type(const char *section);

#endif
