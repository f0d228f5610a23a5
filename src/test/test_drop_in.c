// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The drop-ins beyond files and memory: descriptors, and what is to be filled after the load. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/opening.h"
#include "test/setup.h"
#include "test/tests.h"

/* --- descriptors --------------------------------------------------------------------------- */

START_TEST(test_file)
{
	int fd = open("testdata/counter.o", O_RDONLY);
	struct elfmap_object *object;
	struct bpf_object *opened;
	char name[16];

	/* from its beginning, wherever it is read */
	ck_assert_int_eq(lseek(fd, 99, SEEK_SET), 99);
	for (int i = 0; i < 2; i++) {
		object = elfmap_object__open_fd(fd, NULL);
		ck_assert_ptr_nonnull(object);
		snprintf(name, sizeof(name), "fd %d", fd);
		ck_assert_str_eq(elfmap_object__name(object), name);
		elfmap_object__close(object);
		ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 99);
	}
	opened = elfmap_open_fd(fd, NULL);
	ck_assert_ptr_nonnull(opened);
	ck_assert_ptr_nonnull(bpf_object__find_map_by_name(opened, "packets"));
	bpf_object__close(opened);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

/* What nobody reads from an object that libbpf has opened is not in its BTF. */
START_TEST(test_tags)
{
	struct test_object object = object_load("many");
	struct bpf_object *opened = elfmap_open_mem(object.bytes, object.size, NULL);
	const struct btf *btf = opened ? bpf_object__btf(opened) : NULL;

	ck_assert_ptr_nonnull(btf);
	for (__u32 id = 1; id < btf__type_cnt(btf); id++)
		ck_assert(!btf_is_decl_tag(btf__type_by_id(btf, id)));
	bpf_object__close(opened);
	object_free(&object);
}
END_TEST

/* Writes an object in pieces and ends. */
static pid_t write_to(int fd, const struct test_object *object)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	for (size_t done = 0; done < object->size;) {
		size_t piece = object->size - done < 777 ? object->size - done : 777;

		if (write(fd, object->bytes + done, piece) != (ssize_t)piece)
			_exit(1);
		done += piece;
	}
	_exit(0);
}

START_TEST(test_pipe)
{
	struct test_object small = object_load("counter"), object = convert(&small);
	static const char padding[300000];
	struct elfmap_object *opened;
	struct test_object image;
	int ends[2], status;
	pid_t pid;

	/* more than the pipe holds, and than is read at once */
	object_add_section(&object, "padding", SHT_PROGBITS, padding, sizeof(padding));
	ck_assert_int_eq(pipe(ends), 0);
	pid = write_to(ends[1], &object);
	close(ends[1]);
	opened = elfmap_object__open_fd(ends[0], NULL);
	ck_assert_ptr_nonnull(opened);
	image = image_of(opened);
	ck_assert_uint_eq(image.size, object.size);
	ck_assert_mem_eq(image.bytes, object.bytes, image.size);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	elfmap_object__close(opened);
	close(ends[0]);
	object_free(&image);
	object_free(&object);
	object_free(&small);
}
END_TEST

