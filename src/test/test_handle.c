// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Handles of maps: made in every way, and what they tell. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "handle.h"
#include "test/handles.h"
#include "test/kernel.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/shortage.h"
#include "test/tests.h"

#define PIN BPFFS "/held"

/* --- making -------------------------------------------------------------------------------- */

/* One map, and all that a handle of it can be made from. */
struct source {
	struct elfmap_object *object;
	const struct elfmap_map *map;
	int fd;
	__u32 id;
	struct elfmap_handle *handle;
};

static struct source make_source(void)
{
	struct source source = { .object = open_name("def16") };

	ck_assert_int_eq(elfmap_object__load(source.object), 0);
	source.map = elfmap_object__next_map(source.object, NULL);
	source.fd = fcntl(elfmap_map__fd(source.map), F_DUPFD_CLOEXEC, 3);
	source.id = map_info(source.fd).id;
	ck_assert_int_eq(bpf_obj_pin(source.fd, PIN), 0);
	source.handle = elfmap_handle__open_id(source.id);
	ck_assert_ptr_nonnull(source.handle);
	return source;
}

static void release_source(struct source *source)
{
	elfmap_object__close(source->object);
	close(source->fd);
	unlink(PIN);
	elfmap_handle__close(source->handle);
}

static struct elfmap_handle *by_map(const struct source *source)
{
	return elfmap_handle__open_map(source->map);
}

static struct elfmap_handle *by_fd(const struct source *source)
{
	return elfmap_handle__open_fd(source->fd);
}

static struct elfmap_handle *by_id(const struct source *source)
{
	return elfmap_handle__open_id(source->id);
}

static struct elfmap_handle *by_pin(const struct source *source)
{
	(void)source;
	return elfmap_handle__open_pinned(PIN);
}

static struct elfmap_handle *by_clone(const struct source *source)
{
	return elfmap_handle__clone(source->handle);
}

static struct elfmap_handle *(*const ways[])(const struct source *source) = {
	by_map, by_fd, by_id, by_pin, by_clone,
};
#define NR_WAYS (sizeof(ways) / sizeof(ways[0]))

/* End the test unless the handle says of its map what the kernel does. */
static void assert_described(const struct elfmap_handle *handle)
{
	struct bpf_map_info info = map_info(elfmap_handle__fd(handle));
	size_t cpus = (size_t)libbpf_num_possible_cpus(), value = info.value_size;
	bool is_percpu = strstr(libbpf_bpf_map_type_str((enum bpf_map_type)info.type), "percpu_");

	ck_assert_uint_eq(elfmap_handle__id(handle), info.id);
	ck_assert_str_eq(elfmap_handle__name(handle), info.name);
	ck_assert_uint_eq(elfmap_handle__type(handle), info.type);
	ck_assert_uint_eq(elfmap_handle__key_size(handle), info.key_size);
	ck_assert_uint_eq(elfmap_handle__value_size(handle), info.value_size);
	ck_assert_uint_eq(elfmap_handle__max_entries(handle), info.max_entries);
	ck_assert_uint_eq(elfmap_handle__map_flags(handle), info.map_flags);
	ck_assert_uint_eq(elfmap_handle__map_extra(handle), info.map_extra);
	ck_assert_uint_eq(elfmap_handle__ifindex(handle), info.ifindex);
	ck_assert_uint_eq(elfmap_handle__btf_key_type_id(handle), info.btf_key_type_id);
	ck_assert_uint_eq(elfmap_handle__btf_value_type_id(handle), info.btf_value_type_id);
	ck_assert_uint_eq(elfmap_handle__value_buffer_size(handle),
			  is_percpu ? (value + 7) / 8 * 8 * cpus : value);
}

static void assert_pinned_only_at(const struct elfmap_handle *handle, const char *path)
{
	char **paths;

	ck_assert_int_eq(elfmap_handle__pin_paths(handle, &paths), 1);
	ck_assert_str_eq(paths[0], path);
	ck_assert_ptr_null(paths[1]);
	free(paths);
}

