// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The public calls as a loader makes them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "test/expected.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/silence.h"
#include "test/tests.h"

/* --- options ------------------------------------------------------------------------------- */

/* A caller that was compiled with a later header. */
struct later_opts {
	struct elfmap_open_opts known;
	unsigned char unknown[24];
};

static struct elfmap_object *open_later(const struct later_opts *opts)
{
	return elfmap_object__open_file("testdata/counter.o", &opts->known);
}

START_TEST(test_later_opts)
{
	struct later_opts opts = { .known = { .sz = sizeof(opts), .pin_dir = "/later" } };
	struct elfmap_object *object = open_later(&opts);

	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(elfmap_map__pin_path(map_of(object, "packets")), "/later/packets");
	elfmap_object__close(object);
	for (size_t i = 0; i < sizeof(opts.unknown); i++) {
		opts.unknown[i] = 1;
		ck_assert_ptr_null(open_later(&opts));
		ck_assert_int_eq(errno, E2BIG);
		opts.unknown[i] = 0;
	}
	/* what is beyond sz is none of the struct */
	opts.unknown[8] = 1;
	opts.known.sz = sizeof(opts.known) + 8;
	object = open_later(&opts);
	ck_assert_ptr_nonnull(object);
	elfmap_object__close(object);
}
END_TEST

/* One that was compiled with an earlier header knows the first members only. */
START_TEST(test_earlier_opts)
{
	struct elfmap_open_opts opts = {
		.sz = offsetof(struct elfmap_open_opts, bpffs),
		.pin_dir = "/earlier",
		.bpf_opts = (void *)1, /* whatever stands there */
	};
	struct elfmap_object *object = elfmap_object__open_file("testdata/counter.o", &opts);

	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(elfmap_map__pin_path(map_of(object, "packets")), "/earlier/packets");
	elfmap_object__close(object);
	opts.sz = offsetof(struct elfmap_open_opts, pin_dir);
	object = elfmap_object__open_file("testdata/counter.o", &opts);
	ck_assert_str_ne(elfmap_map__pin_path(map_of(object, "packets")), "/earlier/packets");
	elfmap_object__close(object);
	opts.sz = sizeof(size_t);
	object = elfmap_object__open_file("testdata/counter.o", &opts);
	ck_assert_ptr_nonnull(object);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_bad_opts)
{
	struct elfmap_open_opts opts = { .sz = 0 };
	size_t descriptors = count_descriptors();

	for (; opts.sz < sizeof(size_t); opts.sz++) {
		errno = 0;
		ck_assert_ptr_null(elfmap_object__open_file("testdata/counter.o", &opts));
		ck_assert_int_eq(errno, EINVAL);
		errno = 0;
		ck_assert_ptr_null(elfmap_object__open_mem("", 0, &opts));
		ck_assert_int_eq(errno, EINVAL);
		errno = 0;
		ck_assert_ptr_null(elfmap_open_file("testdata/counter.o", &opts));
		ck_assert_int_eq(errno, EINVAL);
		errno = 0;
		ck_assert_ptr_null(elfmap_open_mem("", 0, &opts));
		ck_assert_int_eq(errno, EINVAL);
	}
	ck_assert_uint_eq(count_descriptors(), descriptors);
}
END_TEST

/* Those for libbpf, of any size: what is beyond it, or a part of a pointer, is not read. */
START_TEST(test_bpf_opts)
{
	struct bpf_object_open_opts bpf_opts;
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpf_opts = &bpf_opts };
	struct elfmap_object *object;

	memset(&bpf_opts, 0xff, sizeof(bpf_opts));
	bpf_opts.sz = sizeof(size_t) + (size_t)_i;
	object = elfmap_object__open_file("testdata/counter.o", &opts);
	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(elfmap_object__name(object), "testdata/counter.o");
	ck_assert_str_eq(bpf_object__name(elfmap_object__bpf_object(object)), "counter");
	elfmap_object__close(object);

	bpf_opts.sz = (size_t)_i;
	collect_messages();
	errno = 0;
	ck_assert_ptr_null(elfmap_object__open_file("testdata/counter.o", &opts));
	ck_assert_int_eq(errno, EINVAL);
	assert_one_error("bpf_object_open_opts: size ");
}
END_TEST

/* --- the object ---------------------------------------------------------------------------- */

