/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload_path.h"

/* Seen from the tool's directory, the first %s; the build says what the other is. */
static const char *const places[] = {
	"%s/" PRELOAD_FILE,
	"%s/../lib/elfmap/" PRELOAD_FILE,
	"%s/../lib64/elfmap/" PRELOAD_FILE,
	/* Debian's */
	"%s/../lib/*/elfmap/" PRELOAD_FILE,
	"%.0s" ELFMAP_LIBDIR "/elfmap/" PRELOAD_FILE,
};

static char *first_match(const char *pattern)
{
	glob_t found = { 0 };
	char *path = NULL;

	if (!glob(pattern, 0, NULL, &found))
		path = realpath(found.gl_pathv[0], NULL);
	globfree(&found);
	return path;
}

static int own_directory(char *directory, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", directory, size - 1);

	if (length < 0)
		return -errno;
	directory[length] = '\0';
	*strrchr(directory, '/') = '\0';
	return 0;
}

/* A directory's name may have in it what glob() takes for more than itself. */
static void escape(const char *text, char *pattern)
{
	for (; *text; text++) {
		if (strchr("*?[\\", *text))
			*pattern++ = '\\';
		*pattern++ = *text;
	}
	*pattern = '\0';
}

char *preload_path(void)
{
	const char *named = getenv("ELFMAP_PRELOAD");
	char directory[PATH_MAX], escaped[2 * PATH_MAX] = "", pattern[3 * PATH_MAX];
	char *path = NULL;

	if (named && *named)
		return realpath(named, NULL);
	if (!own_directory(directory, sizeof(directory)))
		escape(directory, escaped);
	for (size_t i = 0; !path && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(pattern, sizeof(pattern), places[i], escaped);
		path = first_match(pattern);
	}
	if (!path)
		errno = ENOENT;
	return path;
}
