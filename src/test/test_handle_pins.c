// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Pins of maps by their handles: placed, removed and found. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "test/handles.h"
#include "test/kernel.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/shortage.h"
#include "test/snapshot.h"
#include "test/tests.h"

#define PIN BPFFS "/held"
#define DEEP BPFFS "/a/b/c/held"

static struct elfmap_handle *enter_with_handle(void)
{
	enter_kernel();
	return make_handle(&made_hash);
}

/* End the test unless the map is pinned exactly there: "A\nB\n", sorted. */
static void assert_pins(const struct elfmap_handle *handle, const char *expected)
{
	char found[4096] = "", **paths = NULL;
	size_t used = 0;
	int count = elfmap_handle__pin_paths(handle, &paths);

	ck_assert_int_ge(count, 0);
	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(found + used, sizeof(found) - used, "%s\n", paths[i]);
	ck_assert_str_eq(found, expected);
	ck_assert_int_eq(!paths, !count);
	ck_assert(!paths || !paths[count]);
	ck_assert_int_eq(elfmap_handle__is_pinned(handle), count > 0);
	free(paths);
}

static void make_directory(const char *path)
{
	ck_assert_msg(mkdir(path, 0755) == 0, "%s: %s", path, strerror(errno));
}

static void mount_another_bpffs(const char *path)
{
	make_directory(path);
	ck_assert_msg(mount("bpf", path, "bpf", 0, NULL) == 0, "%s: %s", path, strerror(errno));
}

/* --- placing and removing ------------------------------------------------------------------ */

START_TEST(test_pin)
{
	struct elfmap_handle *handle = enter_with_handle();
	struct stat st;

	assert_pins(handle, "");
	ck_assert_int_eq(elfmap_handle__pin(handle, DEEP), 0);
	assert_tree("a/\na/b/\na/b/c/\na/b/c/held\n");
	ck_assert_uint_eq(map_info_of_pin(DEEP).id, elfmap_handle__id(handle));
	ck_assert_int_eq(stat(BPFFS "/a/b", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	assert_pins(handle, DEEP "\n");
	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	assert_pins(handle, DEEP "\n" PIN "\n");
	/* it is there */
	ck_assert_int_eq(elfmap_handle__pin(handle, DEEP), 0);
	ck_assert_int_eq(elfmap_handle__unpin(handle, DEEP), 0);
	assert_tree("a/\na/b/\na/b/c/\nheld\n");
	assert_pins(handle, PIN "\n");
	ck_assert_int_eq(elfmap_handle__unpin(handle, PIN), 0);
	assert_pins(handle, "");
	elfmap_handle__close(handle);
}
END_TEST

/* The working directory need not be another. */
START_TEST(test_relative)
{
	struct elfmap_handle *handle = enter_with_handle();

	ck_assert_int_eq(chdir(BPFFS), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, "x/y"), 0);
	assert_pins(handle, BPFFS "/x/y\n");
	ck_assert_int_eq(elfmap_handle__unpin(handle, "x/y"), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, "z"), 0);
	assert_tree("x/\nz\n");
	elfmap_handle__close(handle);
}
END_TEST

/* All of them, and none of others. */
START_TEST(test_unpin_all)
{
	struct elfmap_handle *handle = enter_with_handle(), *other = make_handle(&made_hash);
	size_t descriptors = count_descriptors();

	ck_assert_int_eq(elfmap_handle__unpin(handle, NULL), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, DEEP), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	ck_assert_int_eq(link(PIN, BPFFS "/again"), 0);
	ck_assert_int_eq(elfmap_handle__pin(other, BPFFS "/a/other"), 0);
	assert_pins(handle, DEEP "\n" BPFFS "/again\n" PIN "\n");
	ck_assert_int_eq(elfmap_handle__unpin(handle, NULL), 0);
	assert_tree("a/\na/b/\na/b/c/\na/other\n");
	assert_pins(handle, "");
	assert_pins(other, BPFFS "/a/other\n");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_handle__close(handle);
	elfmap_handle__close(other);
}
END_TEST

/* What may stand where a pin is to be, and how it is called. */
static void put_map(const char *path)
{
	int fd = make_map(&made_array);

	ck_assert_int_eq(bpf_obj_pin(fd, path), 0);
	close(fd);
}

static void put_program(const char *path)
{
	int fd = make_program();

	ck_assert_int_eq(bpf_obj_pin(fd, path), 0);
	close(fd);
}

