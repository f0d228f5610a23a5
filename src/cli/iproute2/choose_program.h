/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#ifndef ELFMAP_CLI_CHOOSE_PROGRAM_H
#define ELFMAP_CLI_CHOOSE_PROGRAM_H

struct cli;
struct elfmap_object;
struct elfmap_program;
struct program_choice;

/* The object's program that was asked for, as iproute2 chooses; NULL, and the user was told. */
struct elfmap_program *choose_program(struct cli *cli, const struct elfmap_object *obj,
				      const struct program_choice *choice);

#endif
