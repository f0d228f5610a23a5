/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Options of elfmap's own commands: const tables, and one parser for them. tc's options and words
 * have a grammar of their own, in tc.c and words.c.
 */
#ifndef ELFMAP_CLI_OPTIONS_H
#define ELFMAP_CLI_OPTIONS_H

#include "cli.h"

/* Tables end with a NULL name. */
struct option {
	char letter; /* '\0' is none */
	const char *name;
	bool has_value;
	void (*set)(struct cli *cli, struct arguments *arguments, const char *value);
};

/* Those that every command knows. */
extern const struct option common_options[];

/* Those that only elfmap tc and elfmap ip know, before and behind these words. */
extern const struct option iproute2_long_options[];

/*
 * Takes the options --NAME of a table, wherever they stand, out of arguments->words; all other words
 * remain. Behind words at which `ends` is true of those so far, all remain; NULL: there are none
 * such. Returns CLI_OK or, with a message, CLI_USAGE.
 */
enum cli_status options_take_long(struct cli *cli, const char *command, const struct option *table,
				  bool (*ends)(char *const *words, int count),
				  struct arguments *arguments);

/*
 * Takes options, the common ones and those of the table (which may be NULL), out of
 * arguments->words, up to the first word that is none (if only_leading) or from everywhere. What
 * remains are the words. Returns CLI_OK or, with a message, CLI_USAGE.
 */
enum cli_status options_parse(struct cli *cli, const char *command, const struct option *table,
			      bool only_leading, struct arguments *arguments);

#endif
