// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * All of it or nothing: what fails leaves no pin, directory, mount, slot, qdisc, filter, file or
 * descriptor that was not there before.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/forbid.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"

/* Load these into the ingress of veth0, so that their pins and slots are there. */
static void attach(const char *object, const char *section)
{
	tool_works("tc qdisc replace dev veth0 clsact");
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/%s.o sec %s", object,
		   section);
}

/* --- attaching fails ---------------------------------------------------------------------- */

/* What tc loads that has pins, slots of programs and slots of maps. */
static const struct attached {
	const char *object;
	const char *section;
} attached[] = {
	{ "counter", "ingress" },    { "demo", "ingress" },	  { "tailcalls", "classifier" },
	{ "nested", "classifier" },  { "elf28", "ingress" },	  { "mixed_order.btf", "ingress" },
	{ "tailcalls.btf", "42/0" }, { "globals", "classifier" },
};
#define NR_ATTACHED (sizeof(attached) / sizeof(attached[0]))

/* No clsact on the device: all is loaded by then, on an empty bpffs. */
START_TEST(test_no_clsact)
{
	char *before;

	enter_kernel();
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc --no-qdisc filter add dev veth1 ingress bpf da obj "
		     "testdata/%s.o sec %s",
		     attached[_i].object, attached[_i].section),
		"veth1", "ingress", "tc qdisc add dev veth1 clsact");
	assert_unchanged(before);
}
END_TEST

/* The same beside a load of the object: slots have been changed by then, and change back. */
START_TEST(test_no_clsact_beside_another)
{
	char *before;

	enter_kernel();
	attach(attached[_i].object, attached[_i].section);
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc --no-qdisc filter add dev veth1 ingress bpf da obj "
		     "testdata/%s.o sec %s",
		     attached[_i].object, attached[_i].section),
		"veth1");
	assert_unchanged(before);
}
END_TEST

/* There is a filter of that handle: the slots that it jumps through stay those of its own load. */
START_TEST(test_filter_exists)
{
	char *before;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	tool_works(
		"tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj testdata/%s.o sec %s",
		attached[_i].object, attached[_i].section);
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc filter add dev veth0 ingress prio 1 handle 1 bpf da "
		     "obj testdata/%s.o sec %s",
		     attached[_i].object, attached[_i].section),
		"tc filter add: veth0 ingress: ");
	assert_unchanged(before);
}
END_TEST

/* Outer maps are filled anew if one of them is new, and then changed back. */
START_TEST(test_outer_slots_change_back)
{
	char *before;
	int fd;

	enter_kernel();
	attach("nested", "classifier");
	fd = open_pin(GLOBALS "/mirror");
	ck_assert_int_eq(bpf_map_delete_elem(fd, &(__u32){ 1 }), 0);
	close(fd);
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc --no-qdisc filter add dev veth1 ingress bpf da obj testdata/nested.o"),
		"veth1");
	assert_unchanged(before);
}
END_TEST

/* Directories that the database's numbers needed go again. */
START_TEST(test_custom_pins)
{
	char *database CLEANUP(cleanup_free) = output_of("cat testdata/pinning");
	char *before;

	enter_kernel();
	put_pinning_database(database);
	ck_assert_int_eq(mkdir(BPFFS "/team", 0700), 0);
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc --no-qdisc filter add dev veth1 ingress bpf da obj testdata/custom_pin.o"),
		"veth1");
	assert_unchanged(before);
}
END_TEST

/* --- loading fails ------------------------------------------------------------------------ */

/* The verifier's refusal, which comes when the maps are there, is shown and leaves nothing. */
START_TEST(test_verifier)
{
	const char *path = scratch_object("bad.o", bad_counter());
	struct run run;
	char *before;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	before = snapshot();
	/* EACCES, but rights are not what is missing */
	run = tool("tc filter add dev veth0 ingress bpf da obj %s", path);
	ck_assert_ptr_null(strstr(run.err, "needs root"));
	free_run(&run);
	/* its last words say why */
	assert_kernel_refusal_with_details(
		tool("tc filter add dev veth0 ingress bpf da obj %s", path), path, "R9");
	assert_unchanged(before);
	before = snapshot();
	assert_refusal_with_details(tool("load %s --pin-dir " BPFFS "/pinned", path), path, "R9");
	assert_unchanged(before);
}
END_TEST

/* The last map's pin cannot be reused: of the others none has been placed. */
START_TEST(test_last_pin_is_another)
{
	char *before;
	int fd;

	enter_kernel();
	attach("demo", "ingress");
	ck_assert_int_eq(unlink(GLOBALS "/packets_out"), 0);
	ck_assert_int_eq(unlink(GLOBALS "/bytes"), 0);
	fd = open_pin(GLOBALS "/protocols");
	ck_assert_int_eq(bpf_obj_pin(fd, GLOBALS "/packets_out"), 0);
	close(fd);
	before = snapshot();
	assert_refusal(tool("tc filter add dev veth0 egress bpf da obj testdata/demo.o sec egress"),
		       "packets_out", "type hash, expected array", "max_entries 64, expected 1");
	assert_unchanged(before);
}
END_TEST

