/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include "cli/cli.h"
#include "program_export.h"
#include "programs.h"
#include "cli/tail_calls.h"

enum cli_status programs_load(struct cli *cli, struct programs *programs,
			      const struct program_choice *choice,
			      const struct loaded_program **loaded)
{
	struct loaded_program program = NO_PROGRAM;
	enum cli_status status;

	if (programs->count == PROGRAMS_MAX) {
		message_error(cli, "more than %d programs in one command", PROGRAMS_MAX);
		return CLI_REFUSED;
	}
	transaction_begin(&programs->transaction);
	status = program_load(cli, choice, programs->transaction.lock, &program);
	if (status != CLI_OK)
		return status;
	status = program_export(cli, choice, &program);
	if (status != CLI_OK) {
		program_undo(&program);
		cleanup_loaded_program(&program);
		return status;
	}
	*loaded = &programs->list[programs->count];
	programs->list[programs->count++] = program;
	return CLI_OK;
}

void programs_undo(struct programs *programs)
{
	size_t i;

	for (i = programs->count; i > 0; i--)
		program_undo(&programs->list[i - 1]);
}

void programs_warn(struct cli *cli, const struct programs *programs)
{
	size_t i;

	for (i = 0; i < programs->count; i++) {
		if (programs->list[i].obj)
			tail_calls_warn(cli, programs->list[i].obj);
	}
}

void cleanup_programs(struct programs *programs)
{
	size_t i;

	for (i = 0; i < programs->count; i++)
		cleanup_loaded_program(&programs->list[i]);
	cleanup_transaction(&programs->transaction);
}
