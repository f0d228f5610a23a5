/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Asking the kernel over rtnetlink, and telling the user what it answered. The messages themselves
 * are the attach rooms'.
 */
#ifndef ELFMAP_CLI_RTNETLINK_H
#define ELFMAP_CLI_RTNETLINK_H

#include "netlink.h"
#include "words.h"

/* The index of a network interface; 0, and the user was told. */
int rtnetlink_find_device(struct cli *cli, const char *name);
/* Open the socket; on failure the user was told. */
enum cli_status rtnetlink_open(struct cli *cli, struct netlink *nl);
/*
 * After a request: tell what the kernel said to it. `where` names what the request was about.
 * CLI_OK if err is 0, else CLI_KERNEL.
 */
enum cli_status rtnetlink_answer(struct words *words, const struct netlink *nl, int err,
				 const char *where);

#endif
