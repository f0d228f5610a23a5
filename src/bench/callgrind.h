/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Counting the instructions of one step by valgrind's callgrind, where the machine does not count them:
 * the benchmark runs itself below it.
 */
#ifndef ELFMAP_BENCH_CALLGRIND_H
#define ELFMAP_BENCH_CALLGRIND_H

#include <stddef.h>

/* Of a step, by its name, on objects of so many maps; 0 where they cannot be counted. */
double callgrind_count(const char *step, size_t nr_maps);
/* What is run there: makes the objects and runs the step twice, of which the second counts. */
int callgrind_run(const char *step, size_t nr_maps, const char *directory);

#endif