START_TEST(test_names)
{
	LIBBPF_OPTS(bpf_object_open_opts, bpf_opts, .object_name = "chosen");
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpf_opts = &bpf_opts };
	struct elfmap_object *object = elfmap_object__open_file("testdata/counter.o", NULL);

	ck_assert_str_eq(elfmap_object__name(object), "testdata/counter.o");
	ck_assert_str_eq(bpf_object__name(elfmap_object__bpf_object(object)), "counter");
	elfmap_object__close(object);
	object = open_name("counter");
	ck_assert_str_eq(elfmap_object__name(object), "buffer");
	ck_assert_str_eq(bpf_object__name(elfmap_object__bpf_object(object)), "buffer");
	elfmap_object__close(object);
	object = elfmap_object__open_file("testdata/counter.o", &opts);
	ck_assert_str_eq(elfmap_object__name(object), "chosen");
	ck_assert_str_eq(bpf_object__name(elfmap_object__bpf_object(object)), "chosen");
	elfmap_object__close(object);
	collect_messages();
	ck_assert_ptr_null(elfmap_object__open_file("testdata/counter.c", &opts));
	assert_one_error("chosen: not an ELF object");
}
END_TEST

START_TEST(test_iteration)
{
	struct elfmap_object *object = open_name("nested");
	const struct elfmap_map *map = NULL;
	size_t count = 0;

	while ((map = elfmap_object__next_map(object, map))) {
		ck_assert_uint_eq(elfmap_map__offset(map), 36 * count);
		ck_assert_ptr_eq(elfmap_object__find_map(object, elfmap_map__name(map)), map);
		count++;
	}
	ck_assert_uint_eq(count, 8);
	errno = 0;
	ck_assert_ptr_null(elfmap_object__find_map(object, "by_mar"));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_null(elfmap_object__find_map(object, ""));
	elfmap_object__close(object);
	elfmap_object__close(NULL);
}
END_TEST

START_TEST(test_before_load)
{
	struct elfmap_object *object = open_name("tailcalls");
	struct elfmap_program *program = program_of(object, "lost");

	ck_assert_int_eq(elfmap_map__fd(map_of(object, "trace")), -ENOENT);
	ck_assert_int_eq(elfmap_program__fd(program), -ENOENT);
	ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
	ck_assert_int_eq(elfmap_map__fd(map_of(object, "trace")), -ENOENT);
	ck_assert_int_eq(elfmap_program__fd(program), -ENOENT);
	ck_assert(elfmap_program__autoload(program));
	elfmap_program__set_autoload(program, false);
	ck_assert(!elfmap_program__autoload(program));
	ck_assert(elfmap_program__autoload(program_of(object, "enter")));
	elfmap_object__close(object);
}
END_TEST

/* The object keeps its own copy of the bytes. */
START_TEST(test_buffer)
{
	struct test_object object = object_load("nested"), image, expected;
	struct elfmap_object *opened;

	expected = convert(&object);
	opened = open_object(&object, NULL);
	memset(object.bytes, 0xa5, object.size);
	object_free(&object);
	image = image_of(opened);
	ck_assert_uint_eq(image.size, expected.size);
	ck_assert_mem_eq(image.bytes, expected.bytes, image.size);
	elfmap_object__close(opened);
	object_free(&image);
	object_free(&expected);
}
END_TEST

/* libbpf's view is opened once; slots and pins are the long form's own there. */
START_TEST(test_bpf_object)
{
	struct elfmap_object *object = open_name("demo");
	struct bpf_object *opened = elfmap_object__bpf_object(object);
	const struct bpf_map *map;
	size_t count = 0;

	ck_assert_ptr_nonnull(opened);
	ck_assert_ptr_eq(elfmap_object__bpf_object(object), opened);
	bpf_object__for_each_map(map, opened) {
		ck_assert_ptr_null(bpf_map__pin_path(map));
		count++;
	}
	ck_assert_uint_eq(count, expected_count("demo"));
	elfmap_object__close(object);
}
END_TEST

/* --- the drop-ins -------------------------------------------------------------------------- */

static __u32 type_of(const struct bpf_object *object, const char *program)
{
	const struct bpf_program *found = bpf_object__find_program_by_name(object, program);

	ck_assert_ptr_nonnull(found);
	return bpf_program__type(found);
}

