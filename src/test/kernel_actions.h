/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Actions of traffic control in the kernel, through rtnetlink and nothing of elfmap's. Calls end the
 * test where they fail.
 */
#ifndef ELFMAP_TEST_KERNEL_ACTIONS_H
#define ELFMAP_TEST_KERNEL_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* Whether the kernel has actions of a kind; it loads its module for that. */
bool kernel_has_actions(const char *kind);
/* Skip the test unless it has, or unless it has none. */
void require_actions(const char *kind);
void require_no_actions(const char *kind);

/* Make an action that mirrors what it sees to a device. */
void add_mirror(__u32 index, const char *device);

/* How many actions of a kind there are, how many filters have, and whether one has the index. */
size_t count_actions(const char *kind);
size_t count_bound_actions(const char *kind);
bool has_action(const char *kind, __u32 index);

#endif
