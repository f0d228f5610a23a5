/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The programs of one command: a filter has one, and each of its actions may have one; a route has
 * up to three. They are loaded one by one, and taken back together.
 */
#ifndef ELFMAP_CLI_PROGRAMS_H
#define ELFMAP_CLI_PROGRAMS_H

#include <stddef.h>

#include "program.h"
#include "transaction.h"

/* a filter and TCA_ACT_MAX_PRIO actions */
#define PROGRAMS_MAX 33

/* All zero is none. */
struct programs {
	struct transaction transaction; /* from the first load on */
	size_t count;
	struct loaded_program list[PROGRAMS_MAX];
};

/*
 * Load one more, *loaded, which the list owns, and export its maps if that is asked for. On failure
 * a message; the others stay.
 */
enum cli_status programs_load(struct cli *cli, struct programs *programs,
			      const struct program_choice *choice,
			      const struct loaded_program **loaded);
/* A later step failed: take back what loading them changed, the last one first. */
void programs_undo(struct programs *programs);
/* All is attached: warn of what will be lost when elfmap ends. */
void programs_warn(struct cli *cli, const struct programs *programs);
void cleanup_programs(struct programs *programs);

#endif
