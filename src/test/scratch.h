/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Files of a test's own, which go when its suite ends, however the test does.
 */
#ifndef ELFMAP_TEST_SCRATCH_H
#define ELFMAP_TEST_SCRATCH_H

#include "test/object_edit.h"

/* For the runner: the directory that those of tests are in, and its end. NULL with errno. */
const char *scratch_begin(void);
void scratch_end(void);

/* A directory for this test alone, the same at every call; never freed. */
const char *scratch_directory(void);

/* A path in it; never freed, and there is room for 64. */
const char *scratch_path(const char *name);

/* Write bytes to such a path, which is returned. */
const char *scratch_file(const char *name, const void *bytes, size_t size);
/* The same with an object, which is freed. */
const char *scratch_object(const char *name, struct test_object object);

#endif
