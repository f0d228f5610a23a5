// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The file system that pins are in: found as iproute2 finds it, mounted and unmounted. */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "test/namespace.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

/* where tests that need another bpffs mount it */
#define OTHER_BPFFS "/mnt/bpf"

static void attach(const char *object, const char *section)
{
	tool_works("tc qdisc replace dev veth0 clsact");
	tool_works("tc filter add dev veth0 ingress bpf da obj testdata/%s.o sec %s", object,
		   section);
}

/* The first bpffs that is mounted; for free(), NULL if there is none. */
static char *mounted_bpffs(void)
{
	FILE *mounts = setmntent("/proc/mounts", "re");
	struct mntent *mount;
	char *found = NULL;

	ck_assert_ptr_nonnull(mounts);
	while (!found && (mount = getmntent(mounts))) {
		if (!strcmp(mount->mnt_type, "bpf"))
			found = strdup(mount->mnt_dir);
	}
	endmntent(mounts);
	return found;
}

/* In this namespace, that is. */
static void unmount_all_bpffs(void)
{
	char *path;

	while ((path = mounted_bpffs())) {
		ck_assert_int_eq(umount2(path, MNT_DETACH), 0);
		free(path);
	}
}

/* One is mounted where there is none, as iproute2 does, for root alone; unmounted on failure. */
START_TEST(test_mounted_bpffs)
{
	struct object_file file = object_file_at("testdata/demo.o");
	char *before;
	struct stat st;

	enter_kernel();
	unmount_all_bpffs();
	before = snapshot();
	assert_kernel_refusal_with_details(
		tool("tc --no-qdisc filter add dev veth0 ingress bpf da obj testdata/demo.o "
		     "sec ingress"),
		"veth0");
	assert_unchanged(before);

	attach("demo", "ingress");
	assert_object_pins(&file, LOADER_TC);
	ck_assert_int_eq(stat(BPFFS, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
}
END_TEST

/* Through the library, also when a load is taken back. */
START_TEST(test_undone_mount)
{
	struct elfmap_object *object;
	char *before;

	enter_kernel();
	unmount_all_bpffs();
	before = snapshot();
	object = open_name("counter");
	ck_assert_int_eq(elfmap_object__load(object), 0);
	free(mounted_bpffs());
	elfmap_object__undo_load(object);
	assert_unchanged(before);
	elfmap_object__close(object);
}
END_TEST

/* What needs no pin mounts nothing. */
START_TEST(test_no_mount_without_pins)
{
	enter_kernel();
	unmount_all_bpffs();
	attach("def16", "classifier");
	ck_assert_ptr_null(mounted_bpffs());
}
END_TEST

/* Where /sys/fs/bpf is none, the first bpffs that is mounted anywhere is taken. */
START_TEST(test_first_bpffs)
{
	char *tree;

	enter_kernel();
	unmount_all_bpffs();
	mount_tmpfs("/mnt");
	ck_assert_int_eq(mkdir(OTHER_BPFFS, 0755), 0);
	ck_assert_int_eq(mount("bpf", OTHER_BPFFS, "bpf", 0, NULL), 0);
	attach("counter", "ingress");
	tree = list_tree(OTHER_BPFFS);
	ck_assert_str_eq(tree, "ip -> tc\ntc/\ntc/globals/\ntc/globals/packets\nxdp -> tc\n");
	free(tree);
	unmount_all_bpffs();
	tree = list_tree(BPFFS);
	ck_assert_str_eq(tree, "");
	free(tree);
}
END_TEST

static const char *const other_bpffs[] = { "TC_BPF_MNT=" OTHER_BPFFS, NULL };

/* $TC_BPF_MNT says where the bpffs is, whatever else is mounted; it is made if need be. */
START_TEST(test_bpffs_of_environment)
{
	char *tree, *before;
	struct run run;

	enter_kernel();
	mount_tmpfs("/mnt");
	if (_i)
		ck_assert_int_eq(mkdir(OTHER_BPFFS, 0755), 0);
	before = snapshot();
	run = tool_with(other_bpffs, "tc --no-qdisc filter add dev veth0 ingress bpf da obj "
				     "testdata/counter.o");
	assert_kernel_refusal_with_details(run, "veth0");
	assert_unchanged(before);
	tree = list_tree("/mnt");
	ck_assert_str_eq(tree, _i ? "bpf/\n" : "");
	free(tree);

	tool_works("tc qdisc add dev veth0 clsact");
	run = tool_with(other_bpffs,
			"tc filter add dev veth0 ingress bpf da obj testdata/counter.o");
	assert_status(&run, 0);
	free_run(&run);
	tree = list_tree(OTHER_BPFFS);
	ck_assert_str_eq(tree, "ip -> tc\ntc/\ntc/globals/\ntc/globals/packets\nxdp -> tc\n");
	free(tree);
	assert_tree("");
}
END_TEST

/* An empty path is nowhere. */
START_TEST(test_empty_pin_path)
{
	struct elfmap_object *object;

	enter_kernel();
	object = open_name("def16");
	ck_assert_int_eq(elfmap_map__set_pin_path(elfmap_object__next_map(object, NULL), ""), 0);
	ck_assert_int_eq(elfmap_object__load(object), -ENOENT);
	assert_one_error("cannot pin as : not on a bpffs");
	elfmap_object__close(object);
}
END_TEST

Suite *bpffs_suite(void)
{
	Suite *suite = suite_of("bpffs", test_empty_pin_path, test_mounted_bpffs, test_undone_mount,
				test_no_mount_without_pins, test_first_bpffs);

	add_loop_test(suite, test_bpffs_of_environment, 2);
	return suite;
}
