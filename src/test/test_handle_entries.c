// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Entries of maps by their handles, one at a time, in maps of many types. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/handles.h"
#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/shortage.h"
#include "test/tests.h"

/* an LPM trie's key */
struct prefix {
	__u32 length;
	__u8 address[4];
};

static int lookup(const struct elfmap_handle *handle, __u32 key, __u64 *value)
{
	return elfmap_handle__lookup(handle, &key, sizeof(key), value, sizeof(*value), 0);
}

static int update(const struct elfmap_handle *handle, __u32 key, __u64 value, __u64 flags)
{
	return elfmap_handle__update(handle, &key, sizeof(key), &value, sizeof(value), flags);
}

static int remove_key(const struct elfmap_handle *handle, __u32 key)
{
	return elfmap_handle__delete(handle, &key, sizeof(key), 0);
}

static int take(const struct elfmap_handle *handle, __u32 key, __u64 *value)
{
	return elfmap_handle__lookup_and_delete(handle, &key, sizeof(key), value, sizeof(*value),
						0);
}

START_TEST(test_hash)
{
	const struct made_map small = { BPF_MAP_TYPE_HASH, "small", 4, 8, 2, 0, 0, 0 };
	struct elfmap_handle *handle;
	__u32 first = 0, second = 0;
	__u64 value = 77;

	enter_kernel();
	handle = make_handle(&small);
	ck_assert_int_eq(lookup(handle, 1, &value), -ENOENT);
	ck_assert_uint_eq(value, 77);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &first, 4), -ENOENT);
	ck_assert_int_eq(update(handle, 1, 10, BPF_EXIST), -ENOENT);
	ck_assert_int_eq(update(handle, 1, 10, BPF_NOEXIST), 0);
	ck_assert_int_eq(update(handle, 1, 11, BPF_NOEXIST), -EEXIST);
	ck_assert_uint_eq(value_at(handle, 1), 10);
	ck_assert_uint_eq(map_counter(elfmap_handle__fd(handle), 1), 10);
	ck_assert_int_eq(update(handle, 2, 20, BPF_ANY), 0);
	ck_assert_int_eq(update(handle, 3, 30, BPF_ANY), -E2BIG);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &first, 4), 0);
	ck_assert_int_eq(elfmap_handle__next_key(handle, &first, &second, 4), 0);
	ck_assert_uint_eq(first + second, 3);
	ck_assert_int_eq(elfmap_handle__next_key(handle, &second, &second, 4), -ENOENT);
	ck_assert_int_eq(take(handle, 1, &value), 0);
	ck_assert_uint_eq(value, 10);
	ck_assert_int_eq(take(handle, 1, &value), -ENOENT);
	ck_assert_int_eq(remove_key(handle, 2), 0);
	ck_assert_int_eq(remove_key(handle, 2), -ENOENT);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &first, 4), -ENOENT);
	ck_assert_int_eq(update(handle, 1, 1, 1 << 20), -EINVAL);
	elfmap_handle__close(handle);
}
END_TEST

START_TEST(test_array)
{
	struct elfmap_handle *handle;
	__u64 value;
	__u32 key = 0;

	enter_kernel();
	handle = make_handle(&made_array);
	ck_assert_uint_eq(value_at(handle, 15), 0);
	ck_assert_int_eq(update(handle, 15, 5, BPF_ANY), 0);
	ck_assert_uint_eq(value_at(handle, 15), 5);
	ck_assert_int_eq(lookup(handle, 16, &value), -ENOENT);
	ck_assert_int_eq(update(handle, 16, 5, BPF_ANY), -E2BIG);
	ck_assert_int_eq(update(handle, 1, 5, BPF_NOEXIST), -EEXIST);
	ck_assert_int_eq(remove_key(handle, 15), -EINVAL);
	ck_assert_int_eq(take(handle, 15, &value), -ENOTSUP);
	for (__u32 i = 0; i < 16; i++) {
		ck_assert_int_eq(elfmap_handle__next_key(handle, i ? &key : NULL, &key, 4), 0);
		ck_assert_uint_eq(key, i);
	}
	ck_assert_int_eq(elfmap_handle__next_key(handle, &key, &key, 4), -ENOENT);
	elfmap_handle__close(handle);
}
END_TEST

static const struct made_map percpu[] = {
	{ BPF_MAP_TYPE_PERCPU_ARRAY, "percpu", 4, 12, 4, 0, 0, 0 },
	{ BPF_MAP_TYPE_PERCPU_HASH, "percpu", 4, 12, 4, 0, 0, 0 },
	{ BPF_MAP_TYPE_LRU_PERCPU_HASH, "percpu", 4, 12, 64, 0, 0, 0 },
};
#define NR_PERCPU (sizeof(percpu) / sizeof(percpu[0]))