START_TEST(test_bad_descriptors)
{
	size_t before = count_descriptors();
	int directory = open("/", O_RDONLY | O_DIRECTORY);
	int large = memfd_create("large", 0);
	int writing = open("/dev/null", O_WRONLY), endless = open("/dev/zero", O_RDONLY);
	const struct {
		int fd, error;
		const char *message;
	} rows[] = {
		{ -1, EBADF, "fd -1: cannot read: " },
		{ directory, EISDIR, "cannot read: " },
		{ writing, EBADF, "cannot read: " },
		{ large, EFBIG, "expected at most" },
		{ endless, EFBIG, "expected at most 268435456" },
	};

	ck_assert_int_eq(ftruncate(large, 1LL << 40), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		collect_messages();
		ck_assert_ptr_null(elfmap_open_fd(rows[i].fd, NULL));
		ck_assert_int_eq(errno, rows[i].error);
		assert_message(ELFMAP_LOG_ERROR, rows[i].message);
		ck_assert_ptr_null(elfmap_object__open_fd(rows[i].fd, NULL));
	}
	close(directory);
	close(large);
	close(writing);
	close(endless);
	ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

/* --- after the load ------------------------------------------------------------------------ */

/* An object with a slot that libbpf cannot be told of: prog array "steps" has it at 70000. */
static struct test_object with_far_slot(void)
{
	struct test_object object = object_load("tailcalls");

	*object_map_word(&object, "steps", 3) = 70001;
	*object_map_word(&object, "steps", 6) = 0;
	*object_map_word(&object, "verdicts", 6) = 0;
	*object_map_word(&object, "trace", 6) = 0;
	object_rename_section(&object, "42/1", "42/70000");
	return object;
}

/* The kernel adds a flag to a pinned devmap, which libbpf before 1.7 takes for a difference. */
START_TEST(test_reused_devmap)
{
	enter_kernel();
	for (int i = 0; i < 2; i++) {
		struct bpf_object *opened = elfmap_open_file("testdata/xdp.o", NULL);
		struct bpf_program *program = NULL;

		ck_assert_ptr_nonnull(opened);
		while ((program = bpf_object__next_program(opened, program)))
			bpf_program__set_type(program, BPF_PROG_TYPE_XDP);
		ck_assert_int_eq(bpf_object__load(opened), 0);
		bpf_object__close(opened);
	}
}
END_TEST

START_TEST(test_fill)
{
	struct test_object object = with_far_slot(), image = convert(&object);
	struct bpf_object *opened;
	int steps;

	enter_kernel();
	collect_messages();
	opened = elfmap_open_mem(object.bytes, object.size, NULL);
	ck_assert_ptr_nonnull(opened);
	assert_message(ELFMAP_LOG_WARNING, "map \"steps\": its 2 initial slots cannot be declared; "
					   "elfmap_fill_slots() stores them after the load");
	ck_assert_int_eq(elfmap_fill_slots(opened), -ENOENT);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	steps = bpf_object__find_map_fd_by_name(opened, "steps");
	ck_assert_int_eq(elfmap_fill_slots(opened), 2);
	ck_assert_str_eq(program_info_of_id(slot_id(steps, 0)).name, "parse");
	ck_assert_str_eq(program_info_of_id(slot_id(steps, 70000)).name, "decide");
	ck_assert_int_eq(elfmap_fill_slots(opened), 2);
	bpf_object__close(opened);

	/* one that was converted and loaded by others */
	opened = bpf_object__open_mem(image.bytes, image.size, NULL);
	ck_assert_ptr_nonnull(opened);
	for (struct bpf_program *program = NULL;
	     (program = bpf_object__next_program(opened, program));)
		bpf_program__set_type(program, BPF_PROG_TYPE_SCHED_CLS);
	bpf_program__set_autoload(bpf_object__find_program_by_name(opened, "parse"), false);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	ck_assert_int_eq(elfmap_fill_slots(opened), 1);
	steps = bpf_object__find_map_fd_by_name(opened, "steps");
	ck_assert_str_eq(program_info_of_id(slot_id(steps, 70000)).name, "decide");
	bpf_object__close(opened);
	object_free(&image);
	object_free(&object);
}
END_TEST

/* The map has become another, which does not take the second slot: the first is taken back. */
START_TEST(test_fill_fails)
{
	struct test_object object = with_far_slot();
	struct bpf_object *opened;
	size_t before;
	__u32 id, key = 0;
	int small;

	enter_kernel();
	small = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "small", 4, 4, 2, NULL);
	before = count_descriptors();
	opened = elfmap_open_mem(object.bytes, object.size, NULL);
	ck_assert_int_eq(bpf_map__reuse_fd(bpf_object__find_map_by_name(opened, "steps"), small),
			 0);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	collect_messages();
	ck_assert_int_eq(elfmap_fill_slots(opened), -E2BIG);
	assert_message(ELFMAP_LOG_ERROR, "map \"steps\": slot 70000: cannot store \"decide\"");
	ck_assert_int_lt(bpf_map_lookup_elem(small, &key, &id), 0);
	bpf_object__close(opened);
	ck_assert_uint_eq(count_descriptors(), before);
	object_free(&object);
}
END_TEST

/* The map that is used in place of another is called as a third one is, which comes after it. */
START_TEST(test_fill_namesake)
{
	struct test_object object = object_load("tailcalls");
	struct bpf_object *opened;
	int mine;

	*object_map_word(&object, "verdicts", 3) = 70001;
	*object_map_word(&object, "verdicts", 6) = 0;
	object_rename_section(&object, "0xabccba/0x1", "0xabccba/70000");
	enter_kernel();
	mine = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "verdicts", 4, 4, 70001, NULL);
	opened = elfmap_open_mem(object.bytes, object.size, NULL);
	ck_assert_int_eq(bpf_map__reuse_fd(bpf_object__find_map_by_name(opened, "steps"), mine), 0);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	ck_assert_int_eq(elfmap_fill_slots(opened), 2);
	ck_assert_uint_eq(slot_id(mine, 70000), 0);
	bpf_object__close(opened);
	close(mine);
	object_free(&object);
}
END_TEST

/* Nor may it be a map that the kernel would read and write more bytes of than a slot has. */
START_TEST(test_fill_other_kind)
{
	struct test_object object = object_load("nested");
	struct bpf_program *program = NULL;
	struct bpf_object *opened;
	int wide;

	*object_map_word(&object, "by_mark", 3) = 1 << 20;
	*object_map_word(&object, "mark_stats", 8) = 1 << 16;
	enter_kernel();
	wide = bpf_map_create(BPF_MAP_TYPE_HASH, "by_mark", 4, 1 << 16, 2, NULL);
	opened = elfmap_open_mem(object.bytes, object.size, NULL);
	while ((program = bpf_object__next_program(opened, program)))
		bpf_program__set_autoload(program, false);
	ck_assert_int_eq(bpf_map__reuse_fd(bpf_object__find_map_by_name(opened, "by_mark"), wide),
			 0);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	collect_messages();
	ck_assert_int_eq(elfmap_fill_slots(opened), -EINVAL);
	assert_message(ELFMAP_LOG_ERROR, "map \"by_mark\": its initial slots cannot be stored in "
					 "the map that is used for it: type 1");
	bpf_object__close(opened);
	close(wide);
	object_free(&object);
}
END_TEST

/* Objects that need nothing of it. */
START_TEST(test_fill_nothing)
{
	struct bpf_object *opened;

	enter_kernel();
	opened = elfmap_open_file("testdata/counter.o", NULL);
	ck_assert_int_eq(bpf_object__load(opened), 0);
	ck_assert_int_eq(elfmap_fill_slots(opened), 0);
	bpf_object__close(opened);
}
END_TEST

Suite *drop_in_suite(void)
{
	return suite_of("drop_in", test_file, test_tags, test_pipe, test_bad_descriptors,
			test_reused_devmap, test_fill, test_fill_fails, test_fill_namesake,
			test_fill_other_kind, test_fill_nothing);
}
