// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/seeds.h"
#include "test/tests.h"

/* What the child that tries them says of itself while it lives. */
static struct progress {
	char text[256];
	const char *doing;
	char fault[4096];
	size_t count;
} * progress;

void seed_is(const char *doing)
{
	progress->doing = doing;
}

void seed_counts(void)
{
	progress->count++;
}

void seed_has_failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(progress->fault, sizeof(progress->fault), format, args);
	va_end(args);
	_exit(1);
}

void seed_has_differed(const char *what, unsigned long long found, unsigned long long expected,
		       const char *format, ...)
{
	char where[512];
	va_list args;

	va_start(args, format);
	vsnprintf(where, sizeof(where), format, args);
	va_end(args);
	seed_has_failed("%s: %s is %llu (0x%llx), expected %llu (0x%llx)", where, what, found,
			found, expected, expected);
}

static void try_seed(uint64_t seed, const struct generate_options *options,
		     void (*property)(const struct generated *generated))
{
	struct generated *generated;

	snprintf(progress->text, sizeof(progress->text), "seed %llu", (unsigned long long)seed);
	seed_is("generating it");
	generated = generate(seed, options);
	snprintf(progress->text, sizeof(progress->text), "%s", generated_text(generated));
	seed_is("trying it");
	property(generated);
	generated_free(generated);
}

/*
 * An assertion of the tests' frame in the child has sent its own message, which is the one that the
 * runner shows: the seed goes another way then.
 */
static void report(int status)
{
	char end[64];

	snprintf(end, sizeof(end), WIFSIGNALED(status) ? "signal %d" : "exit status %d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	if (!*progress->fault)
		fprintf(stderr, "%s, %s: %s\n", progress->text, progress->doing, end);
	ck_abort_msg("%s, %s: %s", progress->text, progress->doing,
		     *progress->fault ? progress->fault : end);
}

/* SEED or FIRST-LAST. */
static void read_range(const char *text, unsigned long long *first, unsigned long long *last)
{
	int end = 0;

	if (sscanf(text, "%llu-%llu%n", first, last, &end) == 2 && !text[end])
		return;
	ck_assert_msg(sscanf(text, "%llu%n", first, &end) == 1 && !text[end],
		      "ELFMAP_SEED=%s: expected SEED or FIRST-LAST", text);
	*last = *first;
}

size_t for_each_seed(size_t count, const struct generate_options *options,
		     void (*property)(const struct generated *generated))
{
	const char *range = getenv("ELFMAP_SEED");
	unsigned long long first = 1, last = count;
	size_t counted;
	int status;
	pid_t pid;

	if (range)
		read_range(range, &first, &last);
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	ck_assert(progress != MAP_FAILED);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		for (uint64_t seed = first; seed <= last; seed++)
			try_seed(seed, options, property);
		exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (status)
		report(status);
	counted = progress->count;
	munmap(progress, sizeof(*progress));
	return counted;
}

/* --- in a property ------------------------------------------------------------------------- */

struct elfmap_object *expect_open(const struct test_object *object)
{
	struct elfmap_object *opened;

	seed_is("opening it");
	collect_messages();
	opened = elfmap_object__open_mem(object->bytes, object->size, NULL);
	expect(opened, "%s: %s", strerror(errno), messages(ELFMAP_LOG_ERROR));
	expect(!nr_messages(ELFMAP_LOG_ERROR), "opened with %s", messages(ELFMAP_LOG_ERROR));
	seed_is("looking at it");
	return opened;
}

struct test_object expect_image(struct elfmap_object *object)
{
	struct test_object image = { 0 };

	seed_is("writing its image");
	image.bytes = (uint8_t *)elfmap_object__image(object, &image.size);
	expect(image.bytes, "%s: %s", strerror(errno), messages(ELFMAP_LOG_ERROR));
	seed_is("looking at its image");
	return image;
}

struct test_object expect_converted(const struct test_object *object)
{
	struct elfmap_object *opened = expect_open(object);
	struct test_object image = expect_image(opened), copy = object_copy(&image);

	elfmap_object__close(opened);
	return copy;
}

struct test_object expect_untagged(const struct test_object *object)
{
	const struct elfmap_image_opts opts = { .sz = sizeof(opts), .no_tags = true };
	struct elfmap_object *opened = expect_open(object);
	struct test_object image, copy;

	expect_equal((unsigned int)elfmap_object__set_image_opts(opened, &opts), 0, "options");
	image = expect_image(opened);
	copy = object_copy(&image);
	elfmap_object__close(opened);
	return copy;
}

void expect_same(const struct test_object *a, const struct test_object *b, const char *what)
{
	for (size_t i = 0; i < a->size && i < b->size; i++)
		expect(a->bytes[i] == b->bytes[i], "%s: byte %zu is 0x%x, expected 0x%x", what, i,
		       a->bytes[i], b->bytes[i]);
	expect_equal(a->size, b->size, "%s", what);
}
