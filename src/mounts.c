/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "mounts.h"

static void cleanup_mounts(FILE **mounts)
{
	if (*mounts)
		endmntent(*mounts);
}

bool mounts_is(const char *path, unsigned long magic)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (unsigned long)fs.f_type == magic;
}

static char *first_in_table(const char *name)
{
	CLEANUP(cleanup_mounts) FILE *mounts = setmntent("/proc/mounts", "re");
	struct mntent *mount;

	while (mounts && (mount = getmntent(mounts)))
		if (!strcmp(mount->mnt_type, name))
			return strdup(mount->mnt_dir);
	return NULL;
}

char *mounts_find(const struct mount_type *type)
{
	for (const char *const *path = type->usual; *path; path++)
		if (mounts_is(*path, type->magic))
			return strdup(*path);
	return first_in_table(type->name);
}
