// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Loaded objects pinned as a whole, all or nothing. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/door.h"
#include "test/forbid.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tracing.h"

#define DIR BPFFS "/all"

static const char *const door_pins[] = { "maps/BLOCKLIST", "maps/COUNTERS", "programs/count_filter",
					 "programs/firewall", "links/door" };
#define NR_DOOR_PINS 5

static __u32 link_id(int fd)
{
	struct bpf_link_info info = { 0 };
	__u32 size = sizeof(info);

	ck_assert_int_eq(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	return info.id;
}

static __u32 link_id_of_pin(const char *path)
{
	int fd CLEANUP(cleanup_fd) = open_pin(path);

	return link_id(fd);
}

static __u32 program_id_of_pin(const char *path)
{
	int fd CLEANUP(cleanup_fd) = open_pin(path);

	return program_info(fd).id;
}

static void assert_door_pinned(const struct elfmap_object *object)
{
	assert_tree("all/\n"
		    "all/door/\n"
		    "all/door/links/\n"
		    "all/door/links/door\n"
		    "all/door/maps/\n"
		    "all/door/maps/BLOCKLIST\n"
		    "all/door/maps/COUNTERS\n"
		    "all/door/programs/\n"
		    "all/door/programs/count_filter\n"
		    "all/door/programs/firewall\n");
	ck_assert_uint_eq(map_info_of_pin(DIR "/door/maps/COUNTERS").id,
			  map_info(elfmap_map__fd(map_of(object, "COUNTERS"))).id);
	ck_assert_uint_eq(map_info_of_pin(DIR "/door/maps/BLOCKLIST").id,
			  map_info(elfmap_map__fd(map_of(object, "BLOCKLIST"))).id);
	ck_assert_uint_eq(program_id_of_pin(DIR "/door/programs/firewall"),
			  program_id(object, "firewall"));
	ck_assert_uint_eq(program_id_of_pin(DIR "/door/programs/count_filter"),
			  program_id(object, "count_filter"));
	ck_assert_uint_eq(link_id_of_pin(DIR "/door/links/door"),
			  link_id(elfmap_link__fd(elfmap_object__next_link(object, NULL))));
}

/* --- pinning ------------------------------------------------------------------------------- */

/* Everything, and it stays when the object goes. */
START_TEST(test_pin)
{
	struct elfmap_object *object;
	size_t descriptors;
	__u32 program;

	enter_kernel();
	descriptors = count_descriptors();
	object = load_door();
	program = attached_xdp_program("veth0");
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	assert_door_pinned(object);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_uint_eq(attached_xdp_program("veth0"), program);
	ck_assert_int_eq(unlink(DIR "/door/links/door"), 0);
	wait_until(!attached_xdp_program("veth0"));
}
END_TEST

/* What is there already is kept: the same files. */
START_TEST(test_pin_again)
{
	struct elfmap_object *object;
	struct stat before, after;

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_int_eq(stat(DIR "/door/maps/COUNTERS", &before), 0);
	ck_assert_int_eq(unlink(DIR "/door/programs/firewall"), 0);
	ck_assert_int_eq(elfmap_object__pin(object, DIR "//"), 0);
	assert_door_pinned(object);
	ck_assert_int_eq(stat(DIR "/door/maps/COUNTERS", &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	/* and elsewhere too */
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS), 0);
	ck_assert_uint_eq(link_id_of_pin(BPFFS "/door/links/door"),
			  link_id_of_pin(DIR "/door/links/door"));
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 0);
	elfmap_object__close(object);
}
END_TEST

/*
 * Maps are pinned by the object's names for them, whatever the kernel's are:
 * iproute2's loader made maps without a name, and callers may use one map
 * twice.
 */
START_TEST(test_other_names)
{
	struct elfmap_object *object;
	int unnamed, twice;

	enter_kernel();
	unnamed = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 8, 6, NULL);
	twice = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "twice", 4, 4, 2, NULL);
	object = open_name("tailcalls");
	ck_assert_int_eq(elfmap_map__reuse_fd(map_of(object, "trace"), unnamed), 0);
	ck_assert_int_eq(elfmap_map__reuse_fd(map_of(object, "steps"), twice), 0);
	ck_assert_int_eq(elfmap_map__reuse_fd(map_of(object, "verdicts"), twice), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_uint_eq(map_info_of_pin(DIR "/buffer/maps/trace").id, map_info(unnamed).id);
	ck_assert_uint_eq(map_info_of_pin(DIR "/buffer/maps/steps").id, map_info(twice).id);
	ck_assert_uint_eq(map_info_of_pin(DIR "/buffer/maps/verdicts").id, map_info(twice).id);
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	elfmap_object__close(object);
	close(unnamed);
	close(twice);
}
END_TEST

