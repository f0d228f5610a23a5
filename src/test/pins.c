// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of kernel.h that lists what a directory holds. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/kernel.h"
#include "test/tests.h"

struct listing {
	FILE *out;
	size_t root_length; /* with the slash: what paths are printed without */
	bool pins_alone;
};

static void list_directory(const struct listing *listing, const char *path);

static void list_link(const struct listing *listing, const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target));

	ck_assert_msg(length >= 0, "%s: %s", path, strerror(errno));
	fprintf(listing->out, "%s -> %.*s\n", path + listing->root_length, (int)length, target);
}

static void list_entry(const struct listing *listing, const char *directory, const char *name)
{
	char *path CLEANUP(cleanup_free) = NULL;
	struct stat st;

	ck_assert_int_gt(asprintf(&path, "%s/%s", directory, name), 0);
	ck_assert_msg(lstat(path, &st) == 0, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		if (!listing->pins_alone)
			fprintf(listing->out, "%s/\n", path + listing->root_length);
		list_directory(listing, path);
	} else if (!S_ISLNK(st.st_mode)) {
		fprintf(listing->out, "%s\n", path + listing->root_length);
	} else if (!listing->pins_alone) {
		list_link(listing, path);
	}
}

/* Where the kernel can, it puts these into every bpffs. */
static bool is_own(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       strcmp(name, "maps.debug") != 0 && strcmp(name, "progs.debug") != 0;
}

static void list_directory(const struct listing *listing, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	ck_assert_msg(count >= 0, "%s: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (is_own(entries[i]->d_name))
			list_entry(listing, path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static char *list(const char *directory, bool pins_alone)
{
	char *text = NULL;
	size_t size = 0;
	struct listing listing = {
		.out = open_memstream(&text, &size),
		.root_length = strlen(directory) + 1,
		.pins_alone = pins_alone,
	};

	ck_assert_ptr_nonnull(listing.out);
	list_directory(&listing, directory);
	fclose(listing.out);
	return text;
}

char *list_pins(const char *directory)
{
	return list(directory, true);
}

char *list_tree(const char *directory)
{
	return list(directory, false);
}