/* Made in whatever way, it tells the same; its descriptor is its own, and goes with it. */
START_TEST(test_ways)
{
	size_t descriptors;
	struct source source;
	struct elfmap_handle *handle;
	int fd;

	enter_kernel();
	source = make_source();
	descriptors = count_descriptors();
	handle = ways[_i](&source);
	ck_assert_ptr_nonnull(handle);
	fd = elfmap_handle__fd(handle);
	ck_assert_uint_eq(map_info(fd).id, source.id);
	ck_assert_uint_eq(count_descriptors(), descriptors + 1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_uint_eq(handle->info.id, source.id);
	assert_described(handle);
	ck_assert_mem_eq(&handle->info, &source.handle->info, sizeof(handle->info));
	assert_pinned_only_at(handle, PIN);
	elfmap_handle__close(handle);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	release_source(&source);
	elfmap_handle__close(NULL);
}
END_TEST

/* The map lives as long as any handle, whatever that came from. */
START_TEST(test_outlives)
{
	struct elfmap_handle *handle, *last;
	struct source source;
	__u32 key = 0, size;
	char value[256] = "kept", read[256];

	enter_kernel();
	source = make_source();
	handle = ways[_i](&source);
	ck_assert_ptr_nonnull(handle);
	size = elfmap_handle__value_size(handle);
	ck_assert_uint_le(size, sizeof(value));
	ck_assert_int_eq(elfmap_handle__update(handle, &key, sizeof(key), value, size, 0), 0);
	release_source(&source);
	last = elfmap_handle__clone(handle);
	elfmap_handle__close(handle);
	assert_described(last);
	ck_assert_int_eq(elfmap_handle__lookup(last, &key, sizeof(key), read, size, 0), 0);
	ck_assert_mem_eq(read, value, size);
	ck_assert_int_eq(elfmap_handle__is_pinned(last), 0);
	ck_assert(map_exists(source.id));
	elfmap_handle__close(last);
	wait_until(!map_exists(source.id));
}
END_TEST

/* Those of stdin, stdout and stderr are left free where they are closed. */
START_TEST(test_low_descriptors)
{
	struct elfmap_handle *handle;
	struct source source;
	int saved[3];

	enter_kernel();
	source = make_source();
	for (int i = 0; i < 3; i++) {
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 3);
		close(i);
	}
	handle = ways[_i](&source);
	for (int i = 0; i < 3; i++) {
		int is_free = fcntl(i, F_GETFD) < 0;

		dup2(saved[i], i);
		close(saved[i]);
		ck_assert_msg(is_free, "descriptor %d was taken", i);
	}
	ck_assert_ptr_nonnull(handle);
	ck_assert_int_gt(elfmap_handle__fd(handle), 2);
	ck_assert_int_eq(fcntl(elfmap_handle__fd(handle), F_GETFD), FD_CLOEXEC);
	elfmap_handle__close(handle);
	release_source(&source);
}
END_TEST

/* With each number of descriptors that is too few, and the first that suffices. */
START_TEST(test_shortage)
{
	struct elfmap_handle *handle = NULL;
	struct source source;
	size_t descriptors;

	enter_kernel();
	source = make_source();
	descriptors = count_descriptors();
	for (size_t room = 0; !handle; room++) {
		struct rlimit before = leave_room(room);

		collect_messages();
		errno = 0;
		handle = ways[_i](&source);
		end_shortage(before);
		ck_assert_int_eq(!handle, room < 1);
		if (handle)
			continue;
		ck_assert_int_eq(errno, EMFILE);
		assert_one_error("cannot open the map", strerror(EMFILE));
		ck_assert_uint_eq(count_descriptors(), descriptors);
	}
	elfmap_handle__close(handle);
	release_source(&source);
}
END_TEST

#define assert_no_handle(made, error, ...)                                                \
	do {                                                                              \
		size_t before = count_descriptors();                                      \
		collect_messages();                                                       \
		errno = 0;                                                                \
		ck_assert_ptr_null(made);                                                 \
		ck_assert_msg(errno == (error), "errno %d, not %d", errno, (int)(error)); \
		assert_one_error(__VA_ARGS__);                                            \
		ck_assert_uint_eq(count_descriptors(), before);                           \
	} while (0)