/* What is not created has no pin, whoever says so. */
START_TEST(test_not_created)
{
	struct elfmap_object *object;
	struct elfmap_map *map;

	enter_kernel();
	object = open_name("globals");
	map = elfmap_object__next_map(object, NULL);
	ck_assert_int_eq(elfmap_map__set_pin_path(map, "/sys/fs/bpf/none"), 0);
	ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
	ck_assert_int_eq(bpf_map__set_autocreate(elfmap_map__bpf_map(map), false), 0);
	for (struct bpf_program *program = NULL;
	     (program = bpf_object__next_program(elfmap_object__bpf_object(object), program));)
		elfmap_program__set_autoload(program_of(object, bpf_program__name(program)), false);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(elfmap_map__fd(map), -ENOENT);
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_int_lt(bpf_obj_get("/sys/fs/bpf/none"), 0);
	elfmap_object__close(object);
}
END_TEST

/* Maps of global variables are pinned as libbpf names them; names have no dots.
 */
START_TEST(test_global_data)
{
	struct elfmap_object *object;
	struct bpf_map *map;

	enter_kernel();
	object = load_named("globals", "my.object");
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS), 0);
	assert_tree("my_object/\n"
		    "my_object/maps/\n"
		    "my_object/maps/marks\n"
		    "my_object/maps/my_objec_bss\n"
		    "my_object/maps/my_objec_data\n"
		    "my_object/maps/my_objec_rodata\n"
		    "my_object/maps/packets\n"
		    "my_object/programs/\n"
		    "my_object/programs/classify\n");
	map = bpf_object__find_map_by_name(elfmap_object__bpf_object(object), ".bss");
	ck_assert_ptr_nonnull(map);
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/my_object/maps/my_objec_bss").id,
			  map_info(bpf_map__fd(map)).id);
	elfmap_object__close(object);
}
END_TEST

static size_t nr_in_kernel(struct bpf_object *object)
{
	struct bpf_program *program;
	struct bpf_map *map;
	size_t count = 0;

	bpf_object__for_each_map(map, object)
		count += bpf_map__fd(map) >= 0;
	bpf_object__for_each_program(program, object)
		count += bpf_program__fd(program) >= 0;
	return count;
}

static size_t nr_pins(const char *directory)
{
	char *pins CLEANUP(cleanup_free) = list_pins(directory);
	size_t count = 0;

	for (const char *end = pins; (end = strchr(end, '\n')); end++)
		count++;
	return count;
}

static void check_object(const char *name)
{
	struct elfmap_object *object = open_named(name, "whole", 0);
	struct elfmap_program *program = NULL;

	while ((program = elfmap_object__next_program(object, program))) {
		/* this kernel may have no kprobes */
		if (!elfmap_program__type(program) ||
		    elfmap_program__type(program) == BPF_PROG_TYPE_KPROBE)
			elfmap_program__set_autoload(program, false);
	}
	ck_assert_msg(elfmap_object__load(object) == 0, "%s: %s", name, messages(ELFMAP_LOG_ERROR));
	ck_assert_int_eq(elfmap_object__pin(object, BPFFS), 0);
	ck_assert_uint_eq(nr_pins(BPFFS "/whole"), nr_in_kernel(elfmap_object__bpf_object(object)));
	ck_assert_int_eq(elfmap_object__unpin(object, BPFFS), 0);
	assert_tree("");
	elfmap_object__close(object);
}

/* Every object of testdata: as many pins as libbpf made maps and programs. */
START_TEST(test_all_objects)
{
	enter_kernel();
	for (const char *const *name = object_names(); *name; name++) {
		if (object_loads_alone(*name))
			check_object(*name);
	}
}
END_TEST

START_TEST(test_undo_load)
{
	struct elfmap_object *object;

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(mkdir(DIR, 0700), 0);
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	elfmap_object__undo_load(object);
	assert_tree("all/\n");
	wait_until(!attached_xdp_program("veth0"));
	ck_assert_int_eq(elfmap_object__pin(object, DIR), -ENOENT);
	assert_tree("all/\n");
	elfmap_object__close(object);
}
END_TEST

/* --- what fails ---------------------------------------------------------------------------- */

static void assert_pin_fails(struct elfmap_object *object, const char *dir, int error)
{
	size_t descriptors = count_descriptors();
	char *before CLEANUP(cleanup_free) = list_tree(BPFFS);

	collect_messages();
	ck_assert_int_eq(elfmap_object__pin(object, dir), error);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 1);
	assert_tree(before);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}

