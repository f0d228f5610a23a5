/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of elfmap tc share.
 */
#ifndef ELFMAP_CLI_TC_H
#define ELFMAP_CLI_TC_H

#include "attach_tc.h"
#include "cli.h"
#include "words.h"

struct netlink;

/* tc's objects; words begin behind the object's name. */
enum cli_status tc_qdisc(struct words *words);
enum cli_status tc_filter(struct words *words);

/*
 * A verb of an object, such as add. Tables end with a NULL word and are searched as those of
 * keywords; no function: what is left to tc.
 */
struct tc_verb {
	const char *word;
	const char *command; /* for messages, as "tc filter add" */
	enum cli_status (*run)(struct words *words, enum attach_tc_verb change);
	enum attach_tc_verb change; /* for the verbs that change something */
};

/* Run the verb that the next word is; without a word, as tc does, the one called "show". */
enum cli_status tc_run_verb(struct words *words, const struct tc_verb *verbs);
/* The verb help of every object. */
enum cli_status tc_help_verb(struct words *words, enum attach_tc_verb change);

/* The help text of elfmap tc on stdout. */
enum cli_status tc_print_help(void);

/* The index of a network interface; 0, and the user was told. */
int tc_find_device(struct cli *cli, const char *name);
/* Open the socket; on failure the user was told. */
enum cli_status tc_open(struct cli *cli, struct netlink *nl);
/*
 * After a request: tell what the kernel said to it. `where` names what the request was about.
 * CLI_OK if err is 0, else CLI_REFUSED.
 */
enum cli_status tc_answer(struct words *words, const struct netlink *nl, int err,
			  const char *where);

#endif