static void put_link(const char *path)
{
	ck_assert_int_eq(symlink("elsewhere", path), 0);
}

static const struct obstacle {
	void (*put)(const char *path);
	const char *text;
} obstacles[] = {
	{ put_map, "map \"made_array\" (id " },
	{ put_program, "a program" },
	{ make_directory, "a directory" },
	{ put_link, "a symbolic link" },
};
#define NR_OBSTACLES (sizeof(obstacles) / sizeof(obstacles[0]))

START_TEST(test_something_else)
{
	struct elfmap_handle *handle = enter_with_handle();
	char *before;
	size_t descriptors;

	make_directory(BPFFS "/a");
	obstacles[_i].put(PIN);
	ck_assert_int_eq(elfmap_handle__pin(handle, BPFFS "/a/own"), 0);
	before = snapshot();
	descriptors = count_descriptors();
	collect_messages();
	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), -EEXIST);
	assert_one_error("map \"made_hash\" (id ", PIN, obstacles[_i].text);
	collect_messages();
	ck_assert_int_eq(elfmap_handle__unpin(handle, PIN), -EEXIST);
	assert_one_error("map \"made_hash\" (id ", PIN, obstacles[_i].text);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	assert_unchanged(before);
	assert_pins(handle, BPFFS "/a/own\n");
	elfmap_handle__close(handle);
}
END_TEST

/* A link to a pin of the map is no pin of it. */
START_TEST(test_link_to_pin)
{
	struct elfmap_handle *handle = enter_with_handle();

	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	ck_assert_int_eq(symlink("held", BPFFS "/alias"), 0);
	assert_pins(handle, PIN "\n");
	ck_assert_int_eq(elfmap_handle__unpin(handle, BPFFS "/alias"), -EEXIST);
	ck_assert_int_eq(elfmap_handle__pin(handle, BPFFS "/alias"), -EEXIST);
	assert_tree("alias -> held\nheld\n");
	elfmap_handle__close(handle);
}
END_TEST

#define assert_failure(call, error, ...)                                    \
	do {                                                                \
		size_t descriptors_before = count_descriptors();            \
		char *state_before = snapshot();                            \
		collect_messages();                                         \
		ck_assert_int_eq(call, -(error));                           \
		assert_one_error("map \"made_hash\" (id ", __VA_ARGS__);    \
		ck_assert_uint_eq(count_descriptors(), descriptors_before); \
		assert_unchanged(state_before);                             \
	} while (0)

START_TEST(test_bad_paths)
{
	struct elfmap_handle *handle = enter_with_handle();
	const char *outside = scratch_path("pin"), *deep = scratch_path("a/b/pin");
	char longest[NAME_MAX + 64];

	snprintf(longest, sizeof(longest), BPFFS "/new/%0*d", NAME_MAX + 1, 0);
	assert_failure(elfmap_handle__pin(handle, ""), EINVAL, "a name");
	assert_failure(elfmap_handle__pin(handle, BPFFS "/new/a.b"), EINVAL, "'.'");
	assert_failure(elfmap_handle__pin(handle, outside), ENOENT, "not on a bpffs", BPFFS);
	assert_failure(elfmap_handle__pin(handle, deep), ENOENT, "not on a bpffs", BPFFS);
	assert_failure(elfmap_handle__pin(handle, longest), ENAMETOOLONG, "/new/");
	assert_failure(elfmap_handle__pin(handle, BPFFS "/new/sub/"), EINVAL, "/new/sub/");
	assert_failure(elfmap_handle__unpin(handle, PIN), ENOENT, PIN);
	assert_failure(elfmap_handle__unpin(handle, ""), ENOENT, strerror(ENOENT));
	assert_failure(elfmap_handle__unpin(handle, BPFFS "/none/held"), ENOENT, "/none/held");
	put_map(PIN);
	assert_failure(elfmap_handle__pin(handle, PIN "/below"), ENOTDIR, PIN "/below");
	elfmap_handle__close(handle);
}
END_TEST

/* Directories that were made for a pin that cannot be go with it. */
START_TEST(test_directories_taken_back)
{
	struct elfmap_handle *handle = enter_with_handle();
	char path[NAME_MAX + 64];

	snprintf(path, sizeof(path), BPFFS "/x/y/%0*d", NAME_MAX + 1, 0);
	ck_assert_int_eq(mkdir(BPFFS "/x", 0700), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, path), -ENAMETOOLONG);
	assert_tree("x/\n");
	elfmap_handle__close(handle);
}
END_TEST

