/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The trace pipe, where what programs print with bpf_trace_printk() comes out. Facts: bpf_trace_pipe()
 * in lib/bpf_legacy.c of iproute2.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "cli/memory.h"
#include "exec.h"
#include "mounts.h"

/* --- tracefs ------------------------------------------------------------------------------ */

/* Where it is mounted, for free(); NULL if nowhere. */
static char *find_tracefs(void)
{
	static const char *const usual[] = {
		"/sys/kernel/tracing", "/sys/kernel/debug/tracing", "/tracing", "/trace", NULL,
	};
	static const struct mount_type tracefs = { "tracefs", TRACEFS_MAGIC, usual };

	return mounts_find(&tracefs);
}

/* --- the pipe ----------------------------------------------------------------------------- */

/* Of a regular file on stderr, or a full disk, there may be less. */
static bool write_all(const char *bytes, size_t size)
{
	ssize_t written;

	for (; size; bytes += written, size -= (size_t)written) {
		written = write(STDERR_FILENO, bytes, size);
		if (written < 0 && errno == EINTR)
			written = 0;
		if (written < 0)
			return false;
	}
	return true;
}

/* Until a signal ends the process, or there is nothing to read or to write to any more. */
static enum cli_status copy(struct cli *cli, int pipe, const char *path)
{
	char bytes[4096];
	ssize_t size;

	do
		size = read(pipe, bytes, sizeof(bytes));
	while ((size < 0 && errno == EINTR) || (size > 0 && write_all(bytes, (size_t)size)));
	if (size < 0)
		return message_refused(cli, -errno, "%s: cannot read it", path);
	if (size > 0)
		return CLI_REFUSED;
	message_error(cli, "%s: it ended: is tracing switched off (tracing_on)?", path);
	return CLI_REFUSED;
}

enum cli_status exec_trace(struct words *words, int change)
{
	CLEANUP(cleanup_free) char *tracefs = NULL;
	CLEANUP(cleanup_free) char *path = NULL;
	CLEANUP(cleanup_fd) int pipe = -1;

	(void)change;
	if (words_left(words))
		return words_wrong(words, "what is '%s'?", words_take(words));
	tracefs = find_tracefs();
	if (!tracefs) {
		message_error(words->cli, "no tracefs is mounted");
		message_detail(words->cli, "mount -t tracefs tracefs /sys/kernel/tracing");
		return CLI_REFUSED;
	}
	if (asprintf(&path, "%s/trace_pipe", tracefs) < 0) {
		path = NULL;
		out_of_memory();
	}
	pipe = open(path, O_RDONLY | O_CLOEXEC);
	if (pipe < 0)
		return message_refused(words->cli, -errno, "%s: cannot read it", path);
	message_note(words->cli, "copying %s; Ctrl-C ends it", path);
	return copy(words->cli, pipe, path);
}
