/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Structs of callers that were compiled with another version of the header.
 */
#ifndef ELFMAP_OPTS_H
#define ELFMAP_OPTS_H

/*
 * As libbpf does: a struct that begins with its size, and is larger than ours, is from a newer
 * caller, who must not use what is new in it. Copies what both know over *out, which has the defaults
 * and its own size. -EINVAL: no size; -E2BIG: what is new is not zero. NULL is all defaults.
 */
int opts_copy(const void *opts, void *out);

#endif
