// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Objects that were pinned as a whole are unpinned, and who pins at the same time waits. */
#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/door.h"
#include "test/opening.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/tests.h"

#define DIR BPFFS "/all"

START_TEST(test_unpin)
{
	struct elfmap_object *object;
	size_t descriptors;

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	descriptors = count_descriptors();
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_int_eq(unlink(DIR "/door/maps/COUNTERS"), 0);
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), 0);
	assert_tree("all/\n");
	ck_assert_uint_eq(nr_messages(ELFMAP_LOG_ERROR), 0);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_uint_ne(attached_xdp_program("veth0"), 0);
	elfmap_object__close(object);
	ck_assert_uint_eq(attached_xdp_program("veth0"), 0);
}
END_TEST

/* What is another's stays, and the directories above it; all of the object's
 * own goes. */
START_TEST(test_unpin_leaves_others)
{
	struct elfmap_object *object, *other;
	size_t descriptors;

	enter_kernel();
	object = load_door();
	other = load_named("aya28", "door");
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	ck_assert_int_eq(bpf_obj_pin(elfmap_map__fd(map_of(other, "COUNTERS")),
				     DIR "/door/maps/another"),
			 0);
	ck_assert_int_eq(unlink(DIR "/door/programs/firewall"), 0);
	ck_assert_int_eq(bpf_obj_pin(elfmap_program__fd(program_of(other, "firewall")),
				     DIR "/door/programs/firewall"),
			 0);
	descriptors = count_descriptors();
	collect_messages();
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), -EEXIST);
	assert_one_error("door: ", "\"firewall\"", DIR "/door/programs/firewall", "program ");
	assert_tree("all/\n"
		    "all/door/\n"
		    "all/door/maps/\n"
		    "all/door/maps/another\n"
		    "all/door/programs/\n"
		    "all/door/programs/firewall\n");
	ck_assert_uint_eq(count_descriptors(), descriptors);
	elfmap_object__close(other);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_unpin_read_only)
{
	struct elfmap_object *object;
	char *before CLEANUP(cleanup_free) = NULL;

	enter_kernel();
	object = load_door();
	ck_assert_int_eq(elfmap_object__pin(object, DIR), 0);
	before = list_tree(BPFFS);
	ck_assert_int_eq(mount(NULL, BPFFS, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
	collect_messages();
	ck_assert_int_eq(elfmap_object__unpin(object, DIR), -EROFS);
	assert_message(ELFMAP_LOG_ERROR, "cannot remove " DIR "/door/maps/COUNTERS");
	assert_tree(before);
	elfmap_object__close(object);
}
END_TEST

/* --- the lock
 * ------------------------------------------------------------------------------
 */

/* Who has the lock pins at once, others wait for him. */
START_TEST(test_lock)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	struct elfmap_object *holder, *waiter;
	int lock, status;
	pid_t child;

	enter_kernel();
	lock = elfmap_lock_pins(BPFFS);
	ck_assert_int_ge(lock, 0);
	holder = open_named("counter", "holder", lock);
	waiter = load_named("counter", "waiter");
	ck_assert_int_eq(elfmap_object__load(holder), 0);
	ck_assert_int_eq(elfmap_object__pin(holder, DIR), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child) {
		/* which is a hold on the lock as well */
		close(lock);
		_exit(elfmap_object__pin(waiter, DIR) != 0);
	}
	nanosleep(&pause, NULL);
	ck_assert_int_eq(access(DIR "/waiter", F_OK), -1);
	ck_assert_int_eq(elfmap_object__unpin(holder, DIR), 0);
	ck_assert_int_eq(waitpid(child, &status, WNOHANG), 0);
	close(lock);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(access(DIR "/waiter/maps/packets", F_OK), 0);
	elfmap_object__close(waiter);
	elfmap_object__close(holder);
}
END_TEST

Suite *unpin_object_suite(void)
{
	return suite_of("unpin_object", test_unpin, test_unpin_leaves_others, test_unpin_read_only,
			test_lock);
}