/* A value for each CPU, each of a multiple of 8 bytes; nothing beyond is written. */
START_TEST(test_percpu)
{
	size_t cpus = (size_t)libbpf_num_possible_cpus(), stride = 16, size = cpus * stride;
	unsigned char *values = calloc(cpus + 1, stride), *read = calloc(cpus + 1, stride);
	struct elfmap_handle *handle;
	__u32 key = 3;

	enter_kernel();
	handle = make_handle(&percpu[_i]);
	ck_assert_uint_eq(elfmap_handle__value_buffer_size(handle), size);
	ck_assert_uint_eq(elfmap_handle__value_size(handle), 12);
	for (size_t i = 0; i < cpus; i++)
		memset(values + i * stride, (int)i + 1, 12);
	memset(read + size, 0x5a, stride);
	ck_assert_int_eq(elfmap_handle__update(handle, &key, 4, values, size, 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, read, size, 0), 0);
	for (size_t i = 0; i < cpus; i++)
		ck_assert_mem_eq(read + i * stride, values + i * stride, 12);
	ck_assert_uint_eq(read[size], 0x5a);
	collect_messages();
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, read, 12, 0), -EINVAL);
	assert_one_error("map \"percpu\"", "12 bytes", "for each CPU");
	ck_assert_int_eq(elfmap_handle__update(handle, &key, 4, read, 12 * cpus, 0), -EINVAL);
	elfmap_handle__close(handle);
	free(values);
	free(read);
}
END_TEST

/* How many CPUs there are is in a file, which libbpf reads once. */
START_TEST(test_percpu_shortage)
{
	struct elfmap_handle *handle;
	struct rlimit before;
	size_t descriptors;
	__u64 value[2];
	__u32 key = 3;
	int err;

	enter_kernel();
	handle = make_handle(&percpu[0]);
	descriptors = count_descriptors();
	collect_messages();
	before = leave_room(0);
	err = elfmap_handle__lookup(handle, &key, 4, value, sizeof(value), 0);
	end_shortage(before);
	ck_assert_int_eq(err, -EMFILE);
	assert_one_error("map \"percpu\"", "how many CPUs", strerror(EMFILE));
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_uint_gt(elfmap_handle__value_buffer_size(handle), 0);
	elfmap_handle__close(handle);
}
END_TEST

static int push(const struct elfmap_handle *handle, __u32 value, __u64 flags)
{
	return elfmap_handle__update(handle, NULL, 0, &value, sizeof(value), flags);
}

static __u32 peek(const struct elfmap_handle *handle)
{
	__u32 value = 0;

	ck_assert_int_eq(elfmap_handle__lookup(handle, NULL, 0, &value, sizeof(value), 0), 0);
	return value;
}

static __u32 pop(const struct elfmap_handle *handle)
{
	__u32 value = 0;

	ck_assert_int_eq(
		elfmap_handle__lookup_and_delete(handle, NULL, 0, &value, sizeof(value), 0), 0);
	return value;
}

/* A queue gives the first, a stack the last. */
START_TEST(test_queue_and_stack)
{
	const struct made_map lists[] = {
		{ BPF_MAP_TYPE_QUEUE, "queue", 0, 4, 3, 0, 0, 0 },
		{ BPF_MAP_TYPE_STACK, "stack", 0, 4, 3, 0, 0, 0 },
	};
	struct elfmap_handle *handle;
	__u32 value, key = 0;

	enter_kernel();
	handle = make_handle(&lists[_i]);
	ck_assert_int_eq(elfmap_handle__lookup(handle, NULL, 0, &value, 4, 0), -ENOENT);
	for (__u32 i = 1; i <= 3; i++)
		ck_assert_int_eq(push(handle, i, BPF_ANY), 0);
	ck_assert_int_eq(push(handle, 4, BPF_ANY), -E2BIG);
	ck_assert_int_eq(push(handle, 4, BPF_EXIST), 0);
	ck_assert_uint_eq(peek(handle), _i ? 4 : 2);
	ck_assert_uint_eq(pop(handle), _i ? 4 : 2);
	ck_assert_uint_eq(pop(handle), 3);
	ck_assert_uint_eq(pop(handle), _i ? 2 : 4);
	ck_assert_int_eq(elfmap_handle__lookup_and_delete(handle, NULL, 0, &value, 4, 0), -ENOENT);
	ck_assert_int_lt(elfmap_handle__delete(handle, NULL, 0, 0), 0);
	ck_assert_int_lt(elfmap_handle__next_key(handle, NULL, &key, 0), 0);
	collect_messages();
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, &value, 4, 0), -EINVAL);
	assert_one_error("a key of 4 bytes", "key_size 0");
	elfmap_handle__close(handle);
}
END_TEST

