/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "descriptor.h"
#include "handle.h"
#include "mounts.h"
#include "pin_search.h"

/* Errors that say nothing of the file, so that a search cannot go on without missing something. */
static bool is_shortage(int err)
{
	return err == -EMFILE || err == -ENFILE || err == -ENOMEM;
}

/* --- one pin ----------------------------------------------------------------------------------- */

/* A descriptor of what is pinned there, only to be looked at, in a way that its mode allows. */
static int open_pin(const char *path)
{
	/* links can only be opened for both */
	static const __u32 ways[] = { BPF_F_RDONLY, BPF_F_WRONLY, 0 };
	int fd = -EINVAL;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = ways[i]);

		fd = bpf_obj_get_opts(path, &opts);
		if (fd >= 0 || fd == -ENOENT || is_shortage(fd))
			return fd;
	}
	return fd;
}

int pin_search_holds(const char *path, uint32_t id)
{
	CLEANUP(cleanup_fd) int fd = -1;
	struct bpf_map_info info;
	struct stat st;
	int err;

	/* one look: who looks again may see another thing */
	if (lstat(path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	fd = open_pin(path);
	err = fd < 0 ? fd : handle_read_info(fd, &info);
	if (err)
		return err == -ENOENT || is_shortage(err) ? err : 0;
	return info.id == id;
}

const char *pin_search_text(const char *path, char text[PIN_TEXT_MAX])
{
	CLEANUP(cleanup_fd) int fd = -1;
	struct bpf_map_info info;
	struct stat st = { 0 };

	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
		fd = open_pin(path);
	if (S_ISDIR(st.st_mode))
		snprintf(text, PIN_TEXT_MAX, "a directory");
	else if (S_ISLNK(st.st_mode))
		snprintf(text, PIN_TEXT_MAX, "a symbolic link");
	else if (fd < 0)
		snprintf(text, PIN_TEXT_MAX, "something that cannot be opened");
	else if (!handle_read_info(fd, &info))
		snprintf(text, PIN_TEXT_MAX, "map \"%s\" (id %u)", info.name, info.id);
	else
		snprintf(text, PIN_TEXT_MAX, "a %s",
			 descriptor_is(fd, "bpf-prog") ? "program" : "link");
	return text;
}

/* --- all of them ------------------------------------------------------------------------------- */

/* A pin that holds the map. Its directory and name tell it from others, whatever its path. */
struct found {
	char *path;
	dev_t device;
	ino_t directory;
};

struct search {
	uint32_t id;
	bool is_one_enough;
	struct found *found;
	size_t nr_found;
	char **pending; /* directories that are still to be looked through */
	size_t nr_pending;
};

static void cleanup_search(struct search *search)
{
	for (size_t i = 0; i < search->nr_found; i++)
		free(search->found[i].path);
	for (size_t i = 0; i < search->nr_pending; i++)
		free(search->pending[i]);
	free(search->found);
	free(search->pending);
}

static void cleanup_directory(DIR **local)
{
	if (*local)
		closedir(*local);
}

/* Takes the path over, also on failure. */
static int add_pending(struct search *search, char *path)
{
	size_t size = (search->nr_pending + 1) * sizeof(*search->pending);
	char **pending = path ? realloc(search->pending, size) : NULL;

	if (!pending) {
		free(path);
		return -ENOMEM;
	}
	search->pending = pending;
	pending[search->nr_pending++] = path;
	return 0;
}

static const char *name_in(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool is_known(const struct search *search, const char *path, const struct stat *directory)
{
	for (size_t i = 0; i < search->nr_found; i++) {
		const struct found *found = &search->found[i];

		if (found->device == directory->st_dev && found->directory == directory->st_ino &&
		    !strcmp(name_in(found->path), name_in(path)))
			return true;
	}
	return false;
}

/* Takes the path over, also on failure. */
static int look_at_file(struct search *search, char *path, const struct stat *directory)
{
	CLEANUP(cleanup_free) char *owned = path;
	int holds = pin_search_holds(path, search->id);
	struct found *found;

	if (holds <= 0 || is_known(search, path, directory))
		return is_shortage(holds) ? holds : 0;
	found = realloc(search->found, (search->nr_found + 1) * sizeof(*found));
	if (!found)
		return -ENOMEM;
	search->found = found;
	found[search->nr_found++] = (struct found){
		.path = take_ptr(owned),
		.device = directory->st_dev,
		.directory = directory->st_ino,
	};
	return 0;
}

static char *path_below(const char *directory, const char *name)
{
	size_t length = strlen(directory);
	char *path;

	if (asprintf(&path, "%s%s%s", directory, directory[length - 1] == '/' ? "" : "/", name) < 0)
		return NULL;
	return path;
}

static int look_at_entry(struct search *search, const char *directory, const struct stat *st,
			 const struct dirent *entry)
{
	char *path;

	/* a bpffs always tells the type; "." and ".." are directories */
	if (entry->d_type == DT_DIR &&
	    (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")))
		return 0;
	if (entry->d_type != DT_DIR && entry->d_type != DT_REG)
		return 0;
	path = path_below(directory, entry->d_name);
	if (!path)
		return -ENOMEM;
	if (entry->d_type == DT_DIR)
		return add_pending(search, path);
	return look_at_file(search, path, st);
}

static bool is_over(const struct search *search)
{
	return search->is_one_enough && search->nr_found;
}

/*
 * A directory's own entries, if it is on this very bpffs: what is mounted below it is looked through
 * by itself. With one descriptor, however deep it is.
 */
static int look_through(struct search *search, const char *path, dev_t device)
{
	CLEANUP(cleanup_fd)
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	CLEANUP(cleanup_directory) DIR *directory = NULL;
	const struct dirent *entry;
	struct stat st;
	int err = 0;

	if (fd < 0)
		return is_shortage(-errno) ? -errno : 0;
	if (fstat(fd, &st) || st.st_dev != device)
		return 0;
	directory = fdopendir(fd);
	if (!directory)
		return -errno;
	take_fd(&fd);
	while (!err && !is_over(search) && (entry = readdir(directory)))
		err = look_at_entry(search, path, &st, entry);
	return err;
}

static int look_through_mount(const char *path, void *ctx)
{
	struct search *search = ctx;
	struct stat st;
	int err;

	/* hidden by another mount, or out of reach */
	if (is_over(search) || stat(path, &st) || !mounts_is(path, BPF_FS_MAGIC))
		return 0;
	err = add_pending(search, strdup(path));
	while (!err && search->nr_pending) {
		CLEANUP(cleanup_free)
		char *directory = search->pending[--search->nr_pending];

		if (!is_over(search))
			err = look_through(search, directory, st.st_dev);
	}
	return err;
}

static int search_all(struct search *search)
{
	return mounts_each("bpf", look_through_mount, search);
}

static int compare_paths(const void *a, const void *b)
{
	const struct found *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* The array, the NULL behind it, and the texts. */
static char **make_block(const struct search *search)
{
	size_t size = (search->nr_found + 1) * sizeof(char *);
	char **block, *text;

	for (size_t i = 0; i < search->nr_found; i++)
		size += strlen(search->found[i].path) + 1;
	block = malloc(size);
	if (!block)
		return NULL;
	text = (char *)(block + search->nr_found + 1);
	for (size_t i = 0; i < search->nr_found; i++) {
		block[i] = text;
		text = stpcpy(text, search->found[i].path) + 1;
	}
	block[search->nr_found] = NULL;
	return block;
}

int pin_search_paths(uint32_t id, char ***paths)
{
	CLEANUP(cleanup_search) struct search search = { .id = id };
	char **block = NULL;
	int err = search_all(&search);

	if (err)
		return err;
	if (search.nr_found) {
		qsort(search.found, search.nr_found, sizeof(*search.found), compare_paths);
		block = make_block(&search);
		if (!block)
			return -ENOMEM;
	}
	*paths = block;
	return (int)search.nr_found;
}

int pin_search_any(uint32_t id)
{
	CLEANUP(cleanup_search) struct search search = { .id = id, .is_one_enough = true };
	int err = search_all(&search);

	return err ? err : is_over(&search);
}
