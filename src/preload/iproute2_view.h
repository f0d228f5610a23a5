/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What tc and ip are to see of an object. Built with libbpf they still read the section "maps" of the
 * file by themselves, before libbpf opens it: for pins, which they hash with the kernel's AF_ALG; for
 * nested maps, which they create one by one and store, also those that have no slot; for the prog
 * arrays that sections ID/KEY go into. Pins and nested maps are libbpf's here, which was told of them
 * by the translation. So they see an object with prog arrays alone, by the names and ids that the
 * translation has, in the layout that they read.
 */
#ifndef ELFMAP_PRELOAD_IPROUTE2_VIEW_H
#define ELFMAP_PRELOAD_IPROUTE2_VIEW_H

#include "model.h"

/* The ELF file, for free(). */
int iproute2_view_make(const struct elfmap_object *object, void **bytes, size_t *size);

#endif
