/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the tool says beside its output: errors, warnings and details on stderr, its own, the
 * library's and libbpf's. Text of untrusted origin goes through here, so control characters are
 * replaced.
 */
#ifndef ELFMAP_CLI_MESSAGES_H
#define ELFMAP_CLI_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "last_lines.h"

struct cli;

/* How a command ended; the exit status that stands for it is the command's, see struct command. */
enum cli_status {
	CLI_OK,
	CLI_REFUSED, /* by the object, or by what the words name */
	CLI_USAGE,   /* the words are wrong */
	CLI_KERNEL,  /* refused by the kernel */
	/* a command that was to be run is not there, and another reason not to run it */
	CLI_NO_COMMAND,
	CLI_COMMAND_NOT_RUN,
};

/* the detail below an EPERM of which the library did not say what it means */
#define MESSAGE_RIGHTS "this needs root, or CAP_BPF and CAP_NET_ADMIN"

/* For when something fails: whether the library gave the error, and what libbpf said. */
struct messages {
	bool library_spoke;
	struct last_lines libbpf;
	struct last_lines log; /* the verifier's last, of this program */
	char *log_program;
};

/* Receive what the libraries say from now on; cli must stay until messages_stop(). */
void messages_start(struct cli *cli);
/* Stop and free. Returns whether all of the tool's output reached stdout. */
bool messages_stop(struct cli *cli);

/* "elfmap: ..." */
void message_error(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "elfmap: warning: ..." */
void message_warning(struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A line below an error or warning, indented. */
void message_detail(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What the user must know though nothing is wrong: "elfmap: ..." */
void message_note(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What only -v shows. */
void message_verbose(struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A call of the library failed. Its own message was the error; if it gave none, this one is, with
 * the errno's text. The verifier's last lines follow, or libbpf's. Returns CLI_REFUSED.
 */
enum cli_status message_refused(struct cli *cli, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The command line is wrong; says how to get help with `command`. Returns CLI_USAGE. */
enum cli_status message_usage(struct cli *cli, const char *command, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One line on stdout, control characters replaced. */
void print_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same of a text that may be colored: these sequences stay, wherever they come from. */
#define COLOR_DEVICE "\033[36m" /* cyan, as tc and ip have names of devices */
#define COLOR_END "\033[0m"
/* `end` stands for the end of the line. */
void print_colored_line(char *text, char end);

#endif
