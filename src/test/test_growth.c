// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The work for a map does not grow with how many there are. */
#include <unistd.h>

#include "test/instructions.h"
#include "test/opening.h"
#include "test/tests.h"

#define FEW 500
#define MANY 16000

static int counter;

/* Instructions for each map: to open, translate and close. */
static double work(const struct test_object *object, size_t count)
{
	uint64_t before = instructions_read(counter);
	struct test_object image = convert(object);
	double share = (double)(instructions_read(counter) - before) / (double)count;

	object_free(&image);
	return share;
}

static struct test_object with_maps(const char *name, const char *map, size_t count)
{
	struct test_object object = object_load(name);

	object_multiply_map(&object, map, count);
	return object;
}

static void check(const struct test_object *few, const struct test_object *many)
{
	double share_of_few, share_of_many;

	/* what is done once in a process */
	work(few, FEW);
	share_of_few = work(few, FEW);
	share_of_many = work(many, MANY);
	/* sorting has its logarithm */
	ck_assert_msg(share_of_many < 1.5 * share_of_few,
		      "%.0f instructions for one of %d maps, %.0f for one of %d", share_of_many,
		      MANY, share_of_few, FEW);
}

static void check_growth(const char *name, const char *map)
{
	struct test_object few, many, few_images, many_images;

	counter = instructions_begin();
	if (counter < 0)
		test_skip("no instructions are counted here");
	few = with_maps(name, map, FEW);
	many = with_maps(name, map, MANY);
	check(&few, &many);
	/* and to read what was translated */
	few_images = convert(&few);
	many_images = convert(&many);
	check(&few_images, &many_images);
	close(counter);
	object_free(&few);
	object_free(&many);
	object_free(&few_images);
	object_free(&many_images);
}

START_TEST(test_growth)
{
	check_growth("def16", "totals");
}
END_TEST

START_TEST(test_growth_with_btf)
{
	check_growth("def16.btf", "totals");
}
END_TEST

/* Each has a path of its own. */
START_TEST(test_growth_with_pins)
{
	check_growth("counter", "packets");
}
END_TEST

Suite *growth_suite(void)
{
	return suite_of("growth", test_growth, test_growth_with_btf, test_growth_with_pins);
}