/* --- finding ------------------------------------------------------------------------------- */

/* Names of any kind, of files, directories and mount points. */
START_TEST(test_odd_names)
{
	static const char *const names[] = {
		" ", "#", "\n", "\t", "\\", "\\040", "-", "*", "%s", "\"'$(x)", "\xc3\xa9", "\xff",
	};
	struct elfmap_handle *handle = enter_with_handle();
	size_t nr_names = sizeof(names) / sizeof(names[0]);
	char path[128], **paths;

	mount_tmpfs("/mnt");
	for (size_t i = 0; i < nr_names; i++) {
		snprintf(path, sizeof(path), "/mnt/%s", names[i]);
		mount_another_bpffs(path);
		snprintf(path, sizeof(path), "/mnt/%s/%s/%s", names[i], names[i], names[i]);
		ck_assert_int_eq(elfmap_handle__pin(handle, path), 0);
	}
	ck_assert_int_eq(elfmap_handle__pin_paths(handle, &paths), (int)nr_names);
	for (size_t i = 0; i < nr_names; i++) {
		bool found = false;

		snprintf(path, sizeof(path), "/mnt/%s/%s/%s", names[i], names[i], names[i]);
		for (size_t j = 0; j < nr_names; j++)
			found = found || !strcmp(paths[j], path);
		ck_assert_msg(found, "%s was not found", path);
		ck_assert(!i || strcmp(paths[i - 1], paths[i]) < 0);
	}
	free(paths);
	ck_assert_int_eq(elfmap_handle__unpin(handle, NULL), 0);
	ck_assert_int_eq(elfmap_handle__is_pinned(handle), 0);
	elfmap_handle__close(handle);
}
END_TEST

/* A mount that is hidden by another is out of reach; a bind mount shows the same pin again. */
START_TEST(test_mounts)
{
	struct elfmap_handle *handle = enter_with_handle();

	mount_tmpfs("/mnt");
	mount_another_bpffs("/mnt/other");
	ck_assert_int_eq(elfmap_handle__pin(handle, "/mnt/other/a/b"), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, DEEP), 0);
	assert_pins(handle, "/mnt/other/a/b\n" DEEP "\n");
	/* the root, and a directory of it */
	make_directory("/mnt/bind");
	ck_assert_int_eq(mount("/mnt/other", "/mnt/bind", NULL, MS_BIND, NULL), 0);
	make_directory("/mnt/part");
	ck_assert_int_eq(mount(BPFFS "/a/b", "/mnt/part", NULL, MS_BIND, NULL), 0);
	assert_pins(handle, "/mnt/other/a/b\n" DEEP "\n");
	/* the same bpffs below itself */
	make_directory(BPFFS "/self");
	ck_assert_int_eq(mount(BPFFS, BPFFS "/self", NULL, MS_BIND, NULL), 0);
	assert_pins(handle, "/mnt/other/a/b\n" DEEP "\n");
	ck_assert_int_eq(umount(BPFFS "/self"), 0);
	/* hidden, but for its bind mount */
	mount_tmpfs("/mnt/other");
	assert_pins(handle, "/mnt/bind/a/b\n" DEEP "\n");
	mount_tmpfs(BPFFS "/a/b");
	assert_pins(handle, "/mnt/bind/a/b\n"
			    "/mnt/part/c/held\n");
	elfmap_handle__close(handle);
}
END_TEST

/* Pins of programs, links in a circle, and directories deeper than descriptors go. */
START_TEST(test_search)
{
	struct elfmap_handle *handle = enter_with_handle();
	char path[1024] = BPFFS, expected[1100];
	struct rlimit before;
	int program;

	program = make_program();
	ck_assert_int_eq(bpf_obj_pin(program, BPFFS "/program"), 0);
	close(program);
	put_map(BPFFS "/map");
	make_directory(BPFFS "/loop");
	ck_assert_int_eq(symlink("..", BPFFS "/loop/up"), 0);
	ck_assert_int_eq(symlink(".", BPFFS "/loop/self"), 0);
	assert_pins(handle, "");
	while (strlen(path) < 900)
		strcat(path, "/d");
	ck_assert_int_eq(elfmap_handle__pin(handle, path), 0);
	snprintf(expected, sizeof(expected), "%s\n", path);
	/* the table of mounts, a directory, and a pin */
	before = leave_room(3);
	assert_pins(handle, expected);
	end_shortage(before);
	ck_assert_int_eq(chmod(path, 0400), 0);
	assert_pins(handle, expected);
	ck_assert_int_eq(elfmap_handle__unpin(handle, NULL), 0);
	assert_pins(handle, "");
	elfmap_handle__close(handle);
}
END_TEST

