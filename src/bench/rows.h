/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The table: what was measured against what, its bound, the figure and the verdict.
 */
#ifndef ELFMAP_BENCH_ROWS_H
#define ELFMAP_BENCH_ROWS_H

#include <stdbool.h>

#include "bench/measure.h"

enum row_unit {
	ROW_RATIO,
	ROW_CALLS,
	ROW_KIB,
};

struct row {
	const char *what;
	enum row_unit unit;
	double bound; /* what figure may be at most, 0 for any */
	double figure;
	double spread;	     /* of a ratio, 0 for what is the same at every run */
	double instructions; /* the same ratio by instructions, 0 where they are not counted */
	double us[2];	     /* the medians that the ratio is of, 0 where it is not of times */
	const char *why_not; /* why it was not measured, NULL where it was */
};

/* Prints rows one by one, as a table or as JSON. */
void rows_begin(bool as_json);
void rows_print(const struct row *row);
/* Closes with the counts of verdicts. */
void rows_end(void);

#endif
