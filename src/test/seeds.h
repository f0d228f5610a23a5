/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Properties of generated objects, seed after seed. What fails, in whatever way, is reported with
 * its seed; ELFMAP_SEED=SEED tries that one alone, ELFMAP_SEED=FIRST-LAST others.
 */
#ifndef ELFMAP_TEST_SEEDS_H
#define ELFMAP_TEST_SEEDS_H

#include "test/generate.h"
#include "test/opening.h"

/*
 * Hold a property for the objects of the seeds 1 to count, in a process of its own that lives for
 * all of them: what one leaves behind, the next one meets. Returns how many called seed_counts().
 */
size_t for_each_seed(size_t count, const struct generate_options *options,
		     void (*property)(const struct generated *generated));

/* --- in a property ------------------------------------------------------------------------- */

/* End the test here unless the condition holds. The rest are a format and its values. */
#define expect(condition, ...)                        \
	do {                                          \
		if (!(condition))                     \
			seed_has_failed(__VA_ARGS__); \
	} while (0)
#define expect_equal(a, b, ...)                                          \
	do {                                                             \
		unsigned long long left = (a), right = (b);              \
		if (left != right)                                       \
			seed_has_differed(#a, left, right, __VA_ARGS__); \
	} while (0)
void seed_has_failed(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* what was found, and what was expected */
void seed_has_differed(const char *what, unsigned long long found, unsigned long long expected,
		       const char *format, ...) __attribute__((noreturn, format(printf, 4, 5)));

/* The object was one that the property is about. */
void seed_counts(void);

/* What is being done, for the report of one that does not come to its end. */
void seed_is(const char *doing);

/* Open, without an error; the caller closes it. */
struct elfmap_object *expect_open(const struct test_object *object);
/* The image, which holds as long as the object. */
struct test_object expect_image(struct elfmap_object *object);
/* Open, translate and close; the image is the caller's. */
struct test_object expect_converted(const struct test_object *object);
/* The same without tags, which tell the file's SHA-1. */
struct test_object expect_untagged(const struct test_object *object);
/* The same bytes. */
void expect_same(const struct test_object *a, const struct test_object *b, const char *what);

#endif
