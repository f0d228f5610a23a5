// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include "test/random.h"

/* splitmix64, Steele and others 2014 */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

size_t random_below(uint64_t *state, size_t bound)
{
	return (size_t)(random_next(state) % bound);
}

uint32_t random_between(uint64_t *state, uint32_t low, uint32_t high)
{
	return low + (uint32_t)random_below(state, (size_t)high - low + 1);
}

bool random_one_in(uint64_t *state, size_t calls)
{
	return random_below(state, calls) == 0;
}

static void exchange(uint8_t *a, uint8_t *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = a[i];

		a[i] = b[i];
		b[i] = byte;
	}
}

void random_shuffle(uint64_t *state, void *array, size_t count, size_t size)
{
	uint8_t *bytes = array;

	for (size_t i = count; i > 1; i--)
		exchange(bytes + (i - 1) * size, bytes + random_below(state, i) * size, size);
}
