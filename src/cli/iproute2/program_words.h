/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words that name a program, the same behind all of tc's and ip's commands: obj FILE with those
 * right behind it that belong to it, or pinned PATH.
 */
#ifndef ELFMAP_CLI_PROGRAM_WORDS_H
#define ELFMAP_CLI_PROGRAM_WORDS_H

#include "program.h"
#include "words.h"

/* Whether a word begins the choice of a program: obj, pinned, or bytecode, which is left to tc. */
bool program_words_begin(const char *word);
/*
 * Behind such a word: its value, and the words that belong to it; what follows them remains. The
 * kind may be NULL: then the word type may tell it, which is otherwise a classifier's.
 */
enum cli_status program_words_take(struct words *words, const char *word,
				   struct program_choice *choice);
/* Take one of the words that belong to it later on: whether word was one. */
bool program_words_take_more(struct words *words, const char *word, struct program_choice *choice,
			     enum cli_status *status);
/* What the words say is not enough, or contradicts itself: CLI_USAGE. */
enum cli_status program_words_check(struct words *words, const struct program_choice *choice);

#endif
