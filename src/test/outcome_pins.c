// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* The part of outcome.h that is about pins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sha1.h>

#include "cleanup.h"
#include "test/outcome.h"
#include "test/tests.h"

static void object_sha1(const char *path, char text[SHA1_DIGEST_STRING_LENGTH])
{
	ck_assert_msg(SHA1File(path, text), "cannot read %s", path);
}

char *pin_path(const struct object_file *file, const struct outcome_map *map, enum loader loader)
{
	bool knows_all = loader == LOADER_TC || loader == LOADER_LIBRARY;
	bool in_globals = loader == LOADER_TC || loader == LOADER_STOCK_TC;
	char directory[64] = "";
	char *path;

	if (map->pin == PIN_NOWHERE ||
	    ((map->pin == PIN_OBJECT || map->pin == PIN_PATH) && !knows_all))
		return NULL;
	if (map->pin == PIN_PATH) {
		ck_assert_int_gt(
			asprintf(&path, "%s%s", *map->path == '/' ? "" : BPFFS "/", map->path), 0);
		return path;
	}
	if (map->pin == PIN_OBJECT) {
		strcpy(directory, "/tc/");
		object_sha1(file->path, directory + strlen(directory));
	} else if (in_globals || (knows_all && map->pin == PIN_GLOBAL)) {
		strcpy(directory, "/tc/globals");
	}
	ck_assert_int_gt(asprintf(&path, BPFFS "%s/%s", directory, map->name), 0);
	return path;
}

struct lines {
	char *items[256];
	size_t count;
};

static void add_line(struct lines *lines, const char *text, size_t length)
{
	ck_assert_uint_lt(lines->count, sizeof(lines->items) / sizeof(lines->items[0]));
	for (size_t i = 0; i < lines->count; i++) {
		if (strlen(lines->items[i]) == length && !strncmp(lines->items[i], text, length))
			return;
	}
	lines->items[lines->count] = strndup(text, length);
	ck_assert_ptr_nonnull(lines->items[lines->count++]);
}

/* A path with the directories above it, each ending in a slash. */
static void add_path(struct lines *lines, const char *path)
{
	for (const char *slash = path; (slash = strchr(slash, '/')); slash++)
		add_line(lines, path, (size_t)(slash + 1 - path));
	add_line(lines, path, strlen(path));
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each ended by a newline; frees the lines. */
static char *join_lines(struct lines *lines)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	qsort(lines->items, lines->count, sizeof(lines->items[0]), compare_lines);
	for (size_t i = 0; i < lines->count; i++) {
		fprintf(out, "%s\n", lines->items[i]);
		free(lines->items[i]);
	}
	fclose(out);
	return text;
}

void assert_object_pins(const struct object_file *file, enum loader loader)
{
	bool has_links = false;
	struct lines lines = { 0 };
	char *expected CLEANUP(cleanup_free) = NULL;

	for (const struct outcome_map *map = outcome_maps(file->object); map->name; map++) {
		char *path CLEANUP(cleanup_free) = pin_path(file, map, loader);

		if (path)
			add_path(&lines, path + strlen(BPFFS "/"));
		/* iproute2's directories are for iproute2's pins */
		has_links |= path && map->pin != PIN_PATH && loader != LOADER_LIBBPF;
	}
	if (has_links) {
		add_path(&lines, "tc/globals/");
		add_path(&lines, "xdp -> tc");
		add_path(&lines, "ip -> tc");
	}
	expected = join_lines(&lines);
	assert_tree(expected);
}

static void assert_own_directory(const char *name, size_t length)
{
	char *path CLEANUP(cleanup_free) = NULL;
	struct stat st;

	ck_assert_int_gt(asprintf(&path, BPFFS "/%.*s", (int)length, name), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_msg((st.st_mode & 07777) == 0700, "%s has mode %o", path, st.st_mode & 07777);
}

void assert_tree(const char *expected)
{
	char *tree CLEANUP(cleanup_free) = list_tree(BPFFS);

	ck_assert_str_eq(tree, expected);
	for (const char *line = tree; *line; line = strchr(line, '\n') + 1) {
		size_t length = strcspn(line, "\n");

		if (line[length - 1] == '/')
			assert_own_directory(line, length);
	}
}
