// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "test/opening.h"
#include "test/tests.h"

/* --- messages ------------------------------------------------------------------------------ */

static struct {
	size_t count;
	char text[16384];
} said[ELFMAP_LOG_DEBUG + 1];

static void keep(enum elfmap_log_level level, const char *message, void *ctx)
{
	size_t used = strlen(said[level].text), length = strlen(message);

	(void)ctx;
	ck_assert_ptr_null(strchr(message, '\n'));
	said[level].count++;
	if (used + length + 2 > sizeof(said[level].text))
		return;
	memcpy(said[level].text + used, message, length);
	strcpy(said[level].text + used + length, "\n");
}

void collect_messages(void)
{
	memset(said, 0, sizeof(said));
	elfmap_set_log(keep, NULL);
	libbpf_set_print(NULL);
}

size_t nr_messages(enum elfmap_log_level level)
{
	return said[level].count;
}

const char *messages(enum elfmap_log_level level)
{
	return said[level].text;
}

void check_one_error(const char *const *texts)
{
	ck_assert_msg(said[ELFMAP_LOG_ERROR].count == 1, "%zu errors:\n%s",
		      said[ELFMAP_LOG_ERROR].count, messages(ELFMAP_LOG_ERROR));
	for (; *texts; texts++)
		assert_message(ELFMAP_LOG_ERROR, *texts);
}

void assert_message(enum elfmap_log_level level, const char *text)
{
	ck_assert_msg(strstr(said[level].text, text), "\"%s\" is not in: %s", text,
		      said[level].text);
}

/* --- objects ------------------------------------------------------------------------------- */

struct elfmap_object *open_object(const struct test_object *object,
				  const struct elfmap_open_opts *opts)
{
	struct elfmap_object *opened;

	collect_messages();
	opened = elfmap_object__open_mem(object->bytes, object->size, opts);
	ck_assert_msg(opened, "%s: %s", strerror(errno), messages(ELFMAP_LOG_ERROR));
	ck_assert_str_eq(messages(ELFMAP_LOG_ERROR), "");
	return opened;
}

struct elfmap_object *open_name(const char *name)
{
	struct test_object object = object_load(name);
	struct elfmap_object *opened = open_object(&object, NULL);

	object_free(&object);
	return opened;
}

struct elfmap_map *map_of(const struct elfmap_object *object, const char *name)
{
	struct elfmap_map *map = elfmap_object__find_map(object, name);

	ck_assert_msg(map, "no map %s", name);
	return map;
}

struct elfmap_program *program_of(const struct elfmap_object *object, const char *name)
{
	struct elfmap_program *program = NULL;

	while ((program = elfmap_object__next_program(object, program))) {
		if (strcmp(elfmap_program__name(program), name) == 0)
			return program;
	}
	ck_abort_msg("no program %s", name);
}

struct test_object image_of(struct elfmap_object *object)
{
	struct test_object image;
	const void *bytes = elfmap_object__image(object, &image.size);

	ck_assert_msg(bytes, "%s: %s", strerror(errno), messages(ELFMAP_LOG_ERROR));
	image.bytes = (uint8_t *)bytes;
	return object_copy(&image);
}

struct test_object convert(const struct test_object *object)
{
	return convert_with(object, NULL);
}

struct test_object convert_with(const struct test_object *object,
				const struct elfmap_image_opts *opts)
{
	struct elfmap_object *opened = open_object(object, NULL);
	struct test_object image;

	ck_assert_int_eq(elfmap_object__set_image_opts(opened, opts), 0);
	image = image_of(opened);
	ck_assert_str_eq(messages(ELFMAP_LOG_ERROR), "");
	elfmap_object__close(opened);
	return image;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool same_definition(const struct elfmap_map_def *a, const struct elfmap_map_def *b)
{
	return memcmp(a, b, offsetof(struct elfmap_map_def, pin) + sizeof(a->pin)) == 0 &&
	       same_text(a->pin_path, b->pin_path) && same_text(a->inner_name, b->inner_name);
}

void check_refused(const struct test_object *object, const struct elfmap_open_opts *opts, int error,
		   const char *const *texts)
{
	size_t descriptors = count_descriptors();
	struct elfmap_object *opened;

	collect_messages();
	errno = 0;
	opened = elfmap_object__open_mem(object->bytes, object->size, opts);
	ck_assert_msg(!opened, "opened, expected an error with %s", texts[0]);
	ck_assert_msg(errno == error, "errno %d, not %d: %s", errno, error,
		      messages(ELFMAP_LOG_ERROR));
	check_one_error(texts);
	ck_assert_msg(!strncmp(messages(ELFMAP_LOG_ERROR), "buffer: ", strlen("buffer: ")), "%s",
		      messages(ELFMAP_LOG_ERROR));
	ck_assert_uint_eq(count_descriptors(), descriptors);
}

size_t count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	ck_assert_ptr_nonnull(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}
