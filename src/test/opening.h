/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Opening objects in tests, and what the library says while it does.
 */
#ifndef ELFMAP_TEST_OPENING_H
#define ELFMAP_TEST_OPENING_H

#include "elfmap.h"
#include "test/object_edit.h"

/* --- messages ------------------------------------------------------------------------------ */

/* Forget what was said, and keep what the library says from now on. libbpf is silenced. */
void collect_messages(void);
/* How many messages of a level there were. */
size_t nr_messages(enum elfmap_log_level level);
/* All of that level, a line each; holds until the next message. */
const char *messages(enum elfmap_log_level level);
/* End the test unless exactly one message was an error, and that holds each of these texts. */
#define assert_one_error(...) check_one_error((const char *const[]){ __VA_ARGS__, NULL })
void check_one_error(const char *const *texts);
/* End the test unless a message of the level holds the text. */
void assert_message(enum elfmap_log_level level, const char *text);

/* --- objects ------------------------------------------------------------------------------- */

/* Open, which must succeed and say no error. Messages are collected from here on. */
struct elfmap_object *open_object(const struct test_object *object,
				  const struct elfmap_open_opts *opts);
/* The same for testdata/NAME.o with no options. */
struct elfmap_object *open_name(const char *name);
/* The map of that name, which the object must have. */
struct elfmap_map *map_of(const struct elfmap_object *object, const char *name);
struct elfmap_program *program_of(const struct elfmap_object *object, const char *name);
/* The image as an object of its own, for the caller to free. */
struct test_object image_of(struct elfmap_object *object);
/* Open, translate and close; the image is the caller's. */
struct test_object convert(const struct test_object *object);
struct test_object convert_with(const struct test_object *object,
				const struct elfmap_image_opts *opts);
/* Whether two definitions say the same. */
bool same_definition(const struct elfmap_map_def *a, const struct elfmap_map_def *b);

/*
 * Opening must fail with this errno (positive), with one error which begins with the object's name
 * and holds each of the texts, and must leave no descriptor open.
 */
#define assert_refused(object, opts, error, ...) \
	check_refused(object, opts, error, (const char *const[]){ __VA_ARGS__, NULL })
void check_refused(const struct test_object *object, const struct elfmap_open_opts *opts, int error,
		   const char *const *texts);

/* How many descriptors this process has. */
size_t count_descriptors(void);

#endif
