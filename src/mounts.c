/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "mounts.h"

bool mounts_is(const char *path, unsigned long magic)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == magic;
}

/* --- the table --------------------------------------------------------------------------------- */

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* What would end a word or a line is written as a backslash and three octal digits. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (*text == '\\' && is_octal(text[1]) && is_octal(text[2]) && is_octal(text[3])) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
					(text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* The place and the type on a line of mountinfo, see proc(5): words 5, and the one behind "-". */
static bool parse_mount(char *line, char **path, const char **type)
{
	char *rest = NULL, *word = strtok_r(line, " ", &rest);

	for (int i = 1; word && i < 5; i++)
		word = strtok_r(NULL, " ", &rest);
	*path = word;
	while (word && strcmp(word, "-") != 0)
		word = strtok_r(NULL, " ", &rest);
	*type = word ? strtok_r(NULL, " ", &rest) : NULL;
	return *type;
}

int mounts_each(const char *type, int (*fn)(const char *path, void *ctx), void *ctx)
{
	/* getmntent(3) is not for threads, and does not know all that the kernel escapes */
	CLEANUP(cleanup_file) FILE *mounts = fopen("/proc/thread-self/mountinfo", "re");
	CLEANUP(cleanup_free) char *line = NULL;
	const char *found;
	size_t size = 0;
	char *path;
	int err = 0;

	if (!mounts)
		return -errno;
	while (!err && getline(&line, &size, mounts) >= 0) {
		if (!parse_mount(line, &path, &found) || strcmp(found, type) != 0)
			continue;
		unescape(path);
		err = fn(path, ctx);
	}
	if (err || feof(mounts))
		return err;
	return -errno;
}

/* --- the first of a type ----------------------------------------------------------------------- */

static int keep_copy(const char *path, void *ctx)
{
	*(char **)ctx = strdup(path);
	return 1;
}

char *mounts_find(const struct mount_type *type)
{
	char *first = NULL;

	for (const char *const *path = type->usual; *path; path++)
		if (mounts_is(*path, type->magic))
			return strdup(*path);
	mounts_each(type->name, keep_copy, &first);
	return first;
}
