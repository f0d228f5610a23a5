/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Random numbers that come again: all that follows depends on the state, which begins as the seed.
 */
#ifndef ELFMAP_TEST_RANDOM_H
#define ELFMAP_TEST_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t random_next(uint64_t *state);
/* From 0 to below the bound, which is not 0. */
size_t random_below(uint64_t *state, size_t bound);
/* From low to high, both included. */
uint32_t random_between(uint64_t *state, uint32_t low, uint32_t high);
/* True once in so many calls. */
bool random_one_in(uint64_t *state, size_t calls);
/* Bring the elements of an array into another order. */
void random_shuffle(uint64_t *state, void *array, size_t count, size_t size);

/* An element of an array. */
#define random_choice(state, array) \
	((array)[random_below(state, sizeof(array) / sizeof((array)[0]))])

#endif