/* Put something else at a pin's place; returns what a message calls it. */
static const char *obstruct(const struct elfmap_object *object, const char *path, int how)
{
	switch (how) {
	case 0:
		ck_assert_int_eq(mkdir(path, 0700), 0);
		return "a directory";
	case 1:
		ck_assert_int_eq(symlink("nowhere", path), 0);
		return "a symbolic link";
	case 2: {
		int fd CLEANUP(cleanup_fd) =
			bpf_map_create(BPF_MAP_TYPE_ARRAY, "other", 4, 4, 1, NULL);

		ck_assert_int_eq(bpf_obj_pin(fd, path), 0);
		return "which is map ";
	}
	default: {
		int fd = elfmap_program__fd(program_of(object, "count_filter"));

		ck_assert_int_eq(bpf_obj_pin(fd, path), 0);
		return "which is program ";
	}
	}
}

/* Any one of the places is taken, by anything: nothing is pinned, and what is
 * there stays. */
START_TEST(test_place_is_taken)
{
	const char *pin = door_pins[_i / 4];
	char *path CLEANUP(cleanup_free) = NULL, *directory CLEANUP(cleanup_free) = NULL;
	struct elfmap_object *object;
	const char *text;

	if (_i % 4 == 3 && !strcmp(pin, "programs/count_filter"))
		return; /* that is what belongs there */
	enter_kernel();
	object = load_door();
	ck_assert_int_gt(asprintf(&path, BPFFS "/door/%s", pin), 0);
	directory = strdup(path);
	*strrchr(directory, '/') = '\0';
	ck_assert_int_eq(mkdir(BPFFS "/door", 0700), 0);
	ck_assert_int_eq(mkdir(directory, 0700), 0);
	text = obstruct(object, path, _i % 4);
	assert_pin_fails(object, BPFFS, -EEXIST);
	assert_one_error("door: ", strrchr(pin, '/') + 1, path, text, "pin elsewhere");
	elfmap_object__close(object);
}
END_TEST

