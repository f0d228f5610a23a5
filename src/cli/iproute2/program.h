/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The one program that a command attaches: chosen from an object file as iproute2 chooses, and
 * loaded with the maps and the tail-called programs it needs, or taken from a pin.
 */
#ifndef ELFMAP_CLI_PROGRAM_H
#define ELFMAP_CLI_PROGRAM_H

#include <stdbool.h>
#include <linux/types.h>

#include "cli/messages.h"

struct cli;
struct elfmap_object;

/* What iproute2 knows of a program type. */
struct program_kind {
	const char *word; /* its name there, as in "type cls" */
	__u32 type;	  /* enum bpf_prog_type */
	const char *default_section;
	bool may_export; /* takes the word export, and $TC_BPF_UDS */
};

/* The kind of a type, and the one whose name a word is or abbreviates; NULL if there is none. */
const struct program_kind *program_kind_of(__u32 type);
const struct program_kind *program_kind_named(const char *word);

/* What the words of a command line ask for; either object or pinned. */
struct program_choice {
	const struct program_kind *kind; /* NULL, for a pinned one: any */
	const char *object;
	const char *pinned;
	const char *section;	 /* NULL: the kind's default */
	const char *program;	 /* NULL: the first of the section */
	const char *export_path; /* the socket of who gets the maps' descriptors; NULL: nobody */
	bool verbose;
	__u32 attach_type;     /* expected, of all programs; iproute2's loader told the kernel 0 */
	bool keeps_live_slots; /* store nothing in prog arrays that are there already */
	__u32 ifindex;	       /* of the device that is to run it, with its maps; 0: the host */
};

#define PROGRAM_NAME_SIZE 256

struct loaded_program {
	struct elfmap_object *obj;	 /* NULL if it came from a pin */
	int fd;				 /* obj's, or for a pin our own */
	char section[PROGRAM_NAME_SIZE]; /* empty for a pin */
	char name[PROGRAM_NAME_SIZE];	 /* as iproute2 calls the filter: "<file>:[<section>]" */
};

#define NO_PROGRAM       \
	{                \
		.fd = -1 \
	}

/* Name it as iproute2 does a program of a section of that file, or for NULL what is pinned there. */
void program_set_name(struct loaded_program *loaded, const char *path, const char *section);

/* Load what was chosen; pin_lock as of elfmap_open_opts. On failure a message, and nothing is left behind. */
enum cli_status program_load(struct cli *cli, const struct program_choice *choice, int pin_lock,
			     struct loaded_program *loaded);
/* A later step failed: take back pins, slots and directories that the load made. */
void program_undo(struct loaded_program *loaded);
void cleanup_loaded_program(struct loaded_program *loaded);

#endif
