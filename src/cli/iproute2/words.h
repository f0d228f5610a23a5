/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of tc's and ip's command lines: keywords, abbreviated as those tools allow, and the
 * values behind them. Grammar only: what the words mean is the commands' affair.
 */
#ifndef ELFMAP_CLI_WORDS_H
#define ELFMAP_CLI_WORDS_H

#include <stdbool.h>
#include <linux/types.h>

#include "cli/messages.h"

struct cli;

/* A command line that is read from left to right. */
struct words {
	struct cli *cli;
	const char *command; /* as in "tc filter add", for messages */
	const char *tool;    /* "tc" or "ip" */
	const char *help;    /* its help text */
	bool wants_help;     /* that was the last word: print it and do nothing */
	char **next;
	char **end;
};

/*
 * A keyword. Tables end with a NULL word; the first row that a word matches is taken, so their
 * order is the order in which the original tool compares.
 */
struct keyword {
	const char *word;
	bool exact; /* may not be abbreviated */
	/* take the values that follow; NULL: what elfmap leaves to the original tool */
	enum cli_status (*take)(struct words *words, void *ctx);
};

/* Whether word is keyword or an abbreviation of it, as tc's and ip's matches(). */
bool word_matches(const char *word, const char *keyword);

const struct keyword *find_keyword(const struct keyword *table, const char *word);

bool words_left(const struct words *words);
/* The next word, or NULL at the end. */
const char *words_take(struct words *words);
/* The value behind a keyword; CLI_USAGE if there is none. */
enum cli_status words_take_value(struct words *words, const char *keyword, const char **value);
/* The same where *value is NULL so far; CLI_USAGE if it is not: the keyword may be given once. */
enum cli_status words_take_text(struct words *words, const char *keyword, const char **value);
/* The same for a number in C notation up to most. */
enum cli_status words_take_number(struct words *words, const char *keyword, __u32 most,
				  __u32 *number);
/* The same for one in decimal notation, zeros in front or not. */
enum cli_status words_take_decimal(struct words *words, const char *keyword, __u32 most,
				   __u32 *number);

/* The keyword help: what follows it does not matter. */
enum cli_status words_take_help(struct words *words, void *ctx);

/*
 * Take the values of a found row, if it is one of elfmap's. Otherwise say that it is not, and
 * which command takes it.
 */
enum cli_status words_apply(struct words *words, const struct keyword *row, const char *word,
			    void *ctx);

/* What the original tool knows and elfmap does not: names its command. Returns CLI_USAGE. */
enum cli_status words_not_ours(struct words *words, const char *word);
/* The same of what may as well be a typing error. */
enum cli_status words_unknown(struct words *words, const char *word);
/* Wrong usage of the command, with a message. Returns CLI_USAGE. */
enum cli_status words_wrong(struct words *words, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Numbers in C notation, and tc's MAJOR:MINOR, which is hexadecimal. False: not one, or too big. */
bool read_number(const char *text, __u32 most, __u32 *number);
bool read_classid(const char *text, __u32 *classid);
/* A classid as tc prints it; text has room for 16. */
void classid_text(__u32 classid, char *text);

/* Protocols by tc's names or numbers, in the host's byte order. */
bool read_protocol(const char *text, __u16 *protocol);
/* As tc prints it; buffer, for those without a name, has room for 16. */
const char *protocol_text(__u16 protocol, bool numeric, char *buffer);

#endif
