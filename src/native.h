/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * BTF-defined maps, in SEC(".maps"): libbpf's own form. They are read so that inspect and lookups
 * know them and so that they and the legacy ones can share a section; libbpf has the last word on
 * them.
 */
#ifndef ELFMAP_NATIVE_H
#define ELFMAP_NATIVE_H

#include "model.h"

/* The maps of section index, for the caller to free. */
int native_read(struct elfmap_object *object, size_t index, struct elfmap_map **maps,
		size_t *count);

#endif
