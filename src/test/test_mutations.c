// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Thousands of damaged objects: each is refused or translated, and what the translation gives can
 * be read by libbpf and by elfmap itself. ELFMAP_MUTATIONS=FIRST-LAST tries others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "test/mutate.h"
#include "test/opening.h"
#include "test/tests.h"

#define FIRST 1
#define LAST 4000

/* Of one that takes longer, no end is to be expected. */
#define TIMEOUT_SECONDS 10

/* What the child that tries them says of itself while it lives. */
struct progress {
	unsigned long number;
	const char *doing;
	char object[64];
	char fault[1024];
	unsigned long written, opened;
};

/* Translated is what reads as such, and is its own translation. */
static void read_again(const struct test_object *image, struct progress *progress)
{
	struct elfmap_object *object = elfmap_object__open_mem(image->bytes, image->size, NULL);

	if (object && !elfmap_object__is_legacy(object)) {
		elfmap_object__close(object);
		return;
	}
	snprintf(progress->fault, sizeof(progress->fault), "%s",
		 object ? "it is legacy still" : messages(ELFMAP_LOG_ERROR));
	_exit(1);
}

static void try_one(const struct test_object *damaged, struct progress *progress)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "damaged");
	struct elfmap_object *object;
	struct test_object image = { 0 };
	struct bpf_object *opened;

	collect_messages();
	progress->doing = "opening it";
	object = elfmap_object__open_mem(damaged->bytes, damaged->size, NULL);
	if (!object)
		return;
	progress->doing = "writing it";
	image.bytes = (uint8_t *)elfmap_object__image(object, &image.size);
	if (image.bytes && elfmap_object__is_legacy(object)) {
		progress->written++;
		progress->doing = "reading its image again";
		read_again(&image, progress);
		progress->doing = "opening its image with libbpf";
		opened = bpf_object__open_mem(image.bytes, image.size, &opts);
		progress->opened += opened != NULL;
		bpf_object__close(opened);
	}
	progress->doing = "closing it";
	elfmap_object__close(object);
}

static void try_all(unsigned long first, unsigned long last, struct progress *progress)
{
	const char *const *names = object_names();
	size_t count = 0;

	while (names[count])
		count++;
	for (size_t i = 0; i < count; i++) {
		struct test_object object = object_load(names[i]);

		snprintf(progress->object, sizeof(progress->object), "%s", names[i]);
		for (unsigned long n = first + i; n <= last; n += count) {
			struct test_object damaged = mutate(&object, n);

			progress->number = n;
			alarm(TIMEOUT_SECONDS);
			try_one(&damaged, progress);
			object_free(&damaged);
		}
		object_free(&object);
	}
	alarm(0);
}

START_TEST(test_mutations)
{
	struct progress *progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *range = getenv("ELFMAP_MUTATIONS");
	unsigned long first = FIRST, last = LAST;
	int status;
	pid_t pid;

	ck_assert(progress != MAP_FAILED);
	if (range)
		ck_assert_int_eq(sscanf(range, "%lu-%lu", &first, &last), 2);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		try_all(first, last, progress);
		exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "mutation %lu of %s, %s: %s %d: %s", progress->number,
		      progress->object, progress->doing,
		      WIFSIGNALED(status) ? "signal" : "exit status",
		      WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		      progress->fault);
	/* else they would only show how the first check works */
	if (!range) {
		ck_assert_uint_gt(progress->written, (LAST - FIRST) / 8);
		ck_assert_uint_gt(progress->opened, (LAST - FIRST) / 16);
	}
	munmap(progress, sizeof(*progress));
}
END_TEST

Suite *mutations_suite(void)
{
	return suite_of("mutations", test_mutations);
}
