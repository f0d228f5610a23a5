/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap tc share.
 */
#ifndef ELFMAP_CLI_TC_H
#define ELFMAP_CLI_TC_H

#include "words.h"

/* tc's objects; words begin behind the object's name. */
enum cli_status tc_qdisc(struct words *words);
enum cli_status tc_filter(struct words *words);
enum cli_status tc_actions(struct words *words);
enum cli_status tc_exec(struct words *words);
/* Whether these are the words before a command that tc exec is to run. */
bool tc_exec_runs(char *const *words, int count);

#endif
