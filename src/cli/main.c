/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The start and the end of a run.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"

/*
 * See to it that descriptors 0 to 2 are taken, whatever the tool is started from: a socket or a map
 * in the place of one would get what is printed. For reading, so that output that goes nowhere fails.
 */
static void take_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct cli cli = { 0 };
	int status;

	take_standard_descriptors();
	messages_start(&cli);
	status = cli_run(&cli, argc, argv);
	if (!messages_stop(&cli) && !status)
		status = EXIT_FAILURE;
	return status;
}
