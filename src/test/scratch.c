// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/scratch.h"
#include "test/tests.h"

#define TEMPLATE "/tmp/elfmap-tests.XXXXXX"

/* The suite's, which its tests inherit, and the test's in it. */
static char root[] = TEMPLATE;
static char directory[sizeof(TEMPLATE "/XXXXXX")];

static char *paths[64];
static size_t nr_paths;

const char *scratch_begin(void)
{
	strcpy(root, TEMPLATE);
	return mkdtemp(root);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st, (void)type, (void)place;
	remove(path);
	return 0;
}

void scratch_end(void)
{
	nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

const char *scratch_directory(void)
{
	if (!*directory) {
		snprintf(directory, sizeof(directory), "%s/XXXXXX", root);
		ck_assert_msg(mkdtemp(directory), "%s: %s", directory, strerror(errno));
	}
	return directory;
}

const char *scratch_path(const char *name)
{
	char **path = &paths[nr_paths++];

	ck_assert_uint_le(nr_paths, sizeof(paths) / sizeof(paths[0]));
	ck_assert_int_gt(asprintf(path, "%s/%s", scratch_directory(), name), 0);
	return *path;
}

const char *scratch_file(const char *name, const void *bytes, size_t size)
{
	const char *path = scratch_path(name);
	FILE *file = fopen(path, "we");

	ck_assert_msg(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "%s: %s",
		      path, strerror(errno));
	return path;
}

const char *scratch_object(const char *name, struct test_object object)
{
	const char *path = scratch_file(name, object.bytes, object.size);

	object_free(&object);
	return path;
}
