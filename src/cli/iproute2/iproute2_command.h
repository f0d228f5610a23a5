/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What elfmap tc and elfmap ip share: a command line of options, an object, a verb and words; files
 * of such lines; and the exit status. What the objects do is in files of their own.
 */
#ifndef ELFMAP_CLI_IPROUTE2_COMMAND_H
#define ELFMAP_CLI_IPROUTE2_COMMAND_H

#include "cli/cli.h"
#include "words.h"

/* What a command line is about, such as filter; its words begin behind that one. */
struct iproute2_object {
	const char *word;
	const char *command; /* for messages, as "tc filter" */
	/* NULL: what is left to the original tool */
	enum cli_status (*run)(struct words *words);
};

enum iproute2_value {
	NO_VALUE,
	NEXT_WORD,    /* as in "-netns NAME" */
	AFTER_EQUALS, /* as in "-color=always", if it has any */
};

/* The setter gets the value of those that have one, NULL without one. */
struct iproute2_option {
	const char *word;
	enum iproute2_value value;
	enum cli_status (*set)(struct words *words, const char *value);
};

/* One of the two tools. Tables end with a NULL word and are searched as those of keywords. */
struct iproute2_command {
	const char *name;
	const char *help;
	const char *missing; /* what to ask where no object is named */
	const struct iproute2_option *options;
	const struct iproute2_object *objects;
	/* whether the words that follow these are another command's; NULL: they never are */
	bool (*ends)(char *const *words, int count);
};

/* The options of each, in the order in which it compares; in iproute2_options.c. */
extern const struct iproute2_option tc_options[];
extern const struct iproute2_option ip_options[];

extern const int iproute2_exit_status[];

/* Run what the arguments say. */
enum cli_status iproute2_run(struct cli *cli, const struct iproute2_command *command,
			     const struct arguments *arguments);

/* A verb of an object, such as add; the tables are as above. */
struct iproute2_verb {
	const char *word;
	const char *command; /* for messages, as "tc filter add" */
	enum cli_status (*run)(struct words *words, int change);
	int change; /* handed to run: the verb as the attach room calls it */
};

/* Run the verb that the next word is; without a word, as tc and ip do, the one called "show". */
enum cli_status iproute2_run_verb(struct words *words, const struct iproute2_verb *verbs);
/* The verb help of every object. */
enum cli_status iproute2_help_verb(struct words *words, int change);
/* The help text of the command on stdout. */
enum cli_status iproute2_print_help(const struct words *words);

#endif
