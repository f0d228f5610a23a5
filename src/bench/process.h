/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Whole processes: run, and their system calls counted.
 */
#ifndef ELFMAP_BENCH_PROCESS_H
#define ELFMAP_BENCH_PROCESS_H

#include <stdbool.h>

/* Where a command is, for free(); NULL where it is not installed. */
char *process_find(const char *command);

/* Run a program with its words, without output; 0 if it says so. Takes struct process. */
struct process {
	const char *path;
	const char *const *words; /* the first is its name, NULL at the end */
};

int process_run(void *process);
/* The system calls that it makes, less than 0 where they cannot be counted. */
long process_count_calls(const struct process *process);

#endif
