// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Where maps are to be pinned, as the object, its loader's environment and the caller say. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/expected.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/run.h"
#include "test/tests.h"

/* The SHA-1 of testdata/NAME.o in hexadecimal, by a program that shares no code with elfmap. */
static const char *sha1_of(const char *name)
{
	static char sum[41];
	char path[256];
	struct run run;

	if (!have_command("sha1sum"))
		test_skip("there is no sha1sum");
	snprintf(path, sizeof(path), "testdata/%s.o", name);
	run = run("sha1sum", path);
	assert_status(&run, 0);
	ck_assert_uint_gt(strlen(run.out), 40);
	memcpy(sum, run.out, 40);
	free_run(&run);
	return sum;
}

static struct elfmap_object *open_with(const char *name, const struct elfmap_open_opts *opts)
{
	struct test_object object = object_load(name);
	struct elfmap_object *opened = open_object(&object, opts);

	object_free(&object);
	return opened;
}

static void check_path(const struct elfmap_object *object, const char *map, const char *format,
		       const char *argument)
{
	char path[256];

	snprintf(path, sizeof(path), format, argument);
	ck_assert_str_eq(elfmap_map__pin_path(map_of(object, map)), path);
}

static void check_nowhere(const struct elfmap_object *object, const char *map)
{
	ck_assert_ptr_null(elfmap_map__pin_path(map_of(object, map)));
}

START_TEST(test_sha1)
{
	for (const char *const *name = object_names(); *name; name++) {
		struct elfmap_object *object = open_name(*name);
		const __u8 *sha1 = elfmap_object__sha1(object);
		char hex[41];

		for (size_t i = 0; i < 20; i++)
			snprintf(hex + 2 * i, 3, "%02x", sha1[i]);
		ck_assert_str_eq(hex, sha1_of(*name));
		elfmap_object__close(object);
	}
}
END_TEST

static void check_pins(const char *name)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/my/bpf" };
	struct elfmap_object *object = open_with(name, &opts);

	check_nowhere(object, "scratch");
	check_path(object, "stats", "/my/bpf/tc/%s/stats", sha1_of(name));
	check_path(object, "peers", "/my/bpf/tc/globals/peers", "");
	elfmap_object__close(object);
}

START_TEST(test_namespaces)
{
	check_pins("elf36");
	check_pins("elf36.btf");
}
END_TEST

/* Layouts without a word for it pin nothing. */
START_TEST(test_no_pins)
{
	static const char *const names[] = { "def16", "def20.btf", "def24", "def28.btf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct elfmap_object *object = open_name(names[i]);
		struct elfmap_map *map = NULL;

		while ((map = elfmap_object__next_map(object, map)))
			ck_assert_ptr_null(elfmap_map__pin_path(map));
		elfmap_object__close(object);
	}
}
END_TEST

/* iproute2's variable; an option is nearer. */
START_TEST(test_environment)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/option" };
	struct elfmap_object *object;

	ck_assert_int_eq(setenv("TC_BPF_MNT", "/environment", 1), 0);
	object = open_name("elf36");
	check_path(object, "peers", "/environment/tc/globals/peers", "");
	elfmap_object__close(object);
	object = open_with("elf36", &opts);
	check_path(object, "peers", "/option/tc/globals/peers", "");
	elfmap_object__close(object);
	ck_assert_int_eq(setenv("TC_BPF_MNT", "", 1), 0);
	object = open_name("elf36");
	ck_assert_ptr_nonnull(
		strstr(elfmap_map__pin_path(map_of(object, "peers")), "/tc/globals/peers"));
	ck_assert_str_ne(elfmap_map__pin_path(map_of(object, "peers")), "/tc/globals/peers");
	elfmap_object__close(object);
}
END_TEST

/* The caller's directory takes all maps, whatever the object says. */
START_TEST(test_pin_dir)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .bpffs = "/my/bpf",
					 .pin_dir = "/my/bpf/dir" };
	struct elfmap_object *object = open_with("mixed_order.btf", &opts);
	struct elfmap_map *map = NULL;

	while ((map = elfmap_object__next_map(object, map)))
		check_path(object, elfmap_map__name(map), "/my/bpf/dir/%s", elfmap_map__name(map));
	elfmap_object__close(object);
}
END_TEST

