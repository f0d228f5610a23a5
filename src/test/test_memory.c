// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Every allocation of the library fails once: ENOMEM comes out, nothing is left, and what was opened
 * can be used further. The linker hands the calls below to this file (Makefile: FAILING_CALLS).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/opening.h"
#include "test/tests.h"

/* How many more calls succeed; negative: all of them. */
static long left = -1;
static bool failed;

static bool fails(void)
{
	if (left < 0 || left-- > 0)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

#define FAILING(type, name, parameters, arguments)               \
	type __real_##name parameters;                           \
	type __wrap_##name parameters;                           \
	type __wrap_##name parameters                            \
	{                                                        \
		return fails() ? NULL : __real_##name arguments; \
	}

FAILING(void *, malloc, (size_t size), (size))
FAILING(void *, calloc, (size_t count, size_t size), (count, size))
FAILING(void *, realloc, (void *old, size_t size), (old, size))
FAILING(void *, reallocarray, (void *old, size_t count, size_t size), (old, count, size))
FAILING(char *, strdup, (const char *text), (text))
FAILING(char *, strndup, (const char *text, size_t size), (text, size))
FAILING(struct btf *, btf__new, (const void *data, __u32 size), (data, size))
FAILING(struct btf *, btf__new_empty, (void), ())

/* --- the calls ------------------------------------------------------------------------------- */

static int change(struct elfmap_object *object)
{
	struct elfmap_map *map = NULL;
	int err = 0;

	while (!err && (map = elfmap_object__next_map(object, map))) {
		__u32 entries = elfmap_map__def(map)->max_entries;

		err = elfmap_map__set_max_entries(map, entries + 2);
		/* without memory there is none: what it looks into is there all the same */
		elfmap_object__btf(object);
		elfmap_map__field_type_id(map, "key");
		if (!err)
			err = elfmap_map__set_value_size(map, 4);
		if (!err)
			err = elfmap_map__set_max_entries(map, entries);
	}
	return err;
}

static int open_and_change(const struct test_object *object)
{
	struct elfmap_object *opened = elfmap_object__open_mem(object->bytes, object->size, NULL);
	size_t size;
	int err;

	if (!opened)
		return -errno;
	err = change(opened);
	if (!err && !elfmap_object__image(opened, &size))
		err = -errno;
	/* there is memory again */
	left = -1;
	ck_assert_ptr_nonnull(elfmap_object__btf(opened));
	elfmap_object__close(opened);
	return err;
}

static int drop_in(const struct test_object *object)
{
	struct bpf_object *opened = elfmap_open_mem(object->bytes, object->size, NULL);
	int err = opened ? 0 : -errno;

	bpf_object__close(opened);
	return err;
}

static void run_short(int (*call)(const struct test_object *), const struct test_object *object)
{
	size_t before = count_descriptors();
	long room = 0;

	do {
		int err;

		failed = false;
		left = room;
		err = call(object);
		left = -1;
		ck_assert_msg(!err || err == -ENOMEM, "%s after %ld allocations", strerror(-err),
			      room);
		ck_assert_uint_eq(count_descriptors(), before);
		room++;
	} while (failed);
	ck_assert_int_gt(room, 10);
}

START_TEST(test_objects)
{
	static const char *const names[] = { "own_fields.btf", "elf36.btf", "goebpf", "tailcalls" };

	libbpf_set_print(NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct test_object object = object_load(names[i]), image = convert(&object);

		elfmap_set_log(NULL, NULL);
		run_short(open_and_change, &object);
		run_short(open_and_change, &image);
		run_short(drop_in, &object);
		run_short(drop_in, &image);
		object_free(&image);
		object_free(&object);
	}
}
END_TEST

Suite *memory_suite(void)
{
	return suite_of("memory", test_objects);
}
