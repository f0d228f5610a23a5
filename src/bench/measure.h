/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Measuring two things against each other: in turns, so that what disturbs one disturbs both, and by
 * the ratio within each turn. Wall time always, instructions in user space where the machine counts
 * them.
 */
#ifndef ELFMAP_BENCH_MEASURE_H
#define ELFMAP_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

/* Odd, so that there is a middle one. */
#define MEASURE_ROUNDS 21

/* Something to be measured: 0, or not if it failed, which ends the measuring. */
struct measured {
	int (*run)(void *ctx);
	void *ctx;
	size_t count; /* what the cost is told for each of: maps, or 1 */
};

struct comparison {
	double ratio;	     /* median of those of all rounds */
	double spread;	     /* half the distance between its quartiles */
	double us[2];	     /* medians, in microseconds for each of count */
	double instructions; /* ratio; 0 where they are not counted */
};

/* Compare the cost of a with that of b; 0 or what failed. */
int measure_compare(const struct measured *a, const struct measured *b, struct comparison *out);

/* The median of values, which are sorted then. */
double measure_median(double *values, size_t count);

#endif