/* The last pin cannot be placed: those placed before go again, and slots change back. */
START_TEST(test_last_pin_cannot_be_placed)
{
	char *before;

	enter_kernel();
	attach("demo", "ingress");
	ck_assert_int_eq(unlink(GLOBALS "/bytes"), 0);
	ck_assert_int_eq(unlink(GLOBALS "/packets_out"), 0);
	ck_assert_int_eq(symlink("nowhere", GLOBALS "/packets_out"), 0);
	before = snapshot();
	assert_refusal(tool("tc filter add dev veth0 egress bpf da obj testdata/demo.o sec egress"),
		       "testdata/demo.o", "packets_out");
	assert_unchanged(before);
}
END_TEST

/* A bpffs that cannot be written is no place for pins, which is said of the first of them. */
START_TEST(test_read_only_bpffs)
{
	char *before;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	ck_assert_int_eq(mount(NULL, BPFFS, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
	before = snapshot();
	assert_kernel_refusal(
		tool("tc filter add dev veth0 ingress bpf da obj testdata/demo.o sec ingress"),
		"testdata/demo.o", BPFFS "/tc");
	assert_refusal(tool("load testdata/demo.o --pin-dir " BPFFS "/a"), BPFFS "/a");
	assert_unchanged(before);
}
END_TEST

/* --- through the library ------------------------------------------------------------------ */

/* A load that must fail. Descriptors are counted around the object's whole life. */
static void assert_load_fails(struct test_object bytes, int error)
{
	size_t descriptors = count_descriptors();
	char *before = snapshot();
	struct elfmap_object *object = open_object(&bytes, NULL);

	ck_assert_int_eq(elfmap_object__load(object), error);
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 1);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	assert_unchanged(before);
	ck_assert_int_eq(elfmap_map__fd(elfmap_object__next_map(object, NULL)), -ENOENT);
	ck_assert_int_eq(elfmap_program__fd(elfmap_object__next_program(object, NULL)), -ENOENT);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	object_free(&bytes);
}

/* A refused program leaves no descriptor. */
START_TEST(test_library_verifier)
{
	enter_kernel();
	assert_load_fails(bad_counter(), -EACCES);
}
END_TEST

/* Nor does a pin that cannot be reused or placed. */
START_TEST(test_library_last_pin)
{
	int fd;

	enter_kernel();
	attach("demo", "ingress");
	fd = open_pin(GLOBALS "/protocols");
	ck_assert_int_eq(unlink(GLOBALS "/packets_out"), 0);
	ck_assert_int_eq(bpf_obj_pin(fd, GLOBALS "/packets_out"), 0);
	close(fd);
	assert_load_fails(object_load("demo"), -EEXIST);
	ck_assert_int_eq(unlink(GLOBALS "/packets_out"), 0);
	ck_assert_int_eq(symlink("nowhere", GLOBALS "/packets_out"), 0);
	assert_load_fails(object_load("demo"), -EEXIST);
}
END_TEST

/* Load of elf28.o only the program that it stores in a slot, as that type. */
static struct elfmap_object *open_drop(__u32 type)
{
	struct elfmap_object *object = open_name("elf28");

	elfmap_program__set_autoload(program_of(object, "classify"), false);
	elfmap_program__set_type(program_of(object, "drop"), type);
	return object;
}

/* A prog array belongs to the type of its first program, and refuses others. */
START_TEST(test_slot_refused)
{
	struct elfmap_object *object;
	size_t descriptors;
	char *before;

	enter_kernel();
	object = open_drop(BPF_PROG_TYPE_XDP);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
	before = snapshot();
	descriptors = count_descriptors();

	object = open_drop(BPF_PROG_TYPE_SCHED_CLS);
	ck_assert_int_eq(elfmap_object__load(object), -EINVAL);
	assert_one_error("maps", "\"next\"", "slot 4", "\"drop\"", "another type");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_object__close(object);
	assert_unchanged(before);

	/* and so do programs that jump through it */
	before = snapshot();
	tool_works("tc qdisc add dev veth1 clsact");
	assert_kernel_refusal_with_details(
		tool("tc --no-qdisc filter add dev veth1 ingress bpf da obj testdata/elf28.o sec ingress"),
		"testdata/elf28.o");
	tool_works("tc qdisc del dev veth1 clsact");
	assert_unchanged(before);
}
END_TEST

/* An object whose load failed can be loaded when the cause is gone. */
START_TEST(test_load_after_failure)
{
	struct elfmap_object *object;
	int fd;

	enter_kernel();
	ck_assert_int_eq(mkdir(BPFFS "/tc", 0700), 0);
	ck_assert_int_eq(mkdir(GLOBALS, 0700), 0);
	fd = bpf_map_create(BPF_MAP_TYPE_HASH, "other", 4, 8, 1, NULL);
	ck_assert_int_eq(bpf_obj_pin(fd, GLOBALS "/packets"), 0);
	close(fd);
	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__load(object), -EEXIST);
	assert_one_error("\"packets\"", "type hash, expected array");
	ck_assert_int_eq(unlink(GLOBALS "/packets"), 0);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	ck_assert_int_eq(elfmap_object__load(object), -EBUSY);
	ck_assert_uint_eq(map_info(elfmap_map__fd(map_of(object, "packets"))).id,
			  map_info_of_pin(GLOBALS "/packets").id);
	elfmap_object__close(object);
}
END_TEST

