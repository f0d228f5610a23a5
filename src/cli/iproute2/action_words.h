/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The words of a list of actions, which are the same in tc's actions and behind the word action of
 * a filter. Those of kinds bpf, gact and mirred are read; others are left to tc.
 */
#ifndef ELFMAP_CLI_ACTION_WORDS_H
#define ELFMAP_CLI_ACTION_WORDS_H

#include "attach_action.h"
#include "program.h"
#include "words.h"

struct programs;

/* What the words say; action_words_load() finds the programs and devices of .actions. */
struct action_request {
	size_t count;
	struct attach_action actions[ATTACH_ACTIONS_MAX];
	struct program_choice choices[ATTACH_ACTIONS_MAX]; /* of those of kind bpf */
	const char *devices[ATTACH_ACTIONS_MAX];	   /* of those of kind mirred, or NULL */
};

/*
 * Read actions up to the end, or up to a word that ends them: classid or flowid, and tc's verbs, of
 * which a command line may have several. One action at least.
 */
enum cli_status action_words_take(struct words *words, struct action_request *request);
/* The next word, words "action" before it passed over and *expects set by them; NULL: the end. */
const char *action_words_next(struct words *words, bool *expects);
/* CLI_OK if it is a kind of actions that elfmap prints in full, and so lists. */
enum cli_status action_words_check_kind(struct words *words, const char *kind);

/*
 * Find the devices of actions, and load their programs. On failure there was a message; the caller
 * takes back.
 */
enum cli_status action_words_load(struct words *words, struct action_request *request,
				  struct programs *programs);

#endif
