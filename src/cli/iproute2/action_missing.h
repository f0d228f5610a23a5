/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_ACTION_MISSING_H
#define ELFMAP_CLI_ACTION_MISSING_H

#include <stddef.h>

struct attach_action;
struct netlink;
struct words;

/*
 * The kernel refused to make these actions: below the message, say which of their kinds it lacks,
 * if that is why, and what to do without.
 */
void action_explain_missing(struct words *words, struct netlink *nl,
			    const struct attach_action *actions, size_t count);
/* The same for actions that should have been there, whose kind is not loaded or not there. */
void action_explain_unloaded(struct words *words, struct netlink *nl,
			     const struct attach_action *actions, size_t count);

#endif
