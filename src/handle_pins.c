/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The pins of a handle's map.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "directory.h"
#include "handle.h"
#include "iproute2.h"
#include "log.h"
#include "pin_search.h"
#include "rights.h"

/* How often to try where others pin, remove pins and make directories at the same time. */
#define TRIES 16

static int cannot(const char *who, const char *what, const char *path, int err)
{
	char remark[RIGHTS_TEXT_MAX];

	log_error("%s: cannot %s %s: %s%s", who, what, path, strerror(-err),
		  rights_remark(err, remark));
	return err;
}

/* --- pinning ----------------------------------------------------------------------------------- */

/* What is there already: 0, this very map; -EAGAIN, nothing any more. */
static int meet(const struct elfmap_handle *handle, const char *who, const char *path)
{
	int holds = pin_search_holds(path, handle->info.id);
	char text[PIN_TEXT_MAX];

	if (holds > 0)
		return 0;
	if (holds == -ENOENT)
		return -EAGAIN;
	if (holds < 0)
		return cannot(who, "look at", path, holds);
	log_error(
		"%s: cannot pin as %s: %s is there: remove it if nothing uses it any more, or pin "
		"elsewhere",
		who, path, pin_search_text(path, text));
	return -EEXIST;
}

static int place(const struct elfmap_handle *handle, const char *who, const char *path)
{
	int err = bpf_obj_pin(handle->fd, path);

	if (err == -EEXIST)
		return meet(handle, who, path);
	/* a directory is gone that was there */
	if (err == -ENOENT)
		return -EAGAIN;
	return err ? cannot(who, "pin as", path, handle_result(err)) : 0;
}

/* -EAGAIN, without a message: others have changed what is there. */
static int try_pin(const struct elfmap_handle *handle, const char *who, const char *path)
{
	CLEANUP(cleanup_free) char *bpffs = iproute2_bpffs();
	struct journal made = { NULL, 0 };
	int err;

	if (!bpffs)
		return -ENOMEM;
	err = directory_make_above(who, bpffs, path, &made);
	if (!err)
		err = place(handle, who, path);
	if (err)
		journal_undo(&made);
	else
		journal_forget(&made);
	return err;
}

int elfmap_handle__pin(const struct elfmap_handle *handle, const char *path)
{
	char who[HANDLE_TEXT_MAX];
	int err = -EAGAIN;

	handle_text(handle, who);
	if (!*path || path[strlen(path) - 1] == '/') {
		log_error("%s: cannot pin as \"%s\": expected a name at the end", who, path);
		return -EINVAL;
	}
	if (directory_check_names(who, path))
		return -EINVAL;
	for (int i = 0; err == -EAGAIN && i < TRIES; i++)
		err = try_pin(handle, who, path);
	return err == -EAGAIN ? cannot(who, "pin as", path, -ENOENT) : err;
}

/* --- unpinning --------------------------------------------------------------------------------- */

static int unpin_at(const struct elfmap_handle *handle, const char *who, const char *path)
{
	int holds = pin_search_holds(path, handle->info.id);
	char text[PIN_TEXT_MAX];

	if (holds > 0)
		return unlink(path) ? cannot(who, "remove the pin", path, -errno) : 0;
	if (holds < 0)
		return cannot(who, "find its pin", path, holds);
	log_error("%s: its pin %s is left alone: %s is there", who, path,
		  pin_search_text(path, text));
	return -EEXIST;
}

/* Others may have removed it since it was found, or put their own there. */
static int unpin_found(const struct elfmap_handle *handle, const char *who, const char *path)
{
	int holds = pin_search_holds(path, handle->info.id);

	if (!holds || holds == -ENOENT)
		return 0;
	if (holds < 0)
		return cannot(who, "look at", path, holds);
	return unlink(path) && errno != ENOENT ? cannot(who, "remove the pin", path, -errno) : 0;
}

static int unpin_everywhere(const struct elfmap_handle *handle, const char *who)
{
	CLEANUP(cleanup_free) char **paths = NULL;
	int count = elfmap_handle__pin_paths(handle, &paths);
	int first = count < 0 ? count : 0;

	for (int i = 0; i < count; i++) {
		int err = unpin_found(handle, who, paths[i]);

		first = first ? first : err;
	}
	return first;
}

int elfmap_handle__unpin(const struct elfmap_handle *handle, const char *path)
{
	char who[HANDLE_TEXT_MAX];

	handle_text(handle, who);
	return path ? unpin_at(handle, who, path) : unpin_everywhere(handle, who);
}

/* --- searching --------------------------------------------------------------------------------- */

static int search_result(const struct elfmap_handle *handle, int result)
{
	char who[HANDLE_TEXT_MAX];

	if (result < 0)
		log_error("%s: cannot look for its pins: %s", handle_text(handle, who),
			  strerror(-result));
	return result;
}

int elfmap_handle__pin_paths(const struct elfmap_handle *handle, char ***paths)
{
	return search_result(handle, pin_search_paths(handle->info.id, paths));
}

int elfmap_handle__is_pinned(const struct elfmap_handle *handle)
{
	return search_result(handle, pin_search_any(handle->info.id));
}
