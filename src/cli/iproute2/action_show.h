/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Actions as tc prints them: those of kinds bpf, gact and mirred; of other kinds what all actions
 * have.
 */
#ifndef ELFMAP_CLI_ACTION_SHOW_H
#define ELFMAP_CLI_ACTION_SHOW_H

#include <stdbool.h>
#include <stddef.h>

struct attach_action;
struct attach_action_list;
struct cli;
struct json_object;
struct output;

/*
 * The array "actions" of the JSON object, or lines of text. Actions that are bound are those behind
 * a filter: of these, tc tells less about hardware, and it puts empty lines behind them instead of
 * before.
 */
void action_show_list(const struct cli *cli, const struct output *out,
		      const struct attach_action *actions, size_t count, bool bound);

/* One answer of the kernel's as tc prints it: two members of the JSON array, or text if it is NULL. */
void action_show_answer(const struct cli *cli, struct json_object *array,
			const struct attach_action_list *list);

#endif
