/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The one program that a command attaches: chosen from an object file as iproute2 chooses, and
 * loaded with the maps and the tail-called programs it needs, or taken from a pin.
 */
#ifndef ELFMAP_CLI_PROGRAM_H
#define ELFMAP_CLI_PROGRAM_H

#include <stdbool.h>
#include <linux/types.h>

#include "messages.h"

struct cli;
struct elfmap_object;

/* What the words of a command line ask for; either object or pinned. */
struct program_choice {
	const char *object;
	const char *pinned;
	const char *section; /* NULL: what the command takes by default */
	const char *program; /* NULL: the first of the section */
	bool verbose;
};

struct loaded_program {
	struct elfmap_object *obj; /* NULL if it came from a pin */
	int fd;			   /* obj's, or for a pin our own */
	char name[256];		   /* what iproute2 calls the filter: "<file>:[<section>]" */
};

#define NO_PROGRAM       \
	{                \
		.fd = -1 \
	}

/* Load what was chosen as that type. CLI_REFUSED with a message, and nothing left behind. */
enum cli_status program_load(struct cli *cli, const struct program_choice *choice, __u32 type,
			     const char *default_section, struct loaded_program *loaded);
/* Attaching failed: take back pins, slots and directories that the load made. */
void program_undo(struct loaded_program *loaded);
/* Attaching worked: warn of what will be lost when elfmap ends. */
void program_warn(struct cli *cli, const struct program_choice *choice,
		  const struct loaded_program *loaded);
void cleanup_loaded_program(struct loaded_program *loaded);

#endif
