/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The start and the end of a run.
 */
#include <stdlib.h>

#include "cli.h"

int main(int argc, char **argv)
{
	struct cli cli = { 0 };
	int status;

	messages_start(&cli);
	status = cli_run(&cli, argc, argv);
	if (!messages_stop(&cli) && !status)
		status = EXIT_FAILURE;
	return status;
}
