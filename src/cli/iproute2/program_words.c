/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Tables are in the order in which iproute2 compares (lib/bpf_legacy.c there). It wants the words
 * behind the file in one order; here any will do.
 */
#include <linux/bpf.h>

#include "cli/cli.h"
#include "program_words.h"

static enum cli_status take_section(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;

	return words_take_text(words, "section", &choice->section);
}

static enum cli_status take_program(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;

	return words_take_text(words, "program", &choice->program);
}

static enum cli_status take_verbose(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;

	(void)words;
	choice->verbose = true;
	return CLI_OK;
}

static enum cli_status take_export(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;

	return words_take_text(words, "export", &choice->export_path);
}

static enum cli_status take_type(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;
	enum cli_status status;
	const char *value;

	status = words_take_value(words, "type", &value);
	if (status != CLI_OK)
		return status;
	choice->kind = program_kind_named(value);
	if (!choice->kind)
		return words_wrong(words,
				   "'%s' is no type: cls, act, xdp, lwt_in, lwt_out, "
				   "lwt_xmit or lwt_seg6local?",
				   value);
	return CLI_OK;
}

static const struct keyword any_keywords[] = {
	{ "section", false, take_section },
	{ "program", true, take_program },
	{ "verbose", false, take_verbose },
	{ NULL, false, NULL },
};

static const struct keyword export_keywords[] = {
	{ "section", false, take_section },
	{ "program", true, take_program },
	{ "export", false, take_export },
	{ "verbose", false, take_verbose },
	{ NULL, false, NULL },
};

static const struct keyword type_keywords[] = {
	{ "type", false, take_type },
	{ NULL, false, NULL },
};

static const struct keyword *find_more(const struct program_choice *choice, const char *word)
{
	if (!choice->kind)
		return find_keyword(type_keywords, word);
	return find_keyword(choice->kind->may_export ? export_keywords : any_keywords, word);
}

bool program_words_take_more(struct words *words, const char *word, struct program_choice *choice,
			     enum cli_status *status)
{
	const struct keyword *row = find_more(choice, word);

	if (row)
		*status = words_apply(words, row, word, choice);
	return row;
}

/* --- obj and pinned ----------------------------------------------------------------------- */

static enum cli_status take_more(struct words *words, struct program_choice *choice)
{
	enum cli_status status = CLI_OK;

	if (!choice->kind && words_left(words) && find_more(choice, *words->next))
		status = take_type(words, (words_take(words), choice));
	else if (!choice->kind)
		choice->kind = program_kind_of(BPF_PROG_TYPE_SCHED_CLS);
	while (status == CLI_OK && words_left(words) && find_more(choice, *words->next))
		program_words_take_more(words, words_take(words), choice, &status);
	return status;
}

static enum cli_status take_choice(struct words *words, struct program_choice *choice,
				   const char *keyword, const char **value)
{
	enum cli_status status;

	if (choice->object || choice->pinned)
		return words_wrong(words, "only one of obj and pinned may be given, and once");
	status = words_take_value(words, keyword, value);
	return status == CLI_OK ? take_more(words, choice) : status;
}

static enum cli_status take_object(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;

	return take_choice(words, choice, "obj", &choice->object);
}

static enum cli_status take_pinned(struct words *words, void *ctx)
{
	struct program_choice *choice = ctx;

	return take_choice(words, choice, "pinned", &choice->pinned);
}

/* bytecode is that of classic BPF, which has no maps */
static const struct keyword begin_keywords[] = {
	{ "bytecode", false, NULL },
	{ "bc", true, NULL },
	{ "bytecode-file", false, NULL },
	{ "bcf", true, NULL },
	{ "object-file", false, take_object },
	{ "obj", true, take_object },
	{ "object-pinned", false, take_pinned },
	{ "pinned", false, take_pinned },
	{ "fd", false, take_pinned },
	{ NULL, false, NULL },
};

bool program_words_begin(const char *word)
{
	return find_keyword(begin_keywords, word);
}

enum cli_status program_words_take(struct words *words, const char *word,
				   struct program_choice *choice)
{
	const struct keyword *row = find_keyword(begin_keywords, word);

	if (!row)
		return words_wrong(words, "what is '%s'? obj FILE or pinned PATH", word);
	return words_apply(words, row, word, choice);
}

enum cli_status program_words_check(struct words *words, const struct program_choice *choice)
{
	if (!choice->object && !choice->pinned)
		return words_wrong(words, "obj FILE or pinned PATH is missing");
	if (choice->pinned && (choice->section || choice->program))
		return words_wrong(words, "a pinned program has no section or name to choose by");
	if (choice->pinned && choice->export_path)
		return words_wrong(words, "a pinned program has no maps to export");
	return CLI_OK;
}
