// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Loading for a device's hardware: what the kernel is asked for. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/bpf_calls.h"
#include "test/loaded.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"

#define DEVICE 7

static void assert_map_asked(const struct bpf_map *map, __u32 ifindex)
{
	struct bpf_call call = bpf_call_of(BPF_MAP_CREATE, bpf_map__name(map));

	ck_assert_uint_eq(call.type, bpf_map__type(map));
	ck_assert_msg(call.ifindex == (call.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ? 0 : ifindex),
		      "map %s of type %u for device %u", bpf_map__name(map), call.type,
		      call.ifindex);
}

/* All that was created was asked for with this device. */
static void assert_asked(struct elfmap_object *object, __u32 ifindex)
{
	struct elfmap_program *program = NULL;
	const struct bpf_map *map;

	bpf_object__for_each_map(map, elfmap_object__bpf_object(object))
		assert_map_asked(map, ifindex);
	while ((program = elfmap_object__next_program(object, program)))
		if (elfmap_program__fd(program) >= 0)
			ck_assert_uint_eq(
				bpf_call_of(BPF_PROG_LOAD, elfmap_program__name(program)).ifindex,
				ifindex);
}

static const char *const objects[] = { "counter",   "types",   "nested",   "nested.btf",
				       "tailcalls", "globals", "mixed.btf" };
#define NR_OBJECTS (sizeof(objects) / sizeof(objects[0]))

/* Each map but perf event arrays, and each program, and nothing else where no device is set. */
START_TEST(test_asked_for)
{
	struct elfmap_object *object;

	enter_kernel();
	for (__u32 device = 0; device <= DEVICE; device += DEVICE) {
		object = open_name(objects[_i]);
		set_missing_types(object);
		ck_assert_int_eq(elfmap_object__set_ifindex(object, device), 0);
		record_bpf_calls();
		ck_assert_int_eq(elfmap_object__load(object), 0);
		assert_asked(object, device);
		elfmap_object__undo_load(object);
		elfmap_object__close(object);
	}
}
END_TEST

/* The last word counts; none is heard after the load. */
START_TEST(test_before_load_only)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__set_ifindex(object, DEVICE), 0);
	ck_assert_ptr_nonnull(elfmap_object__bpf_object(object));
	ck_assert_int_eq(elfmap_object__set_ifindex(object, DEVICE + 1), 0);
	record_bpf_calls();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	assert_asked(object, DEVICE + 1);
	ck_assert_int_eq(elfmap_object__set_ifindex(object, 0), -EBUSY);
	elfmap_object__undo_load(object);
	ck_assert_int_eq(elfmap_object__set_ifindex(object, 0), 0);
	elfmap_object__close(object);
}
END_TEST

/* A pinned map is reused as it is. */
START_TEST(test_reused)
{
	struct elfmap_object *object;
	__u32 id;

	enter_kernel();
	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__load(object), 0);
	id = map_info(elfmap_map__fd(map_of(object, "packets"))).id;
	elfmap_object__close(object);

	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__set_ifindex(object, DEVICE), 0);
	record_bpf_calls();
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_uint_eq(nr_bpf_calls(BPF_MAP_CREATE, "packets"), 0);
	ck_assert_uint_eq(bpf_call_of(BPF_PROG_LOAD, "classify").ifindex, DEVICE);
	ck_assert_uint_eq(map_info(elfmap_map__fd(map_of(object, "packets"))).id, id);
	elfmap_object__close(object);
}
END_TEST

/* What no driver of a veth does is refused, is said with the device's name, and leaves nothing. */
START_TEST(test_no_offload)
{
	static const char *const names[] = { "counter", "nomaps", "tailcalls" };
	struct elfmap_object *object;
	size_t descriptors;
	char *before;

	enter_kernel();
	before = snapshot();
	object = open_name(names[_i]);
	set_missing_types(object);
	if (!strcmp(names[_i], "nomaps")) /* which has another that no kernel takes */
		elfmap_program__set_autoload(program_of(object, "lost"), false);
	descriptors = count_descriptors();
	ck_assert_int_eq(elfmap_object__set_ifindex(object, if_nametoindex("veth0")), 0);
	ck_assert_int_lt(elfmap_object__load(object), 0);
	assert_one_error("buffer: ", "the driver of veth0 has no BPF offload", "skip_sw");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	assert_unchanged(before);

	/* for the kernel itself it loads */
	ck_assert_int_eq(elfmap_object__set_ifindex(object, 0), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
}
END_TEST

/* Nor is there a device of each number. */
START_TEST(test_no_device)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__set_ifindex(object, 12345), 0);
	ck_assert_int_lt(elfmap_object__load(object), 0);
	assert_one_error("buffer: ", "no device has the index 12345");
	elfmap_object__close(object);
}
END_TEST

Suite *offload_suite(void)
{
	Suite *suite = suite_of("offload", test_before_load_only, test_reused, test_no_device);

	add_loop_test(suite, test_asked_for, NR_OBJECTS);
	add_loop_test(suite, test_no_offload, 3);
	return suite;
}
