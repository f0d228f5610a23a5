/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "netns.h"
#include "cli/memory.h"

#define NETNS_DIR "/var/run/netns"

enum cli_status netns_enter(struct cli *cli, const char *name)
{
	CLEANUP(cleanup_free) char *path = NULL;
	CLEANUP(cleanup_fd) int fd = -1;
	int err;

	if (!*name || strchr(name, '/')) {
		message_error(cli, "'%s' is no name of a network namespace", name);
		return CLI_USAGE;
	}
	if (asprintf(&path, NETNS_DIR "/%s", name) < 0) {
		path = NULL;
		out_of_memory();
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !setns(fd, CLONE_NEWNET))
		return CLI_OK;
	err = errno;
	message_error(cli, "cannot %s network namespace %s (%s): %s", fd < 0 ? "open" : "enter",
		      name, path, strerror(err));
	if (err == ENOENT)
		message_detail(cli, "ip netns list shows which there are");
	if (err == EPERM)
		message_detail(cli, "this needs root, or CAP_SYS_ADMIN");
	return CLI_REFUSED;
}
