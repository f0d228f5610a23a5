// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Slots as callbacks leave them, by elfmap's own load and by the drop-ins, of objects that were
 * translated before and of BTF-defined maps as well.
 */
#include <linux/bpf.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/tests.h"

/* One is moved onto another, one away, one is not stored, and one not loaded. */
static int move_slots(const char *section, struct elfmap_program_hint *hint, void *ctx)
{
	(void)section, (void)ctx;
	if (!hint->type)
		hint->type = BPF_PROG_TYPE_SCHED_CLS;
	if (!strcmp(hint->name, "accept"))
		hint->tail_call_key = 1;
	if (!strcmp(hint->name, "decide"))
		hint->tail_call_key = 77;
	if (!strcmp(hint->name, "parse"))
		hint->has_tail_call = false;
	if (!strcmp(hint->name, "lost"))
		hint->autoload = false;
	return 0;
}

static void check_moved(int steps, int verdicts)
{
	ck_assert_uint_eq(slot_id(steps, 0), 0);
	ck_assert_uint_eq(slot_id(steps, 1), 0);
	ck_assert_str_eq(program_info_of_id(slot_id(steps, 77)).name, "decide");
	ck_assert_uint_eq(slot_id(verdicts, 0), 0);
	ck_assert_str_eq(program_info_of_id(slot_id(verdicts, 1)).name, "drop");
}

static void load_moved(const struct test_object *object, int filled)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts),
					 .pin_dir = "/sys/fs/bpf/moved",
					 .program_cb = move_slots };
	struct bpf_object *dropped_in = elfmap_open_mem(object->bytes, object->size, &opts);
	struct elfmap_object *opened;

	ck_assert_ptr_nonnull(dropped_in);
	ck_assert_int_eq(bpf_object__load(dropped_in), 0);
	ck_assert_int_eq(elfmap_fill_slots(dropped_in), filled);
	check_moved(bpf_object__find_map_fd_by_name(dropped_in, "steps"),
		    bpf_object__find_map_fd_by_name(dropped_in, "verdicts"));
	bpf_object__close(dropped_in);
	ck_assert_int_eq(unlink("/sys/fs/bpf/moved/steps"), 0);
	ck_assert_int_eq(unlink("/sys/fs/bpf/moved/verdicts"), 0);
	opened = open_object(object, &opts);
	ck_assert_int_eq(elfmap_object__load(opened), 0);
	check_moved(elfmap_map__fd(map_of(opened, "steps")),
		    elfmap_map__fd(map_of(opened, "verdicts")));
	elfmap_object__close(opened);
	ck_assert_int_eq(unlink("/sys/fs/bpf/moved/steps"), 0);
	ck_assert_int_eq(unlink("/sys/fs/bpf/moved/verdicts"), 0);
}

START_TEST(test_moved)
{
	struct test_object object = object_load("tailcalls"), image;

	*object_map_word(&object, "steps", 3) = 100;
	image = convert(&object);
	enter_kernel();
	load_moved(&object, 0);
	/* no room was left for a slot that far: it is stored after the load */
	collect_messages();
	load_moved(&image, 1);
	object_free(&image);
	object_free(&object);
}
END_TEST

static int without_odd(struct elfmap_map *map, void *ctx)
{
	(void)ctx;
	return strcmp(elfmap_map__name(map), "odd") ? 0 : elfmap_map__set_autocreate(map, false);
}

static void check_without_odd(const struct bpf_object *object)
{
	int outer = bpf_object__find_map_fd_by_name(object, "by_length");

	ck_assert_str_eq(map_info_of_id(slot_id(outer, 1)).name, "even");
	ck_assert_uint_eq(slot_id(outer, 3), 0);
}

/* Slots of BTF-defined maps are libbpf's to fill: it fails at what is not there. */
START_TEST(test_native_slots)
{
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .map_cb = without_odd };
	struct test_object object = object_load("own_fields.btf"), image = convert(&object);

	enter_kernel();
	for (int i = 0; i < 2; i++) {
		const struct test_object *each = i ? &image : &object;
		struct bpf_object *dropped_in = elfmap_open_mem(each->bytes, each->size, &opts);
		struct elfmap_object *opened = open_object(each, &opts);

		ck_assert_ptr_nonnull(dropped_in);
		ck_assert_int_eq(bpf_object__load(dropped_in), 0);
		check_without_odd(dropped_in);
		bpf_object__close(dropped_in);
		ck_assert_int_eq(elfmap_object__load(opened), 0);
		check_without_odd(elfmap_object__bpf_object(opened));
		elfmap_object__close(opened);
	}
	object_free(&image);
	object_free(&object);
}
END_TEST

Suite *changed_slots_suite(void)
{
	return suite_of("changed_slots", test_moved, test_native_slots);
}
