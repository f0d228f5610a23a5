/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap tc exec: what tc does with BPF beside attaching it. The verbs are in files of their own.
 */
#include <string.h>

#include "exec.h"
#include "iproute2_command.h"
#include "tc.h"

/* The maps come first: tc reads nothing behind this word. */
static enum cli_status run_alone(struct words *words, int change)
{
	(void)change;
	return words_wrong(words, "import PATH must stand before run");
}

/* in the order in which tc compares */
static const struct iproute2_verb verbs[] = {
	{ "run", "tc exec bpf", run_alone, 0 },
	{ "import", "tc exec bpf import", exec_import, 0 },
	{ "debug", "tc exec bpf debug", exec_trace, 0 },
	{ "dbg", "tc exec bpf dbg", exec_trace, 0 },
	{ "graft", "tc exec bpf graft", exec_graft, 0 },
	{ "help", "tc exec bpf", iproute2_help_verb, 0 },
	{ NULL, NULL, NULL, 0 },
};

bool tc_exec_runs(char *const *words, int count)
{
	/* the last word but one is the socket's path */
	return count >= 5 && word_matches(words[count - 5], "exec") &&
	       !strcmp(words[count - 4], "bpf") && word_matches(words[count - 3], "import") &&
	       word_matches(words[count - 1], "run");
}

enum cli_status tc_exec(struct words *words)
{
	const char *kind = words_take(words);

	if (!kind)
		return words_wrong(words, "bpf is missing");
	if (word_matches(kind, "help"))
		return iproute2_print_help(words);
	if (strcmp(kind, "bpf") != 0)
		return words_wrong(words, "what is '%s'? bpf", kind);
	words->command = "tc exec bpf";
	if (!words_left(words))
		return words_wrong(words, "graft, import or dbg?");
	return iproute2_run_verb(words, verbs);
}