/* BTF-defined maps are pinned as libbpf pins them. */
START_TEST(test_native_pins)
{
	LIBBPF_OPTS(bpf_object_open_opts, bpf_opts, .pin_root_path = "/my/root");
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/my/bpf" };
	struct elfmap_object *object = open_with("mixed_order.btf", &opts);

	check_path(object, "new_marks", "/sys/fs/bpf/new_marks", "");
	check_nowhere(object, "new_counter");
	check_nowhere(object, "old_inner");
	check_path(object, "old_calls", "/my/bpf/tc/globals/old_calls", "");
	elfmap_object__close(object);

	opts.bpf_opts = &bpf_opts;
	object = open_with("mixed_order.btf", &opts);
	check_path(object, "new_marks", "/my/root/new_marks", "");
	check_path(object, "old_calls", "/my/bpf/tc/globals/old_calls", "");
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_set_pin_path)
{
	struct elfmap_object *object = open_name("elf36");
	struct elfmap_map *map = map_of(object, "peers");
	char path[] = "/elsewhere";

	ck_assert_int_eq(elfmap_map__set_pin_path(map, path), 0);
	path[1] = 'E';
	ck_assert_str_eq(elfmap_map__pin_path(map), "/elsewhere");
	ck_assert_int_eq(elfmap_map__set_pin_path(map, elfmap_map__pin_path(map)), 0);
	ck_assert_str_eq(elfmap_map__pin_path(map), "/elsewhere");
	ck_assert_int_eq(elfmap_map__set_pin_path(map, NULL), 0);
	ck_assert_ptr_null(elfmap_map__pin_path(map));
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_program_pin_path)
{
	struct elfmap_object *object = open_name("elf36");
	struct elfmap_program *program = program_of(object, "leave");
	char path[] = "/elsewhere";

	ck_assert_ptr_null(elfmap_program__pin_path(program));
	ck_assert_int_eq(elfmap_program__set_pin_path(program, path), 0);
	path[1] = 'E';
	ck_assert_str_eq(elfmap_program__pin_path(program), "/elsewhere");
	ck_assert_ptr_null(elfmap_program__pin_path(program_of(object, "enter")));
	ck_assert_int_eq(elfmap_program__set_pin_path(program, NULL), 0);
	ck_assert_ptr_null(elfmap_program__pin_path(program));
	elfmap_object__close(object);
}
END_TEST

/* --- the database of numbers, a file of the system ----------------------------------------- */

static struct elfmap_object *open_custom(void)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpffs = "/my/bpf" };

	return open_with("custom_pin", &opts);
}

START_TEST(test_database)
{
	struct elfmap_object *object;
	struct run run;

	enter_private_namespaces();
	run = run("cat", "testdata/pinning");
	put_pinning_database(run.out);
	free_run(&run);
	object = open_custom();
	check_path(object, "listed", "/my/bpf/my_subpath/listed", "");
	check_path(object, "below", "/my/bpf/team/traffic/below", "");
	check_nowhere(object, "unlisted");
	elfmap_object__close(object);
}
END_TEST

/* As iproute2 reads it: C's numbers, the last entry counts, a corrupt line is the end. */
START_TEST(test_database_lines)
{
	struct elfmap_object *object;

	enter_private_namespaces();
	put_pinning_database("# 3 comment\n\n  0x03\t\tspaced # 3 other\n3 second\n0115 octal\r\n"
			     "+4 last#one\nbroken\n3 unread\n");
	object = open_custom();
	assert_message(ELFMAP_LOG_WARNING, "broken");
	check_path(object, "listed", "/my/bpf/second/listed", "");
	check_path(object, "below", "/my/bpf/last#one/below", "");
	check_path(object, "unlisted", "/my/bpf/octal/unlisted", "");
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_database_outside)
{
	static const char *const texts[] = { "3 ..\n", "3 ../x\n", "3 a/../../b\n", "3 a/..\n" };
	struct test_object object = object_load("custom_pin");

	enter_private_namespaces();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put_pinning_database(texts[i]);
		collect_messages();
		ck_assert_ptr_null(elfmap_object__open_mem(object.bytes, object.size, NULL));
		ck_assert_int_eq(errno, EINVAL);
		assert_one_error("bpf_pinning", "leaves the bpffs");
	}
	object_free(&object);
}
END_TEST

START_TEST(test_no_database)
{
	struct elfmap_object *object;

	enter_private_namespaces();
	put_pinning_database("");
	object = open_custom();
	check_nowhere(object, "listed");
	check_nowhere(object, "below");
	elfmap_object__close(object);
}
END_TEST

Suite *pinning_suite(void)
{
	return suite_of("pinning", test_sha1, test_namespaces, test_no_pins, test_environment,
			test_pin_dir, test_native_pins, test_set_pin_path, test_program_pin_path,
			test_database, test_database_lines, test_database_outside,
			test_no_database);
}