START_TEST(test_drop_in)
{
	struct test_object changed = object_load("counter");
	struct bpf_object *object;

	*object_map_word(&changed, "packets", 6) = 0; /* not pinned */
	object_rename_section(&changed, "ingress", "prog");
	collect_messages();
	object = elfmap_open_mem(changed.bytes, changed.size, NULL);
	object_free(&changed);
	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(bpf_object__name(object), "buffer");
	ck_assert_uint_eq(type_of(object, "classify"), BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_uint_eq(type_of(object, "direct"), BPF_PROG_TYPE_XDP);
	ck_assert_uint_eq(bpf_map__value_size(bpf_object__find_map_by_name(object, "packets")), 8);
	ck_assert_ptr_null(bpf_map__pin_path(bpf_object__find_map_by_name(object, "packets")));
	ck_assert_str_eq(messages(ELFMAP_LOG_ERROR), "");
	ck_assert_str_eq(messages(ELFMAP_LOG_WARNING), "");
	bpf_object__close(object);
}
END_TEST

/* What is not legacy is opened as it is. */
START_TEST(test_drop_in_native)
{
	struct test_object from = object_load("many"), image = convert(&from);
	struct bpf_object *object = elfmap_open_mem(image.bytes, image.size, NULL);

	ck_assert_ptr_nonnull(object);
	ck_assert_uint_eq(bpf_map__max_entries(bpf_object__find_map_by_name(object, "m76")), 107);
	bpf_object__close(object);
	object_free(&image);
	object_free(&from);
}
END_TEST

START_TEST(test_drop_in_pins)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/tmp/elfmap" };
	struct bpf_object *object;
	struct stat st;

	enter_private_namespaces();
	mount_tmpfs("/tmp");
	ck_assert_int_eq(mkdir("/tmp/elfmap", 0700), 0);
	object = elfmap_open_file("testdata/elf36.o", &opts);
	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(bpf_map__pin_path(bpf_object__find_map_by_name(object, "peers")),
			 "/tmp/elfmap/tc/globals/peers");
	ck_assert_ptr_null(bpf_map__pin_path(bpf_object__find_map_by_name(object, "scratch")));
	ck_assert_int_eq(stat("/tmp/elfmap/tc/globals", &st), 0);
	bpf_object__close(object);
}
END_TEST

/* Slots that libbpf cannot be told of are lost with it: said once for each such map. */
START_TEST(test_drop_in_slots)
{
	struct test_object changed = object_load("nested");
	struct bpf_object *object;

	*object_map_word(&changed, "mirror", 6) = 0; /* not pinned */
	*object_map_word(&changed, "mark_stats", 8) = 1 << 20;
	collect_messages();
	object = elfmap_open_mem(changed.bytes, changed.size, NULL);
	ck_assert_ptr_nonnull(object);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_WARNING), 1);
	assert_message(ELFMAP_LOG_WARNING,
		       "map \"by_mark\": its 1 initial slots cannot be declared");
	bpf_object__close(object);
	object_free(&changed);
}
END_TEST

/* --- what is not left behind --------------------------------------------------------------- */

/* Nothing is written to the standard streams without a callback, whatever fails. */
START_TEST(test_silence)
{
	struct test_object object = object_load("counter.btf");
	struct silence silence = begin_silence();

	elfmap_object__open_file("testdata/none.o", NULL);
	elfmap_object__open_mem("", 0, NULL);
	for (size_t i = 0; i < object.size; i += 7) {
		object.bytes[i] ^= 0xff;
		elfmap_object__close(elfmap_object__open_mem(object.bytes, object.size, NULL));
		object.bytes[i] ^= 0xff;
	}
	end_silence(silence);
	object_free(&object);
}
END_TEST

/* Objects that open hold no descriptor, and libbpf's view goes with them. */
START_TEST(test_descriptors)
{
	size_t before = count_descriptors();

	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *object = open_name(*name);
		struct test_object image = image_of(object);

		ck_assert_uint_eq(count_descriptors(), before);
		ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
		elfmap_object__close(object);
		ck_assert_uint_eq(count_descriptors(), before);
		object_free(&image);
	}
}
END_TEST

Suite *api_suite(void)
{
	Suite *suite = suite_of("api", test_later_opts, test_earlier_opts, test_bad_opts,
				test_names, test_iteration, test_before_load, test_buffer,
				test_bpf_object, test_drop_in, test_drop_in_native,
				test_drop_in_pins, test_drop_in_slots, test_silence,
				test_descriptors);

	add_loop_test(suite, test_bpf_opts, sizeof(size_t));
	return suite;
}
