/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "log.h"
#include "placing.h"
#include "rights.h"

#define TEMPORARY_PREFIX "elfmap_"
#define TEMPORARY_DIGITS 16

int placings_add(struct placings *placings, struct placing placing)
{
	struct placing *grown =
		reallocarray(placings->list, placings->count + 1, sizeof(*placings->list));

	if (!grown)
		return -ENOMEM;
	placings->list = grown;
	placing.temporary = NULL;
	grown[placings->count++] = placing;
	return 0;
}

void placings_release(struct placings *placings)
{
	for (size_t i = 0; i < placings->count; i++)
		free(placings->list[i].temporary);
	free(placings->list);
	*placings = (struct placings){ NULL, 0 };
}

/*
 * A name beside path that nobody has; no dot in it: bpffs refuses those. Numbers of processes come
 * again, in containers soon, and a process that was killed leaves its name behind.
 */
static char *temporary_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash + 1 - path) : 0;
	unsigned long long number;
	char *temporary;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number) ||
	    asprintf(&temporary, "%.*s" TEMPORARY_PREFIX "%0*llx", length, path, TEMPORARY_DIGITS,
		     number) < 0)
		return NULL;
	return temporary;
}

bool placing_is_temporary(const char *name)
{
	const size_t prefix = strlen(TEMPORARY_PREFIX);

	return !strncmp(name, TEMPORARY_PREFIX, prefix) &&
	       strspn(name + prefix, "0123456789abcdef") == TEMPORARY_DIGITS &&
	       strlen(name) == prefix + TEMPORARY_DIGITS;
}

static int cannot_pin(const struct elfmap_object *object, const struct placing *placing, int err)
{
	char remark[RIGHTS_TEXT_MAX];

	log_error("%s: %s \"%s\": cannot pin it as %s: %s%s", object->view.name, placing->kind,
		  placing->name, placing->path, strerror(-err), rights_remark(err, remark));
	return err;
}

static int stage(struct elfmap_object *object, struct placing *placing)
{
	int err;

	placing->temporary = temporary_name(placing->path);
	if (!placing->temporary)
		return -ENOMEM;
	if (bpf_obj_pin(placing->fd, placing->temporary))
		return cannot_pin(object, placing, -errno);
	err = journal_add_file(&object->journal, placing->temporary);
	if (err)
		unlink(placing->temporary);
	return err;
}

static int move(struct elfmap_object *object, const struct placing *placing)
{
	int err;

	if (syscall(SYS_renameat2, AT_FDCWD, placing->temporary, AT_FDCWD, placing->path,
		    RENAME_NOREPLACE)) {
		err = -errno;
		return err == -EEXIST && placing->may_lose ? -EAGAIN :
							     cannot_pin(object, placing, err);
	}
	err = journal_add_file(&object->journal, placing->path);
	if (err) {
		unlink(placing->path);
		return err;
	}
	log_info("%s: %s \"%s\": pinned as %s", object->view.name, placing->kind, placing->name,
		 placing->path);
	return 0;
}

/* Most of what can go wrong goes wrong while staging, before any pin is where others look. */
int placings_place(struct elfmap_object *object, const struct placings *placings)
{
	int err = 0;

	for (size_t i = 0; !err && i < placings->count; i++)
		err = stage(object, &placings->list[i]);
	for (size_t i = 0; !err && i < placings->count; i++)
		err = move(object, &placings->list[i]);
	return err;
}
