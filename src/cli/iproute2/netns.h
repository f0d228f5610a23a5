/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_NETNS_H
#define ELFMAP_CLI_NETNS_H

#include "cli/messages.h"

/*
 * Enter the network namespace of that name, as "ip netns" makes them, for the rest of the run. Unlike
 * tc and ip, stay in the mount namespace: theirs gets a new /sys with an empty bpffs, and what is
 * pinned there goes when they end.
 */
enum cli_status netns_enter(struct cli *cli, const char *name);

#endif
