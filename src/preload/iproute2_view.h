/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What tc and ip are to see of an object. Built with libbpf they still read the section "maps" of the
 * file by themselves, before libbpf opens it: for pins, which they hash with the kernel's AF_ALG; for
 * nested maps, which they create one by one and store, also those that have no slot; for the prog
 * arrays that sections ID/KEY go into, where they store also the program that they were asked for,
 * which iproute2's own loader did not. All of this is done by the translation, by libbpf, and for slots
 * at the load. So they see an object without maps of any name that libbpf finds: prog arrays alone, of
 * the ids in such sections, as they complain of ids that are not there. Then they let libbpf load the
 * program that they were asked for and no other.
 */
#ifndef ELFMAP_PRELOAD_IPROUTE2_VIEW_H
#define ELFMAP_PRELOAD_IPROUTE2_VIEW_H

#include "model.h"

/* The ELF file, for free(). */
int iproute2_view_make(const struct elfmap_object *object, void **bytes, size_t *size);

#endif