START_TEST(test_bloom_filter)
{
	const struct made_map bloom = { BPF_MAP_TYPE_BLOOM_FILTER, "bloom", 0, 4, 8, 0, 3, 0 };
	__u32 in = 5, out = 6;
	struct elfmap_handle *handle;

	enter_kernel();
	handle = make_handle(&bloom);
	ck_assert_int_eq(push(handle, in, BPF_ANY), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, NULL, 0, &in, 4, 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, NULL, 0, &out, 4, 0), -ENOENT);
	ck_assert_int_eq(elfmap_handle__delete(handle, NULL, 0, 0), -ENOTSUP);
	elfmap_handle__close(handle);
}
END_TEST

/* The longest prefix that matches. */
START_TEST(test_lpm_trie)
{
	const struct made_map trie = {
		BPF_MAP_TYPE_LPM_TRIE, "trie", sizeof(struct prefix), 4, 4, BPF_F_NO_PREALLOC, 0, 0,
	};
	struct prefix wide = { 8, { 10, 0, 0, 0 } }, narrow = { 24, { 10, 1, 2, 0 } };
	struct prefix address = { 32, { 10, 1, 2, 3 } }, next;
	__u32 value = 1, read;
	struct elfmap_handle *handle;

	enter_kernel();
	handle = make_handle(&trie);
	ck_assert_int_eq(elfmap_handle__update(handle, &wide, sizeof(wide), &value, 4, 0), 0);
	value = 2;
	ck_assert_int_eq(elfmap_handle__update(handle, &narrow, sizeof(wide), &value, 4, 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &address, sizeof(wide), &read, 4, 0), 0);
	ck_assert_uint_eq(read, 2);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &next, sizeof(next)), 0);
	ck_assert_mem_eq(&next, &narrow, sizeof(next));
	ck_assert_int_eq(elfmap_handle__next_key(handle, &next, &next, sizeof(next)), 0);
	ck_assert_mem_eq(&next, &wide, sizeof(next));
	ck_assert_int_eq(elfmap_handle__delete(handle, &narrow, sizeof(wide), 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &address, sizeof(wide), &read, 4, 0), 0);
	ck_assert_uint_eq(read, 1);
	elfmap_handle__close(handle);
}
END_TEST

/* Takes a descriptor, and gives an id, which in turn gives a handle. */
START_TEST(test_map_of_maps)
{
	struct made_map outer = { BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", 4, 4, 2, 0, 0, 0 };
	struct elfmap_handle *inner, *handle, *found;
	__u32 key = 1, id = 0;
	int fd;

	enter_kernel();
	if (_i)
		outer.type = BPF_MAP_TYPE_HASH_OF_MAPS;
	inner = make_handle(&made_hash);
	outer.inner = fd = elfmap_handle__fd(inner);
	handle = make_handle(&outer);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, &id, 4, 0), -ENOENT);
	ck_assert_int_eq(elfmap_handle__update(handle, &key, 4, &fd, sizeof(fd), 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, &id, 4, 0), 0);
	ck_assert_uint_eq(id, elfmap_handle__id(inner));
	ck_assert_uint_eq(slot_id(elfmap_handle__fd(handle), key), id);
	set_value(inner, 3, 33);
	elfmap_handle__close(inner);
	found = elfmap_handle__open_id(id);
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(value_at(found, 3), 33);
	ck_assert_str_eq(elfmap_handle__name(found), "made_hash");
	elfmap_handle__close(found);
	ck_assert_int_eq(elfmap_handle__delete(handle, &key, 4, 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, &id, 4, 0), -ENOENT);
	elfmap_handle__close(handle);
}
END_TEST

START_TEST(test_prog_array)
{
	const struct made_map array = { BPF_MAP_TYPE_PROG_ARRAY, "jumps", 4, 4, 2, 0, 0, 0 };
	__u32 key = 1, id = 0;
	struct elfmap_handle *handle;
	int program;

	enter_kernel();
	handle = make_handle(&array);
	program = make_program();
	ck_assert_int_eq(elfmap_handle__update(handle, &key, 4, &program, sizeof(program), 0), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, &key, 4, &id, 4, 0), 0);
	ck_assert_uint_eq(id, program_info(program).id);
	ck_assert_int_eq(elfmap_handle__delete(handle, &key, 4, 0), 0);
	ck_assert_uint_eq(slot_id(elfmap_handle__fd(handle), key), 0);
	key = 2;
	ck_assert_int_eq(elfmap_handle__update(handle, &key, 4, &program, sizeof(program), 0),
			 -E2BIG);
	close(program);
	elfmap_handle__close(handle);
}
END_TEST

