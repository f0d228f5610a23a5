/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

void out_of_memory(void)
{
	fputs("elfmap: out of memory\n", stderr);
	exit(EXIT_FAILURE);
}
