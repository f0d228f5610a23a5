/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What elfmap tc exec bpf does: one function a verb. Words begin behind it.
 */
#ifndef ELFMAP_CLI_EXEC_H
#define ELFMAP_CLI_EXEC_H

#include "words.h"

/* Replace one slot of a pinned prog array: MAP [key KEY] and a program. */
enum cli_status exec_graft(struct words *words, int change);

/*
 * Wait for maps that are exported to a socket, and become a command that has their descriptors:
 * PATH [run COMMAND ...]. Only returns on failure.
 */
enum cli_status exec_import(struct words *words, int change);

/* Copy what programs print to stderr, until interrupted. No words. */
enum cli_status exec_trace(struct words *words, int change);

#endif
