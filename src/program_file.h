/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A program that is to be run, by what its file says of it: whether a preload library comes into it,
 * and whether its libbpf can be reached. Runs nothing.
 */
#ifndef ELFMAP_PROGRAM_FILE_H
#define ELFMAP_PROGRAM_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct program_file {
	char path[PATH_MAX];  /* what the kernel runs: for a script its interpreter */
	bool is_interpreter;  /* that is so */
	bool is_elf;	      /* what follows is known */
	unsigned char class;  /* ELFCLASS*, and what else a library must have the same of */
	unsigned char data;   /* ELFDATA* */
	uint16_t machine;     /* EM_* */
	bool is_static;	      /* no dynamic linker runs before it */
	char linker[64];      /* the name of the one that does, without its directory */
	bool has_libbpf;      /* built in */
	bool looks_up_libbpf; /* names its calls without being linked to it */
	bool gains_rights;    /* run by this process: by set-user-id, set-group-id, capabilities */
};

/*
 * Where a command is, as execvp() finds it. -ENOENT: nowhere; -EACCES: what is there cannot be run;
 * -ENAMETOOLONG.
 */
int program_file_find(const char *command, char *path, size_t size);

/* Look at a program, or at the interpreter of a script. Errors of the file system. */
int program_file_look(const char *path, struct program_file *out);

#endif
