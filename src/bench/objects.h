/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Objects of any number of maps, made without a compiler: one source, compiled with legacy
 * definitions and with BTF-defined maps, as clang 14 leaves the two; with BTF after llvm-strip -g.
 * Every call ends the process where memory does.
 */
#ifndef ELFMAP_BENCH_OBJECTS_H
#define ELFMAP_BENCH_OBJECTS_H

#include "test/elf_made.h"

#define BENCH_SECTION "classifier"

/*
 * The maps are hashes and arrays of a few sizes. One program, in section classifier, counts in up to
 * eight of them.
 */
struct test_object bench_legacy_object(size_t nr_maps, bool has_btf);
struct test_object bench_native_object(size_t nr_maps);

#endif
