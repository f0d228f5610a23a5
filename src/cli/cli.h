/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the rooms of the command-line tool share: the state of one run, what a command is, and the
 * exit status. The commands themselves are one file each.
 */
#ifndef ELFMAP_CLI_H
#define ELFMAP_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "messages.h"

struct option;

enum cli_color {
	CLI_COLOR_NEVER,
	CLI_COLOR_AUTO, /* on a terminal */
	CLI_COLOR_ALWAYS,
};

/* One run of the tool: the options that every command knows, and what was said so far. */
struct cli {
	bool json;
	bool pretty;
	bool help;
	bool version;
	int verbose;
	const char *layout; /* of all legacy definitions; NULL: told from the object */
	bool no_qdisc;	    /* elfmap tc: make no clsact where one is missing */
	bool keep_tail_calls;
	/* tc's and ip's own */
	bool statistics;
	bool details;
	bool oneline;
	bool numeric; /* protocols by their numbers */
	bool force;
	enum cli_color color;
	const char *batch; /* the file */
	int family;	   /* AF_*; 0: told from the addresses */
	struct messages messages;
};

/* How often --pin-path may be said. */
#define PIN_PATHS_MAX 64

/* What the command line gives to one command. */
struct arguments {
	const char *pin_dir;
	const char *type;
	const char *loader;		      /* convert --for */
	const char *pin_policy;		      /* exec --pin-policy */
	const char *pin_paths[PIN_PATHS_MAX]; /* load --pin-path: MAP=PATH */
	int nr_pin_paths;
	bool layouts;
	bool no_tags;
	bool rename_sections;
	bool strict;
	int count;
	char **words;
};

struct command {
	const char *name;
	const char *summary;
	const char *help;
	/* its options, beside those that every command knows */
	const struct option *options;
	int least_words;
	int most_words;
	/* options behind the command's name are the command's own affair: all of them are words */
	bool own_options;
	/* options end at the first word: what follows are those of another command */
	bool leading_options;
	/* by enum cli_status; NULL: 0 done, 1 refused, 2 wrong usage */
	const int *exit_status;
	enum cli_status (*run)(struct cli *cli, const struct arguments *arguments);
};

extern const struct command inspect_command;
extern const struct command convert_command;
extern const struct command load_command;
extern const struct command exec_command;
extern const struct command tc_command;
extern const struct command ip_command;

/* Find the command, parse its options, run it. Returns the exit status. */
int cli_run(struct cli *cli, int argc, char **argv);

/* The versions of elfmap and libbpf on stdout. */
enum cli_status cli_print_version(void);

#endif
