/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Replacing a filter by elfmap tc, from a legacy object, and by stock tc, from the converted one: in
 * a network and mount namespace of their own.
 */
#ifndef ELFMAP_BENCH_TC_H
#define ELFMAP_BENCH_TC_H

#include "bench/measure.h"

struct tc_result {
	struct comparison time;
	long calls[2];	   /* system calls; less than 0 where they cannot be counted */
	char why_not[128]; /* why there are none of these, empty where there are */
};

void tc_measure(const char *elfmap, const char *legacy, const char *directory,
		struct tc_result *out);

#endif
