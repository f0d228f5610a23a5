// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The image as a file: complete, or as before. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/opening.h"
#include "test/scratch.h"
#include "test/tests.h"

/* How many files the directory of this test has. */
static size_t count_files(void)
{
	DIR *stream = opendir(scratch_directory());
	const struct dirent *entry;
	size_t count = 0;

	ck_assert_ptr_nonnull(stream);
	while ((entry = readdir(stream)))
		count += entry->d_name[0] != '.';
	closedir(stream);
	return count;
}

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void check_file(const char *path, const void *bytes, size_t size)
{
	struct test_object file = { malloc(size + 1), 0 };
	FILE *stream = fopen(path, "re");

	ck_assert_ptr_nonnull(stream);
	file.size = fread(file.bytes, 1, size + 1, stream);
	fclose(stream);
	ck_assert_uint_eq(file.size, size);
	ck_assert_mem_eq(file.bytes, bytes, size);
	object_free(&file);
}

START_TEST(test_write)
{
	struct elfmap_object *object = open_name("nested");
	struct test_object image = image_of(object);
	const char *path = scratch_path("new.o");
	size_t descriptors = count_descriptors();

	ck_assert_int_eq(elfmap_object__write(object, path), 0);
	check_file(path, image.bytes, image.size);
	ck_assert_uint_eq(count_files(), 1);
	/* over what is there */
	put_file(path, "old");
	ck_assert_int_eq(elfmap_object__write(object, path), 0);
	check_file(path, image.bytes, image.size);
	ck_assert_uint_eq(count_files(), 1);
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_str_eq(messages(ELFMAP_LOG_ERROR), "");
	elfmap_object__close(object);
	object_free(&image);
}
END_TEST

static void check_mode(struct elfmap_object *object, mode_t mask)
{
	const char *path = scratch_path("new.o");
	struct stat st;

	umask(mask);
	ck_assert_int_eq(elfmap_object__write(object, path), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777U, 0666U & ~mask);
	ck_assert_uint_eq(umask(mask), mask);
	ck_assert_int_eq(unlink(path), 0);
}

START_TEST(test_mode)
{
	struct elfmap_object *object = open_name("counter");

	check_mode(object, 022);
	check_mode(object, 0);
	check_mode(object, 077);
	check_mode(object, 027);
	elfmap_object__close(object);
}
END_TEST

/* Writing must fail like this, with one message, and leave no temporary file. */
static void check_refused_write(struct elfmap_object *object, const char *path, int error,
				size_t files)
{
	size_t descriptors = count_descriptors();

	collect_messages();
	ck_assert_int_eq(elfmap_object__write(object, path), -error);
	assert_one_error("buffer: cannot write ", path, strerror(error));
	ck_assert_uint_eq(count_descriptors(), descriptors);
	ck_assert_uint_eq(count_files(), files);
}

START_TEST(test_directory)
{
	struct elfmap_object *object = open_name("counter");
	const char *path = scratch_path("new.o");

	ck_assert_int_eq(mkdir(path, 0700), 0);
	check_refused_write(object, path, EISDIR, 1);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_no_directory)
{
	struct elfmap_object *object = open_name("counter");
	const char *path = scratch_path("none/new.o");

	check_refused_write(object, path, ENOENT, 0);
	elfmap_object__close(object);
}
END_TEST

START_TEST(test_unwritable)
{
	struct elfmap_object *object = open_name("counter");

	/* from within, as others may not enter what is above */
	ck_assert_int_eq(chdir(scratch_directory()), 0);
	ck_assert_int_eq(chmod(".", 0555), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	collect_messages();
	ck_assert_int_eq(elfmap_object__write(object, "new.o"), -EACCES);
	assert_one_error("buffer: cannot write new.o: ", strerror(EACCES));
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(".", 0700), 0);
	ck_assert_uint_eq(count_files(), 0);
	elfmap_object__close(object);
}
END_TEST

/* No room: what was there is there still. */
START_TEST(test_no_room)
{
	struct elfmap_object *object = open_name("many");
	const struct rlimit limit = { 1000, 1000 };
	const char *path = scratch_path("new.o");

	put_file(path, "old");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	check_refused_write(object, path, EFBIG, 1);
	check_file(path, "old", 3);
	elfmap_object__close(object);
}
END_TEST

/* An image that cannot be made is no file; the one message is about the object. */
START_TEST(test_no_image)
{
	struct test_object changed = object_load("windows");
	struct elfmap_object *object = open_object(&changed, NULL);

	ck_assert_int_eq(elfmap_object__write(object, scratch_path("new.o")), -ENOTSUP);
	assert_one_error("buffer: it was made for ebpf-for-windows");
	ck_assert_uint_eq(count_files(), 0);
	elfmap_object__close(object);
	object_free(&changed);
}
END_TEST

/* A file in the way of the temporary one is somebody else's. */
START_TEST(test_temporary_taken)
{
	struct elfmap_object *object = open_name("counter");
	const char *path = scratch_path("new.o");
	char taken[PATH_MAX];

	snprintf(taken, sizeof(taken), "%s.%ld.0", path, (long)getpid());
	put_file(taken, "old");
	ck_assert_int_eq(elfmap_object__write(object, path), 0);
	check_file(taken, "old", 3);
	ck_assert_uint_eq(count_files(), 2);
	elfmap_object__close(object);
}
END_TEST

Suite *save_suite(void)
{
	return suite_of("save", test_write, test_mode, test_directory, test_no_directory,
			test_unwritable, test_no_room, test_no_image, test_temporary_taken);
}
