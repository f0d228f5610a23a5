/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The program's own libraries: where a call would have gone without the preload library, and the
 * engine that goes with the libbpf there.
 */
#ifndef ELFMAP_PRELOAD_HOST_H
#define ELFMAP_PRELOAD_HOST_H

#include "engine.h"

/*
 * The function that a call of this name from that address would have reached; NULL with ENOSYS, and a
 * line on stderr, where there is none.
 */
void *host_function(const char *name, const void *caller);

/*
 * The engine, bound to the libbpf that calls from that address reach. NULL: this one needs none, as
 * it is older than 1.0; or, after a line on stderr, there is no engine for it.
 */
const struct preload_engine *host_engine(const void *caller);
/* The same if there was one asked for before. */
const struct preload_engine *host_engine_so_far(void);

#endif
