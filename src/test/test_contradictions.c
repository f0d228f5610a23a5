// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Generated objects that contradict themselves are refused, with one error that names the place:
 * nothing is guessed. Each damage is done to the objects of many seeds, in those that have what it
 * takes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test/damage.h"
#include "test/seeds.h"
#include "test/tests.h"

#define SEEDS 400

static const struct generate_options options = {
	.loadable = true,
	.pins = true,
};

static const struct damage *current;

static void check_messages(const struct place *place)
{
	const char *said = messages(ELFMAP_LOG_ERROR);

	expect_equal(nr_messages(ELFMAP_LOG_ERROR), 1, "%s: %s", current->name, said);
	expect(!strncmp(said, "buffer: ", strlen("buffer: ")), "%s: %s", current->name, said);
	for (size_t i = 0; i < 2; i++)
		expect(strstr(said, place->names[i]), "%s: \"%s\" is not in: %s", current->name,
		       place->names[i], said);
}

/* Some faults are found when the image is written. */
static void refuse(const struct test_object *object, const struct place *place)
{
	struct elfmap_object *opened;
	const void *image = NULL;
	size_t size;

	seed_is(current->name);
	collect_messages();
	errno = 0;
	opened = elfmap_object__open_mem(object->bytes, object->size, NULL);
	if (opened)
		image = elfmap_object__image(opened, &size);
	expect(!image, "%s: not refused", current->name);
	expect(errno == EINVAL || errno == ENOTSUP || errno == EEXIST, "%s: errno %d",
	       current->name, errno);
	elfmap_object__close(opened);
	check_messages(place);
}

static void is_refused(const struct generated *generated)
{
	struct generated *damaged = generate(generated->seed, &generated->options);
	uint64_t state = generated->seed ^ (uint64_t)(current - damages);
	struct place place = { 0 };
	struct test_object object;
	bool applies = true;

	/* what is done here is done to the one section */
	if (generated->layout->own_sections) {
		generated_free(damaged);
		return;
	}
	if (current->truth)
		applies = current->truth(damaged, &state, &place);
	object = generated_write(damaged, false);
	if (applies && current->bytes)
		applies = current->bytes(damaged, &state, &object, &place);
	if (applies) {
		refuse(&object, &place);
		seed_counts();
	}
	object_free(&object);
	generated_free(damaged);
}

START_TEST(test_damage)
{
	size_t done;

	current = &damages[_i];
	done = for_each_seed(SEEDS, &options, is_refused);
	/* else the objects are not what they were meant to be */
	if (!getenv("ELFMAP_SEED"))
		ck_assert_msg(done > SEEDS / 50, "%s: done to %zu objects", current->name, done);
}
END_TEST

Suite *contradictions_suite(void)
{
	Suite *suite = suite_create("contradictions");

	add_loop_test(suite, test_damage, nr_damages);
	return suite;
}
