// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/measure.h"
#include "cleanup.h"
#include "test/instructions.h"

/* One measurement takes at least so long, that of few maps by many repetitions. */
#define LEAST_US 2000.0
#define REPEATS_MAX 10000u

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* --- rounds ------------------------------------------------------------------------------------ */

struct cost {
	double us, instructions;
};

/* Of one of count. */
static int run(const struct measured *measured, size_t repeats, int counter, struct cost *out)
{
	double share = 1 / (double)(repeats * measured->count);
	double before = (double)instructions_read(counter), start = now_us();

	for (size_t i = 0; i < repeats; i++) {
		int err = measured->run(measured->ctx);

		if (err)
			return err;
	}
	out->us = (now_us() - start) * share;
	out->instructions = ((double)instructions_read(counter) - before) * share;
	return 0;
}

/* How often, for long enough; warms up on the way. */
static int find_repeats(const struct measured *measured, size_t *repeats)
{
	struct cost cost;
	int err;

	for (*repeats = 1; *repeats < REPEATS_MAX; *repeats *= 2) {
		err = run(measured, *repeats, -1, &cost);
		if (err || cost.us * (double)(*repeats * measured->count) >= LEAST_US)
			return err;
	}
	return 0;
}

static int compare_values(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

double measure_median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare_values);
	return values[count / 2];
}

static void summarise(struct cost costs[2][MEASURE_ROUNDS], struct comparison *out)
{
	double ratios[MEASURE_ROUNDS], us[2][MEASURE_ROUNDS], instructions[2][MEASURE_ROUNDS];

	for (size_t i = 0; i < MEASURE_ROUNDS; i++) {
		ratios[i] = costs[0][i].us / costs[1][i].us;
		for (size_t side = 0; side < 2; side++) {
			us[side][i] = costs[side][i].us;
			instructions[side][i] = costs[side][i].instructions;
		}
	}
	*out = (struct comparison){
		.ratio = measure_median(ratios, MEASURE_ROUNDS),
		.us = { measure_median(us[0], MEASURE_ROUNDS),
			measure_median(us[1], MEASURE_ROUNDS) },
	};
	out->spread = (ratios[MEASURE_ROUNDS * 3 / 4] - ratios[MEASURE_ROUNDS / 4]) / 2;
	if (measure_median(instructions[1], MEASURE_ROUNDS) > 0)
		out->instructions = measure_median(instructions[0], MEASURE_ROUNDS) /
				    instructions[1][MEASURE_ROUNDS / 2];
}

int measure_compare(const struct measured *a, const struct measured *b, struct comparison *out)
{
	const struct measured *const sides[2] = { a, b };
	struct cost costs[2][MEASURE_ROUNDS];
	CLEANUP(cleanup_fd) int counter = instructions_begin();
	size_t repeats[2];

	for (size_t side = 0; side < 2; side++) {
		int err = find_repeats(sides[side], &repeats[side]);

		if (err)
			return err;
	}
	for (size_t i = 0; i < MEASURE_ROUNDS; i++) {
		/* who comes first changes as well */
		for (size_t turn = 0; turn < 2; turn++) {
			size_t side = (i + turn) % 2;
			int err = run(sides[side], repeats[side], counter, &costs[side][i]);

			if (err)
				return err;
		}
	}
	summarise(costs, out);
	return 0;
}
