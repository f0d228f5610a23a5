/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What tc prints of actions of one kind alone.
 */
#ifndef ELFMAP_CLI_ACTION_KINDS_H
#define ELFMAP_CLI_ACTION_KINDS_H

struct attach_action;
struct cli;
struct output;

struct action_kind {
	const char *name;
	/* put what stands behind the name on the first line */
	void (*put)(const struct cli *cli, struct output *out, const struct attach_action *action);
	/* print the lines that follow it; NULL: none */
	void (*show)(const struct output *out, const struct attach_action *action);
	const char *index; /* the label of the index, in which tc is not consistent */
	const char *left;  /* nor in what it leaves on the line after that one */
};

/* NULL: a kind of which only what all actions have is printed. */
const struct action_kind *action_kind_named(const char *name);

#endif
