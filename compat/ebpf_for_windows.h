/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * ebpf-for-windows' definitions: their own size comes first, and map types are numbered differently
 * there.
 */
#ifndef ELFMAP_COMPAT_EBPF_FOR_WINDOWS_H
#define ELFMAP_COMPAT_EBPF_FOR_WINDOWS_H

#include "elfmap.h"

/* Whether every definition begins with its size. Other layouts of these sizes do not claim them. */
bool is_ebpf_for_windows(const struct elfmap_section *section);

#endif