START_TEST(test_no_map)
{
	const char *file = scratch_file("file", "text", 4);
	int program, plain;

	enter_kernel();
	program = make_program();
	plain = open(file, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(bpf_obj_pin(program, BPFFS "/program"), 0);
	assert_no_handle(elfmap_handle__open_fd(-1), EBADF, "descriptor -1");
	assert_no_handle(elfmap_handle__open_fd(900), EBADF, "descriptor 900");
	assert_no_handle(elfmap_handle__open_fd(plain), EINVAL, "not a map's");
	assert_no_handle(elfmap_handle__open_fd(program), EINVAL, "not a map's", "descriptor");
	assert_no_handle(elfmap_handle__open_id(0), ENOENT, "map id 0");
	assert_no_handle(elfmap_handle__open_id(0xffffffff), ENOENT, "map id 4294967295");
	assert_no_handle(elfmap_handle__open_pinned(BPFFS "/none"), ENOENT, BPFFS "/none");
	assert_no_handle(elfmap_handle__open_pinned(""), ENOENT, strerror(ENOENT));
	assert_no_handle(elfmap_handle__open_pinned(BPFFS "/program"), EINVAL, "not a map's",
			 BPFFS "/program");
	assert_no_handle(elfmap_handle__open_pinned(BPFFS), EACCES, BPFFS);
	assert_no_handle(elfmap_handle__open_pinned(file), EACCES, file, "not on a bpffs");
	close(plain);
	close(program);
}
END_TEST

/* A map that is not loaded is no error that wants words. */
START_TEST(test_before_load)
{
	struct elfmap_object *object = open_name("counter");

	errno = 0;
	ck_assert_ptr_null(elfmap_handle__open_map(map_of(object, "packets")));
	ck_assert_int_eq(errno, ENOENT);
	elfmap_object__close(object);
}
END_TEST

/* --- rights -------------------------------------------------------------------------------- */

/* A pin that this process may only read gives a handle that reads, and clones that do. */
START_TEST(test_readable_pin)
{
	struct elfmap_handle *handle, *clone, *reading;
	__u32 key = 1;
	__u64 value = 9;

	enter_kernel();
	handle = make_handle(&made_array);
	set_value(handle, key, 8);
	ck_assert_int_eq(elfmap_handle__pin(handle, PIN), 0);
	ck_assert_int_eq(chmod(BPFFS, 0755), 0);
	ck_assert_int_eq(chmod(PIN, 0444), 0);
	become(NOBODY);
	reading = elfmap_handle__open_pinned(PIN);
	ck_assert_ptr_nonnull(reading);
	clone = elfmap_handle__clone(reading);
	assert_described(clone);
	ck_assert_uint_eq(value_at(reading, key), 8);
	ck_assert_uint_eq(value_at(clone, key), 8);
	ck_assert_int_eq(elfmap_handle__update(clone, &key, sizeof(key), &value, sizeof(value), 0),
			 -EPERM);
	assert_pinned_only_at(clone, PIN);
	assert_no_handle(elfmap_handle__open_id(elfmap_handle__id(clone)), EPERM, "CAP_");
	become(0);
	ck_assert_int_eq(chmod(PIN, 0), 0);
	become(NOBODY);
	assert_no_handle(elfmap_handle__open_pinned(PIN), EACCES, PIN, "access to that path");
	/* others' eyes may see more */
	ck_assert_int_eq(elfmap_handle__is_pinned(clone), 0);
	become(0);
	ck_assert_int_eq(elfmap_handle__is_pinned(clone), 1);
	elfmap_handle__close(handle);
	elfmap_handle__close(clone);
	elfmap_handle__close(reading);
}
END_TEST

/* A descriptor's rights are the handle's. */
START_TEST(test_rights_of_descriptor)
{
	LIBBPF_OPTS(bpf_obj_get_opts, reading, .file_flags = BPF_F_RDONLY);
	LIBBPF_OPTS(bpf_obj_get_opts, writing, .file_flags = BPF_F_WRONLY);
	struct elfmap_handle *whole, *reader, *writer;
	__u64 value = 3;
	__u32 key = 0;
	int fds[2];

	enter_kernel();
	whole = make_handle(&made_array);
	ck_assert_int_eq(elfmap_handle__pin(whole, PIN), 0);
	fds[0] = bpf_obj_get_opts(PIN, &reading);
	fds[1] = bpf_obj_get_opts(PIN, &writing);
	reader = elfmap_handle__open_fd(fds[0]);
	writer = elfmap_handle__open_fd(fds[1]);
	ck_assert(reader && writer);
	assert_described(writer);
	ck_assert_int_eq(elfmap_handle__update(reader, &key, 4, &value, 8, 0), -EPERM);
	ck_assert_int_eq(elfmap_handle__freeze(reader), -EPERM);
	ck_assert_int_eq(elfmap_handle__update(writer, &key, 4, &value, 8, 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(writer, &key, 4, &value, 8, 0), -EPERM);
	ck_assert_uint_eq(value_at(reader, key), 3);
	close(fds[0]);
	close(fds[1]);
	elfmap_handle__close(whole);
	elfmap_handle__close(reader);
	elfmap_handle__close(writer);
}
END_TEST

/* --- describing ---------------------------------------------------------------------------- */

/* Each type of map that an object can have. */
START_TEST(test_descriptions)
{
	static const char *const names[] = { "types", "nested", "tailcalls", "types.btf" };
	struct elfmap_object *object;
	struct elfmap_map *map = NULL;
	size_t count = 0;

	enter_kernel();
	object = open_name(names[_i]);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	while ((map = elfmap_object__next_map(object, map))) {
		struct elfmap_handle *handle = elfmap_handle__open_map(map);

		ck_assert_ptr_nonnull(handle);
		assert_described(handle);
		ck_assert_uint_eq(elfmap_handle__type(handle), elfmap_map__def(map)->type);
		elfmap_handle__close(handle);
		count++;
	}
	ck_assert_uint_ge(count, 3);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_map_extra)
{
	const struct made_map bloom = { BPF_MAP_TYPE_BLOOM_FILTER, "bloom", 0, 4, 8, 0, 7, 0 };
	const struct made_map array = { BPF_MAP_TYPE_ARRAY, "wide", 4, 8, 2, BPF_F_MMAPABLE, 0, 0 };
	struct elfmap_handle *handle;

	enter_kernel();
	handle = make_handle(&bloom);
	ck_assert_uint_eq(elfmap_handle__map_extra(handle), 7);
	assert_described(handle);
	elfmap_handle__close(handle);
	handle = make_handle(&array);
	ck_assert_uint_eq(elfmap_handle__map_flags(handle), BPF_F_MMAPABLE);
	ck_assert_str_eq(elfmap_handle__name(handle), "wide");
	elfmap_handle__close(handle);
}
END_TEST

/* Asked of the kernel each time, whoever froze it. */
START_TEST(test_freeze)
{
	struct elfmap_handle *handle, *clone;
	__u64 value = 6;
	__u32 key = 1;

	enter_kernel();
	handle = make_handle(&made_array);
	clone = elfmap_handle__clone(handle);
	set_value(handle, key, 5);
	ck_assert_int_eq(elfmap_handle__is_frozen(handle), 0);
	ck_assert_int_eq(elfmap_handle__freeze(clone), 0);
	ck_assert_int_eq(elfmap_handle__is_frozen(handle), 1);
	ck_assert_int_eq(elfmap_handle__is_frozen(clone), 1);
	ck_assert_int_eq(elfmap_handle__freeze(handle), -EPERM);
	ck_assert_int_eq(elfmap_handle__update(handle, &key, 4, &value, 8, 0), -EPERM);
	ck_assert_uint_eq(value_at(handle, key), 5);
	elfmap_handle__close(handle);
	elfmap_handle__close(clone);
}
END_TEST

START_TEST(test_frozen_unknown)
{
	struct elfmap_handle *handle;
	size_t descriptors;
	struct rlimit before;
	int frozen;

	enter_kernel();
	handle = make_handle(&made_array);
	descriptors = count_descriptors();
	before = leave_room(0);
	frozen = elfmap_handle__is_frozen(handle);
	end_shortage(before);
	ck_assert_int_eq(frozen, -EMFILE);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	mount_tmpfs("/proc");
	ck_assert_int_eq(elfmap_handle__is_frozen(handle), -ENOENT);
	ck_assert_int_eq(umount("/proc"), 0);
	elfmap_handle__close(handle);
}
END_TEST

Suite *handle_suite(void)
{
	Suite *suite = suite_of("handle", test_no_map, test_before_load, test_readable_pin,
				test_rights_of_descriptor, test_map_extra, test_freeze,
				test_frozen_unknown);

	add_loop_test(suite, test_ways, NR_WAYS);
	add_loop_test(suite, test_outlives, NR_WAYS);
	add_loop_test(suite, test_low_descriptors, NR_WAYS);
	add_loop_test(suite, test_shortage, NR_WAYS);
	add_loop_test(suite, test_descriptions, 4);
	return suite;
}
