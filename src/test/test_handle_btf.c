// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The kernel's BTF of the maps of handles. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "handle.h"
#include "test/handles.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/shortage.h"
#include "test/tests.h"

static const char *type_name_of(const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	ck_assert_ptr_nonnull(type);
	return btf__name_by_offset(btf, type->name_off);
}

/* Of an object as it is, and of its conversion. */
START_TEST(test_btf)
{
	struct test_object original = object_load("annotated.btf"), converted = convert(&original);
	struct elfmap_handle *talkers, *clone, *plain;
	struct elfmap_object *object;
	struct btf *btf;

	enter_kernel();
	object = open_object(_i ? &converted : &original, NULL);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	talkers = elfmap_handle__open_map(map_of(object, "talkers"));
	plain = elfmap_handle__open_map(map_of(object, "plain"));
	elfmap_object__close(object);
	clone = elfmap_handle__clone(talkers);
	elfmap_handle__close(talkers);
	btf = elfmap_handle__btf(clone);
	ck_assert_ptr_nonnull(btf);
	ck_assert_str_eq(type_name_of(btf, elfmap_handle__btf_key_type_id(clone)), "peer");
	ck_assert_str_eq(type_name_of(btf, elfmap_handle__btf_value_type_id(clone)), "usage");
	elfmap_handle__close(clone);
	/* the caller's own */
	ck_assert_int_gt(btf__find_by_name(btf, "usage"), 0);
	btf__free(btf);
	ck_assert_uint_eq(elfmap_handle__btf_key_type_id(plain), 0);
	elfmap_handle__close(plain);
	object_free(&original);
	object_free(&converted);
}
END_TEST

START_TEST(test_no_btf)
{
	struct elfmap_handle *handle;

	enter_kernel();
	handle = make_handle(&made_array);
	collect_messages();
	errno = 0;
	ck_assert_ptr_null(elfmap_handle__btf(handle));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 0);
	elfmap_handle__close(handle);
}
END_TEST

START_TEST(test_btf_shortage)
{
	struct elfmap_object *object;
	struct elfmap_handle *handle;
	size_t descriptors;
	struct rlimit before;
	struct btf *btf;

	enter_kernel();
	object = open_name("annotated.btf");
	ck_assert_int_eq(elfmap_object__load(object), 0);
	handle = elfmap_handle__open_map(map_of(object, "talkers"));
	collect_messages();
	descriptors = count_descriptors();
	before = leave_room(0);
	errno = 0;
	btf = elfmap_handle__btf(handle);
	end_shortage(before);
	ck_assert_ptr_null(btf);
	ck_assert_int_eq(errno, EMFILE);
	assert_one_error("map \"talkers\"", "BTF", strerror(EMFILE));
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_handle__close(handle);
	elfmap_object__close(object);
}
END_TEST

/*
 * struct_ops maps are for kernels with BTF of their own: a description as they would give it, with
 * the id of another BTF where that of the kernel's would be.
 */
START_TEST(test_struct_ops)
{
	struct btf *made = btf__new_empty(), *read;
	struct bpf_btf_info info = { 0 };
	struct elfmap_handle *handle;
	__u32 size = sizeof(info);
	int type;

	enter_kernel();
	type = btf__add_struct(made, "operations", 4);
	ck_assert_int_eq(btf__load_into_kernel(made), 0);
	ck_assert_int_eq(bpf_obj_get_info_by_fd(btf__fd(made), &info, &size), 0);
	handle = make_handle(&made_array);
	handle->info.btf_vmlinux_value_type_id = (__u32)type;
	memcpy((char *)&handle->info.map_extra - sizeof(info.id), &info.id, sizeof(info.id));
	ck_assert_uint_eq(elfmap_handle__btf_value_type_id(handle), (__u32)type);
	read = elfmap_handle__btf(handle);
	ck_assert_ptr_nonnull(read);
	ck_assert_str_eq(type_name_of(read, (__u32)type), "operations");
	btf__free(read);
	btf__free(made);
	elfmap_handle__close(handle);
}
END_TEST

Suite *handle_btf_suite(void)
{
	Suite *suite = suite_of("handle_btf", test_no_btf, test_btf_shortage, test_struct_ops);

	add_loop_test(suite, test_btf, 2);
	return suite;
}
