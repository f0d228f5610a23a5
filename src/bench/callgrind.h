/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Counting the instructions of one step by valgrind's callgrind, where the machine does not count them:
 * the benchmark runs itself below it.
 */
#ifndef ELFMAP_BENCH_CALLGRIND_H
#define ELFMAP_BENCH_CALLGRIND_H

#include "bench/steps.h"

/* Of a step; 0 where they cannot be counted. */
double callgrind_count(const struct step *step, struct input input);
/*
 * What is run there, by the three words behind --once: makes the objects and runs the step twice,
 * of which the second counts.
 */
int callgrind_run(char **words, const char *directory);

#endif
