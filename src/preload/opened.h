/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects that libbpf opened from translations, until they are loaded: what libbpf could not be told of
 * at open is seen to at the load. For several threads at once.
 */
#ifndef ELFMAP_PRELOAD_OPENED_H
#define ELFMAP_PRELOAD_OPENED_H

struct bpf_object;
struct bpf_program;

/* -ENOMEM */
int opened_add(const struct bpf_object *object);

/* For struct preload_engine. */
void opened_forget(const struct bpf_object *untouched);
const struct bpf_program *opened_start_load(struct bpf_object *opened);
int opened_fill(const struct bpf_object *loaded, const struct bpf_program *asked);

#endif