/* What a type of map has no operation for is the same error whichever call it is. */
START_TEST(test_unsupported)
{
	const struct made_map ring = { BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, 4096, 0, 0, 0 };
	const struct made_map trace = { BPF_MAP_TYPE_STACK_TRACE, "trace", 4, 8, 4, 0, 0, 0 };
	struct elfmap_handle *handle;
	__u32 key = 0, count = 1;
	__u64 value;

	enter_kernel();
	handle = make_handle(&ring);
	ck_assert_uint_eq(elfmap_handle__value_buffer_size(handle), 0);
	ck_assert_int_eq(elfmap_handle__lookup(handle, NULL, 0, &value, 0, 0), -ENOTSUP);
	ck_assert_int_eq(elfmap_handle__update(handle, NULL, 0, &value, 0, 0), -ENOTSUP);
	ck_assert_int_eq(elfmap_handle__delete(handle, NULL, 0, 0), -ENOTSUP);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &key, 0), -ENOTSUP);
	ck_assert_int_eq(elfmap_handle__lookup_batch(handle, NULL, &key, &key, &value, &count,
						     NULL),
			 -ENOTSUP);
	ck_assert_uint_eq(count, 0);
	elfmap_handle__close(handle);
	handle = make_handle(&trace);
	count = 1;
	ck_assert_int_eq(elfmap_handle__update_batch(handle, &key, &value, &count, NULL), -ENOTSUP);
	ck_assert_uint_eq(count, 0);
	elfmap_handle__close(handle);
}
END_TEST

/* Sizes are those of the kernel's description; wrong ones reach no memory. */
START_TEST(test_wrong_sizes)
{
	static const size_t sizes[][2] = { { 0, 8 }, { 3, 8 }, { 8, 8 },
					   { 4, 0 }, { 4, 4 }, { 4, 16 } };
	struct elfmap_handle *handle;
	size_t descriptors;
	__u64 room[2] = { 0 };

	enter_kernel();
	handle = make_handle(&made_hash);
	descriptors = count_descriptors();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t key = sizes[i][0], value = sizes[i][1];
		const char *says = key == 4 ? "expected value_size 8" : "expected key_size 4";

		collect_messages();
		ck_assert_int_eq(elfmap_handle__lookup(handle, room, key, room, value, 0), -EINVAL);
		assert_one_error("map \"made_hash\" (id ", says);
		ck_assert_int_eq(elfmap_handle__update(handle, room, key, room, value, 0), -EINVAL);
		ck_assert_int_eq(elfmap_handle__lookup_and_delete(handle, room, key, room, value,
								  0),
				 -EINVAL);
		ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 3);
		if (key == 4)
			continue;
		ck_assert_int_eq(elfmap_handle__delete(handle, room, key, 0), -EINVAL);
		ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, room, key), -EINVAL);
		ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 5);
	}
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, room, 4), -ENOENT);
	elfmap_handle__close(handle);
}
END_TEST

/* NULL where there is a key is the kernel's to refuse. */
START_TEST(test_no_memory_there)
{
	struct elfmap_handle *handle;
	__u64 value = 0;

	enter_kernel();
	handle = make_handle(&made_hash);
	ck_assert_int_eq(elfmap_handle__lookup(handle, NULL, 4, &value, 8, 0), -EFAULT);
	ck_assert_int_eq(elfmap_handle__update(handle, &value, 4, NULL, 8, 0), -EFAULT);
	ck_assert_int_eq(elfmap_handle__delete(handle, NULL, 4, 0), -EFAULT);
	elfmap_handle__close(handle);
}
END_TEST

Suite *handle_entries_suite(void)
{
	Suite *suite = suite_of("handle_entries", test_hash, test_array, test_bloom_filter,
				test_lpm_trie, test_prog_array, test_unsupported, test_wrong_sizes,
				test_no_memory_there, test_percpu_shortage);

	add_loop_test(suite, test_percpu, NR_PERCPU);
	add_loop_test(suite, test_queue_and_stack, 2);
	add_loop_test(suite, test_map_of_maps, 2);
	return suite;
}
