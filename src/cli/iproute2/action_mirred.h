/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of an action mirred, which sends packets to another device. Looking for the device is
 * not done here.
 */
#ifndef ELFMAP_CLI_ACTION_MIRRED_H
#define ELFMAP_CLI_ACTION_MIRRED_H

#include "words.h"

struct attach_action;

/*
 * Read what stands behind the word mirred, up to what may stand behind all actions. *device is the
 * name of the device, or left alone where the action is one that is there.
 */
enum cli_status mirred_take(struct words *words, struct attach_action *action, const char **device);

#endif
