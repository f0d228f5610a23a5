/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Messages on stderr and lines on stdout. libbpf's lines are kept back: they explain a failure,
 * and are noise otherwise.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "cli.h"
#include "elfmap.h"

/* The one static: libbpf's print callback has no context argument. */
static struct cli *libbpf_listener;

void out_of_memory(void)
{
	fputs("elfmap: out of memory\n", stderr);
	exit(CLI_REFUSED);
}

static void clean(char *text)
{
	for (; *text; text++) {
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == '\x7f')
			*text = '?';
	}
}

__attribute__((format(printf, 3, 0))) static void write_line(FILE *stream, const char *prefix,
							     const char *format, va_list arguments)
{
	CLEANUP(cleanup_free) char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0) {
		text = NULL;
		out_of_memory();
	}
	clean(text);
	fprintf(stream, "%s%s\n", prefix, text);
}

void print_line(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(stdout, "", format, arguments);
	va_end(arguments);
}

void message_error(struct cli *cli, const char *format, ...)
{
	va_list arguments;

	(void)cli;
	va_start(arguments, format);
	write_line(stderr, "elfmap: ", format, arguments);
	va_end(arguments);
}

void message_warning(struct cli *cli, const char *format, ...)
{
	va_list arguments;

	(void)cli;
	va_start(arguments, format);
	write_line(stderr, "elfmap: warning: ", format, arguments);
	va_end(arguments);
}

void message_detail(struct cli *cli, const char *format, ...)
{
	va_list arguments;

	(void)cli;
	va_start(arguments, format);
	write_line(stderr, "  ", format, arguments);
	va_end(arguments);
}

void message_verbose(struct cli *cli, const char *format, ...)
{
	va_list arguments;

	if (!cli->verbose)
		return;
	va_start(arguments, format);
	write_line(stderr, "elfmap: ", format, arguments);
	va_end(arguments);
}

enum cli_status message_usage(struct cli *cli, const char *command, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(stderr, "elfmap: ", format, arguments);
	va_end(arguments);
	message_detail(cli, "try: elfmap%s%s --help", command ? " " : "", command ? command : "");
	return CLI_USAGE;
}

/* --- the libraries ------------------------------------------------------------------------ */

static void keep_libbpf_line(struct cli *cli, const char *line)
{
	struct messages *messages = &cli->messages;
	char **place = &messages->lines[messages->nr_lines % MESSAGES_LIBBPF_LINES];
	char *copy = strdup(line);

	if (!copy)
		out_of_memory();
	free(*place);
	*place = copy;
	messages->nr_lines++;
}

static void drop_libbpf_lines(struct cli *cli)
{
	struct messages *messages = &cli->messages;
	size_t i;

	for (i = 0; i < MESSAGES_LIBBPF_LINES; i++)
		free(messages->lines[i]);
	*messages = (struct messages){ .library_spoke = messages->library_spoke };
}

static void show_libbpf_lines(struct cli *cli)
{
	struct messages *messages = &cli->messages;
	size_t i = 0;

	if (messages->nr_lines > MESSAGES_LIBBPF_LINES) {
		i = messages->nr_lines - MESSAGES_LIBBPF_LINES;
		message_detail(cli,
			       "(%zu lines of libbpf and the verifier left out; -v shows them)", i);
	}
	for (; i < messages->nr_lines; i++)
		message_detail(cli, "%s", messages->lines[i % MESSAGES_LIBBPF_LINES]);
	drop_libbpf_lines(cli);
}

/* -v shows what libbpf warns of and informs about, and the verifier's log; -vv all it says. */
static bool is_shown(const struct cli *cli, enum libbpf_print_level level, const char *text)
{
	if (level == LIBBPF_DEBUG && cli->verbose < 2)
		return cli->verbose && strstr(text, "-- BEGIN PROG LOAD LOG --");
	return cli->verbose;
}

__attribute__((format(printf, 2, 0))) static int hear_libbpf(enum libbpf_print_level level,
							     const char *format, va_list arguments)
{
	struct cli *cli = libbpf_listener;
	CLEANUP(cleanup_free) char *text = NULL;
	char *line, *next;
	bool shown;
	int length;

	if (!cli || (level == LIBBPF_DEBUG && !cli->verbose))
		return 0;
	length = vasprintf(&text, format, arguments);
	if (length < 0) {
		text = NULL;
		out_of_memory();
	}
	shown = is_shown(cli, level, text);
	next = text;
	while ((line = strsep(&next, "\n"))) {
		if (!*line && !next)
			break;
		if (shown)
			message_detail(cli, "%s", line);
		else if (level == LIBBPF_WARN)
			keep_libbpf_line(cli, line);
	}
	return length;
}

static void hear_library(enum elfmap_log_level level, const char *message, void *ctx)
{
	struct cli *cli = ctx;

	if (level == ELFMAP_LOG_ERROR) {
		cli->messages.library_spoke = true;
		message_error(cli, "%s", message);
	} else if (level == ELFMAP_LOG_WARNING) {
		message_warning(cli, "%s", message);
	} else if (level == ELFMAP_LOG_INFO || cli->verbose > 1) {
		message_verbose(cli, "%s", message);
	}
}

enum cli_status message_refused(struct cli *cli, int err, const char *format, ...)
{
	CLEANUP(cleanup_free) char *text = NULL;
	va_list arguments;

	if (!cli->messages.library_spoke) {
		va_start(arguments, format);
		if (vasprintf(&text, format, arguments) < 0)
			text = NULL;
		va_end(arguments);
		message_error(cli, "%s: %s", text ? text : "?", strerror(err < 0 ? -err : err));
	}
	cli->messages.library_spoke = false;
	/* the verifier says EACCES as well, to anyone */
	if (abs(err) == EPERM || (abs(err) == EACCES && geteuid() != 0))
		message_detail(cli, MESSAGE_RIGHTS);
	show_libbpf_lines(cli);
	return CLI_REFUSED;
}

void messages_start(struct cli *cli)
{
	libbpf_listener = cli;
	libbpf_set_print(hear_libbpf);
	elfmap_set_log(hear_library, cli);
}

bool messages_stop(struct cli *cli)
{
	bool written = !fflush(stdout) && !ferror(stdout);

	elfmap_set_log(NULL, NULL);
	libbpf_set_print(NULL);
	libbpf_listener = NULL;
	drop_libbpf_lines(cli);
	if (!written)
		message_error(cli, "cannot write to standard output: %s", strerror(errno));
	return written;
}