/* --- taking a load back ------------------------------------------------------------------- */

/* All is taken back, on an empty bpffs and beside a load that shares the pins. */
START_TEST(test_undo)
{
	const char *name = attached[_i / 2].object;
	size_t descriptors;
	struct elfmap_object *object;
	char *before;

	enter_kernel();
	if (_i % 2)
		attach(name, attached[_i / 2].section);
	before = snapshot();
	descriptors = count_descriptors();
	object = open_name(name);
	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__undo_load(object);
	ck_assert_int_eq(elfmap_map__fd(elfmap_object__next_map(object, NULL)), -ENOENT);
	assert_unchanged(before);
	ck_assert_uint_eq(count_descriptors(), descriptors);

	/* and it can be loaded again */
	ck_assert_int_eq(elfmap_object__load(object), 0);
	elfmap_object__close(object);
	ck_assert_uint_eq(count_descriptors(), descriptors);
}
END_TEST

/* What another has put into the place of a pin since is not taken away, and stays pinned. */
START_TEST(test_undo_beside_another)
{
	struct elfmap_object *object;
	char *pins CLEANUP(cleanup_free) = NULL;
	int other;

	enter_kernel();
	object = open_name("demo");
	ck_assert_int_eq(elfmap_object__load(object), 0);
	other = bpf_map_create(BPF_MAP_TYPE_HASH, "other", 4, 8, 1, NULL);
	ck_assert_int_eq(unlink(GLOBALS "/bytes"), 0);
	ck_assert_int_eq(bpf_obj_pin(other, GLOBALS "/bytes"), 0);
	elfmap_object__undo_load(object);
	pins = list_pins(BPFFS);
	ck_assert_str_eq(pins, "tc/globals/bytes\n");
	ck_assert_uint_eq(map_info_of_pin(GLOBALS "/bytes").id, map_info(other).id);
	close(other);
	elfmap_object__close(object);
}
END_TEST

/* The same with a bpffs that was mounted for it: others may have found it by then. */
START_TEST(test_undo_mount_beside_another)
{
	struct elfmap_object *object;
	int other;

	enter_kernel();
	while (umount2(BPFFS, MNT_DETACH) == 0)
		;
	object = open_name("demo");
	ck_assert_int_eq(elfmap_object__load(object), 0);
	other = bpf_map_create(BPF_MAP_TYPE_HASH, "other", 4, 8, 1, NULL);
	ck_assert_int_eq(bpf_obj_pin(other, BPFFS "/other"), 0);
	elfmap_object__undo_load(object);
	ck_assert_uint_eq(map_info_of_pin(BPFFS "/other").id, map_info(other).id);
	close(other);
	elfmap_object__close(object);
}
END_TEST

/* Who may not ask for programs by their ids cannot put them back, and does not empty slots. */
START_TEST(test_slots_without_rights)
{
	int fd;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	tool_works("tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj testdata/demo.o "
		   "sec ingress");
	forbid_capability(CAP_SYS_ADMIN);
	assert_kernel_refusal_with_details(
		tool("tc filter add dev veth0 ingress prio 1 handle 1 bpf da obj testdata/demo.o "
		     "sec ingress"),
		"veth0 ingress");
	fd = open_pin(GLOBALS "/jumps");
	ck_assert_uint_ne(slot_id(fd, 0), 0);
	close(fd);
}
END_TEST

/* A directory of pins that leads elsewhere is no reason to mount a bpffs over the one there is. */
START_TEST(test_link_out_of_bpffs)
{
	char *before;

	enter_kernel();
	tool_works("tc qdisc add dev veth0 clsact");
	ck_assert_int_eq(symlink(scratch_directory(), BPFFS "/tc"), 0);
	before = snapshot();
	assert_kernel_refusal(
		tool("tc filter add dev veth0 ingress bpf da obj testdata/demo.o sec ingress"),
		"testdata/demo.o", "not on a bpffs");
	assert_unchanged(before);
}
END_TEST

Suite *transaction_suite(void)
{
	Suite *suite = suite_of("transaction", test_outer_slots_change_back, test_custom_pins,
				test_verifier, test_last_pin_is_another,
				test_last_pin_cannot_be_placed, test_read_only_bpffs,
				test_library_verifier, test_library_last_pin, test_slot_refused,
				test_load_after_failure, test_undo_beside_another,
				test_undo_mount_beside_another, test_slots_without_rights,
				test_link_out_of_bpffs);

	add_loop_test(suite, test_no_clsact, NR_ATTACHED);
	add_loop_test(suite, test_no_clsact_beside_another, NR_ATTACHED);
	add_loop_test(suite, test_filter_exists, NR_ATTACHED);
	add_loop_test(suite, test_undo, 2 * NR_ATTACHED);
	return suite;
}