/* A directory's name is taken: the way to some of the pins is not there. */
START_TEST(test_directory_is_taken)
{
	static const char *const taken[] = { "all", "all/door", "all/door/maps",
					     "all/door/programs", "all/door/links" };
	char *path CLEANUP(cleanup_free) = NULL;
	struct elfmap_object *object;

	enter_kernel();
	object = load_door();
	for (char *slash = (char *)taken[_i]; (slash = strchr(slash, '/')); slash++) {
		char *above CLEANUP(cleanup_free) = NULL;

		ck_assert_int_gt(
			asprintf(&above, BPFFS "/%.*s", (int)(slash - taken[_i]), taken[_i]), 0);
		ck_assert_int_eq(mkdir(above, 0700), 0);
	}
	ck_assert_int_gt(asprintf(&path, BPFFS "/%s", taken[_i]), 0);
	ck_assert_int_eq(bpf_obj_pin(elfmap_map__fd(map_of(object, "COUNTERS")), path), 0);
	assert_pin_fails(object, DIR, -ENOTDIR);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_no_rights)
{
	struct elfmap_object *object;

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(mkdir(DIR, 0700), 0);
	ck_assert_int_eq(mount(NULL, BPFFS, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
	assert_pin_fails(object, DIR, -EROFS);
	assert_one_error("door: ", "cannot make directory " DIR "/door", "Read-only");
	elfmap_object__close(object);
}
END_TEST

/* bpf(2) refuses to pin when the directories are there: they go again. */
START_TEST(test_kernel_refuses)
{
	struct elfmap_object *object;

	enter_kernel();
	object = load_door();
	forbid_bpf(BPF_OBJ_PIN, EPERM);
	assert_pin_fails(object, DIR, -EPERM);
	assert_one_error("door: ", "cannot pin it as " DIR "/door/maps/");
	elfmap_object__close(object);
}
END_TEST

/* Pins that are there cannot be looked at. */
START_TEST(test_no_descriptors)
{
	struct rlimit limit, low;
	struct elfmap_object *object;
	int err;

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_int_eq(unlink(DIR "/door/maps/COUNTERS"), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = 3;
	collect_messages();
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	err = elfmap_object__pin(object, DIR);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_int_eq(err, -EMFILE);
	assert_one_error("door: ", "cannot look at " DIR "/door/");
	ck_assert_int_eq(access(DIR "/door/maps/COUNTERS", F_OK), -1);
	elfmap_object__close(object);
}
END_TEST

/* A link that is none of the kernel's is named, and nothing pinned. */
START_TEST(test_link_without_pin)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_tracing();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	forbid_bpf(BPF_LINK_CREATE, EINVAL);
	ck_assert_ptr_nonnull(elfmap_program__attach(program_of(object, TRACING_PROGRAM)));
	assert_pin_fails(object, DIR, -ENOTSUP);
	assert_one_error("tracing: ", "link \"" TRACING_PROGRAM "\"", "as long as this process");
	/* it has no pin that could be removed */
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	elfmap_object__close(object);
}
END_TEST

static struct elfmap_object *load_renamed(const char *first, const char *second)
{
	struct test_object bytes = object_load("aya28");
	struct elfmap_object *object;

	object_rename_symbol(&bytes, "COUNTERS", first);
	object_rename_symbol(&bytes, "BLOCKLIST", second);
	object = open_object(&bytes, NULL);
	ck_assert_int_eq(elfmap_map__set_pin_path(map_of(object, first), NULL), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	object_free(&bytes);
	return object;
}

/* Names of maps that become one are refused, those of different kinds are none
 * of each other's. */
START_TEST(test_names_meet)
{
	struct elfmap_object *object;

	enter_kernel();
	object = load_renamed("a.b", "a_b");
	assert_pin_fails(object, DIR, -EEXIST);
	assert_one_error("buffer: ", "\"a.b\"", "\"a_b\"", DIR "/buffer/maps/a_b");
	elfmap_object__close(object);
	object = load_renamed("a.b", "firewall");
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_uint_eq(map_info_of_pin(DIR "/buffer/maps/a_b").id,
			  map_info(elfmap_map__fd(map_of(object, "a.b"))).id);
	ck_assert_uint_eq(map_info_of_pin(DIR "/buffer/maps/firewall").id,
			  map_info(elfmap_map__fd(map_of(object, "firewall"))).id);
	elfmap_object__close(object);
}
END_TEST

/* Names of objects and links are the caller's. */
START_TEST(test_bad_names)
{
	static const char *const names[] = { "a/b", "..", "", NULL };
	char longest[258] = "";
	struct elfmap_object *object;
	struct elfmap_link *link;

	enter_kernel();
	memset(longest, 'x', sizeof(longest) - 2);
	for (const char *const *name = names; *name; name++) {
		if (!**name)
			continue; /* libbpf takes none for an object */
		object = load_named("counter", *name);
		assert_pin_fails(object, DIR, -EINVAL);
		assert_one_error("object \"", *name);
		elfmap_object__close(object);
	}
	for (size_t i = 0; i < 4; i++) {
		const char *name = names[i] ? names[i] : longest;

		object = open_tracing();
		ck_assert_int_eq(elfmap_object__load(object), 0);
		link = elfmap_object__add_link(object, name,
					       bpf_program__attach(elfmap_program__bpf_program(
						       program_of(object, TRACING_PROGRAM))));
		ck_assert_ptr_nonnull(link);
		assert_pin_fails(object, DIR, -EINVAL);
		assert_one_error("link \"");
		elfmap_object__close(object);
	}
}
END_TEST

START_TEST(test_bad_places)
{
	struct elfmap_object *object, *unloaded = open_name("counter");

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(elfmap_object__pin(object, NULL), -EINVAL);
	ck_assert_int_eq(elfmap_object__pin(object, ""), -EINVAL);
	assert_pin_fails(object, scratch_directory(), -ENOENT);
	assert_one_error("door: ", scratch_directory(), "not on a bpffs");
	assert_pin_fails(object, BPFFS "/with.dot", -EINVAL);
	assert_pin_fails(unloaded, DIR, -ENOENT);
	assert_one_error("buffer: ", "not loaded");
	ck_assert_int_eq(elfmap_object__unpin(unloaded, DIR), -ENOENT);
	elfmap_object__close(unloaded);
	elfmap_object__close(object);
}
END_TEST

Suite *pin_object_suite(void)
{
	Suite *suite = suite_of("pin_object", test_pin, test_pin_again, test_other_names,
				test_not_created, test_global_data, test_all_objects,
				test_undo_load, test_no_rights, test_kernel_refuses,
				test_no_descriptors, test_link_without_pin, test_names_meet,
				test_bad_names, test_bad_places);

	add_loop_test(suite, test_place_is_taken, NR_DOOR_PINS * 4);
	add_loop_test(suite, test_directory_is_taken, 5);
	return suite;
}
