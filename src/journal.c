/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "journal.h"

enum change_kind {
	CHANGE_FILE,
	CHANGE_DIRECTORY,
	CHANGE_MOUNT,
	CHANGE_SLOT
};

struct change {
	enum change_kind kind;
	char *path;  /* of a file, directory or mount */
	ino_t inode; /* of a file */
	int map_fd;  /* of a slot */
	uint32_t key;
	int old_fd;
};

static void release(struct change *change)
{
	free(change->path);
	if (change->map_fd >= 0)
		close(change->map_fd);
	if (change->old_fd >= 0)
		close(change->old_fd);
}

/* Somebody may have put another in its place. */
static void remove_own_file(const struct change *change)
{
	struct stat st;

	if (lstat(change->path, &st) == 0 && st.st_ino == change->inode)
		unlink(change->path);
}

/* But for the kernel's own files. */
static bool is_empty(const char *bpffs)
{
	DIR *directory = opendir(bpffs);
	const struct dirent *entry;
	bool empty = directory;

	while (empty && (entry = readdir(directory)))
		empty = entry->d_name[0] == '.' || !strcmp(entry->d_name, "maps.debug") ||
			!strcmp(entry->d_name, "progs.debug");
	if (directory)
		closedir(directory);
	return empty;
}

static void undo(const struct change *change)
{
	switch (change->kind) {
	case CHANGE_FILE:
		remove_own_file(change);
		break;
	case CHANGE_DIRECTORY:
		rmdir(change->path);
		break;
	case CHANGE_MOUNT:
		/* others may have pinned there since */
		if (is_empty(change->path))
			umount(change->path);
		break;
	case CHANGE_SLOT:
		if (change->old_fd < 0)
			bpf_map_delete_elem(change->map_fd, &change->key);
		else
			bpf_map_update_elem(change->map_fd, &change->key, &change->old_fd, BPF_ANY);
		break;
	}
}

/* Takes over what the change owns, also on failure. */
static int add(struct journal *journal, struct change change)
{
	struct change *changes;

	changes = reallocarray(journal->changes, journal->count + 1, sizeof(*changes));
	if (!changes) {
		release(&change);
		return -ENOMEM;
	}
	journal->changes = changes;
	changes[journal->count++] = change;
	return 0;
}

static int add_path(struct journal *journal, enum change_kind kind, const char *path)
{
	struct change change = { .kind = kind, .path = strdup(path), .map_fd = -1, .old_fd = -1 };
	struct stat st;

	if (lstat(path, &st) == 0)
		change.inode = st.st_ino;
	return change.path ? add(journal, change) : -ENOMEM;
}

int journal_add_file(struct journal *journal, const char *path)
{
	return add_path(journal, CHANGE_FILE, path);
}

int journal_add_directory(struct journal *journal, const char *path)
{
	return add_path(journal, CHANGE_DIRECTORY, path);
}

int journal_add_mount(struct journal *journal, const char *path)
{
	return add_path(journal, CHANGE_MOUNT, path);
}

int journal_add_slot(struct journal *journal, int map_fd, uint32_t key, int old_fd)
{
	struct change change = { .kind = CHANGE_SLOT, .map_fd = -1, .key = key, .old_fd = -1 };

	change.map_fd = fcntl(map_fd, F_DUPFD_CLOEXEC, 0);
	if (old_fd >= 0)
		change.old_fd = fcntl(old_fd, F_DUPFD_CLOEXEC, 0);
	if (change.map_fd < 0 || (old_fd >= 0 && change.old_fd < 0)) {
		int err = -errno;

		release(&change);
		return err;
	}
	return add(journal, change);
}

void journal_undo_since(struct journal *journal, size_t count)
{
	while (journal->count > count) {
		struct change *last = &journal->changes[--journal->count];

		undo(last);
		release(last);
	}
}

void journal_undo(struct journal *journal)
{
	journal_undo_since(journal, 0);
	journal_forget(journal);
}

void journal_forget(struct journal *journal)
{
	for (size_t i = 0; i < journal->count; i++)
		release(&journal->changes[i]);
	free(journal->changes);
	*journal = (struct journal){ NULL, 0 };
}