/* Whichever its mode allows to open. */
START_TEST(test_modes)
{
	static const mode_t modes[] = { 0400, 0200, 0600, 0444, 0222 };
	struct elfmap_handle *handle = enter_with_handle();

	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	ck_assert_int_eq(chmod(BPFFS, 0755), 0);
	ck_assert_int_eq(chmod(PIN, modes[_i]), 0);
	ck_assert_int_eq(chown(PIN, NOBODY, NOBODY), 0);
	assert_pins(handle, PIN "\n");
	become(NOBODY);
	assert_pins(handle, PIN "\n");
	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	become(0);
	elfmap_handle__close(handle);
}
END_TEST

/* Where there is no /proc it cannot be told. */
START_TEST(test_no_proc)
{
	struct elfmap_handle *handle = enter_with_handle();
	char **paths = (char **)&handle;

	mount_tmpfs("/proc");
	collect_messages();
	ck_assert_int_eq(elfmap_handle__pin_paths(handle, &paths), -ENOENT);
	assert_one_error("cannot look for its pins");
	ck_assert_ptr_eq(paths, (char **)&handle);
	ck_assert_int_eq(elfmap_handle__is_pinned(handle), -ENOENT);
	ck_assert_int_eq(umount("/proc"), 0);
	elfmap_handle__close(handle);
}
END_TEST

/* --- too few descriptors ------------------------------------------------------------------- */

static int find_paths(const struct elfmap_handle *handle)
{
	char **paths = NULL;
	int count = elfmap_handle__pin_paths(handle, &paths);

	free(paths);
	return count;
}

static int pin_there(const struct elfmap_handle *handle)
{
	return elfmap_handle__pin(handle, PIN);
}

static int unpin_there(const struct elfmap_handle *handle)
{
	return elfmap_handle__unpin(handle, PIN);
}

static int unpin_all(const struct elfmap_handle *handle)
{
	return elfmap_handle__unpin(handle, NULL);
}

/* How many descriptors each needs at one time. */
static const struct needing {
	int (*call)(const struct elfmap_handle *handle);
	size_t needs;
	int result;
} needing[] = {
	{ find_paths, 3, 2 }, { elfmap_handle__is_pinned, 3, 1 },
	{ pin_there, 1, 0 },  { unpin_there, 1, 0 },
	{ unpin_all, 3, 0 },
};
#define NR_NEEDING (sizeof(needing) / sizeof(needing[0]))

START_TEST(test_shortage)
{
	struct elfmap_handle *handle = enter_with_handle();
	const struct needing *row = &needing[_i];
	size_t descriptors;

	ck_assert_int_eq(elfmap_handle__pin(handle, DEEP), 0);
	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	descriptors = count_descriptors();
	for (size_t room = 0; room <= row->needs; room++) {
		bool suffices = room == row->needs;
		struct rlimit before;
		int result;

		collect_messages();
		before = leave_room(room);
		result = row->call(handle);
		end_shortage(before);
		ck_assert_msg(result == (suffices ? row->result : -EMFILE), "%d with %zu", result,
			      room);
		ck_assert_uint_eq(count_descriptors(), descriptors);
		if (suffices)
			break;
		assert_one_error("map \"made_hash\"", strerror(EMFILE));
		assert_pins(handle, DEEP "\n" PIN "\n");
	}
	elfmap_handle__close(handle);
}
END_TEST

Suite *handle_pins_suite(void)
{
	Suite *suite = suite_of("handle_pins", test_pin, test_relative, test_unpin_all,
				test_link_to_pin, test_bad_paths, test_directories_taken_back,
				test_odd_names, test_mounts, test_search, test_no_proc);

	add_loop_test(suite, test_something_else, NR_OBSTACLES);
	add_loop_test(suite, test_modes, 5);
	add_loop_test(suite, test_shortage, NR_NEEDING);
	return suite;
}
