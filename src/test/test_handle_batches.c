// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Entries of maps by their handles, many at a time. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "test/handles.h"
#include "test/setup.h"
#include "test/tests.h"

#define MANY 1000

static const struct made_map big[] = {
	{ BPF_MAP_TYPE_HASH, "big", 4, 8, MANY, 0, 0, 0 },
	{ BPF_MAP_TYPE_ARRAY, "big", 4, 8, MANY, 0, 0, 0 },
};

static __u32 keys[MANY + 1];
static __u64 values[MANY + 1];

static void fill_numbers(void)
{
	for (__u32 i = 0; i <= MANY; i++) {
		keys[i] = i;
		values[i] = 3 * i + 1;
	}
}

static struct elfmap_handle *make_full(const struct made_map *map)
{
	struct elfmap_handle *handle = make_handle(map);
	__u32 count = MANY;

	fill_numbers();
	ck_assert_int_eq(elfmap_handle__update_batch(handle, keys, values, &count, NULL), 0);
	ck_assert_uint_eq(count, MANY);
	return handle;
}

/* Count each entry that a call has given. */
static void tick(unsigned char *seen, const __u32 *got_keys, const __u64 *got, __u32 count)
{
	for (__u32 i = 0; i < count; i++) {
		ck_assert_uint_lt(got_keys[i], MANY);
		ck_assert_uint_eq(got[i], 3 * got_keys[i] + 1);
		ck_assert_int_eq(seen[got_keys[i]]++, 0);
	}
}

typedef int (*batch_fn)(const struct elfmap_handle *, void *, void *, void *, void *, __u32 *,
			const struct bpf_map_batch_opts *);

/* All entries in pieces of at most 64, each once. */
static void read_in_pieces(const struct elfmap_handle *handle, batch_fn batch)
{
	unsigned char seen[MANY] = { 0 };
	__u32 got_keys[64], position, count, total = 0;
	bool is_first = true;
	__u64 got[64];
	int err;

	do {
		count = 64;
		err = batch(handle, is_first ? NULL : &position, &position, got_keys, got, &count,
			    NULL);
		is_first = false;
		ck_assert_msg(!err || err == -ENOENT, "%s", strerror(-err));
		ck_assert_uint_le(count, 64);
		tick(seen, got_keys, got, count);
		total += count;
	} while (!err);
	ck_assert_uint_eq(total, MANY);
}

START_TEST(test_batches)
{
	struct elfmap_handle *handle;
	__u32 count = MANY, key;

	enter_kernel();
	handle = make_full(&big[_i]);
	ck_assert_uint_eq(value_at(handle, MANY - 1), 3 * (MANY - 1) + 1);
	read_in_pieces(handle, elfmap_handle__lookup_batch);
	if (_i) {
		ck_assert_int_eq(elfmap_handle__delete_batch(handle, keys, &count, NULL), -ENOTSUP);
		ck_assert_uint_eq(count, 0);
	} else {
		ck_assert_int_eq(elfmap_handle__delete_batch(handle, keys, &count, NULL), 0);
		ck_assert_uint_eq(count, MANY);
		ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &key, 4), -ENOENT);
	}
	elfmap_handle__close(handle);
}
END_TEST

START_TEST(test_batches_that_empty)
{
	struct elfmap_handle *handle;
	__u32 key;

	enter_kernel();
	handle = make_full(&big[0]);
	read_in_pieces(handle, elfmap_handle__lookup_and_delete_batch);
	ck_assert_int_eq(elfmap_handle__next_key(handle, NULL, &key, 4), -ENOENT);
	elfmap_handle__close(handle);
}
END_TEST

/* More than fit: those before are in, and *count is their number. */
START_TEST(test_batch_overflow)
{
	struct elfmap_handle *handle;
	__u32 count = MANY + 1;

	enter_kernel();
	handle = make_handle(&big[_i]);
	fill_numbers();
	ck_assert_int_eq(elfmap_handle__update_batch(handle, keys, values, &count, NULL), -E2BIG);
	ck_assert_uint_eq(count, MANY);
	for (__u32 i = 0; i < MANY; i++)
		ck_assert_uint_eq(value_at(handle, i), values[i]);
	elfmap_handle__close(handle);
}
END_TEST

START_TEST(test_batch_errors)
{
	LIBBPF_OPTS(bpf_map_batch_opts, lock, .elem_flags = BPF_F_LOCK);
	LIBBPF_OPTS(bpf_map_batch_opts, odd, .elem_flags = 1 << 20);
	struct bpf_map_batch_opts short_opts = { .sz = 1 };
	struct elfmap_handle *handle;
	__u32 count = 3, position;

	enter_kernel();
	handle = make_handle(&made_hash);
	fill_numbers();
	/* the kernel leaves the count alone at these */
	ck_assert_int_eq(elfmap_handle__update_batch(handle, keys, values, &count, &odd), -EINVAL);
	ck_assert_uint_eq(count, 0);
	count = 3;
	ck_assert_int_eq(elfmap_handle__update_batch(handle, keys, values, &count, &lock), -EINVAL);
	ck_assert_uint_eq(count, 0);
	count = 3;
	ck_assert_int_eq(elfmap_handle__delete_batch(handle, keys, &count, &short_opts), -EINVAL);
	ck_assert_uint_eq(count, 0);
	/* an empty map */
	count = 3;
	ck_assert_int_eq(elfmap_handle__lookup_batch(handle, NULL, &position, keys, values, &count,
						     NULL),
			 -ENOENT);
	ck_assert_uint_eq(count, 0);
	/* the second key is not in it */
	set_value(handle, 0, 1);
	set_value(handle, 2, 1);
	count = 3;
	fill_numbers();
	ck_assert_int_eq(elfmap_handle__delete_batch(handle, keys, &count, NULL), -ENOENT);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(value_at(handle, 2), 1);
	elfmap_handle__close(handle);
}
END_TEST

/* As many as there are: a hash sees that this is the end, an array when it is asked again. */
START_TEST(test_batch_exact)
{
	struct elfmap_handle *handle;
	__u32 count = MANY, position;
	int err;

	enter_kernel();
	handle = make_full(&big[_i]);
	memset(values, 0, sizeof(values));
	err = elfmap_handle__lookup_batch(handle, NULL, &position, keys, values, &count, NULL);
	ck_assert_int_eq(err, _i ? 0 : -ENOENT);
	ck_assert_uint_eq(count, MANY);
	for (size_t i = 0; i < MANY; i++)
		ck_assert_uint_eq(values[i], 3 * keys[i] + 1);
	if (!err)
		err = elfmap_handle__lookup_batch(handle, &position, &position, keys, values,
						  &count, NULL);
	ck_assert_int_eq(err, -ENOENT);
	ck_assert_uint_eq(count, _i ? 0 : MANY);
	elfmap_handle__close(handle);
}
END_TEST

Suite *handle_batches_suite(void)
{
	Suite *suite = suite_of("handle_batches", test_batches_that_empty, test_batch_errors);

	add_loop_test(suite, test_batches, 2);
	add_loop_test(suite, test_batch_overflow, 2);
	add_loop_test(suite, test_batch_exact, 2);
	return suite;
}
