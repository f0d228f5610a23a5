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
#include "memory.h"

/* The one static: libbpf's print callback has no context argument. */
static struct cli *libbpf_listener;

/*
 * The length of the control character at the beginning of a text, 0 if there is none. U+0080 to
 * U+009f are some too: U+009b begins what ESC [ does.
 */
static size_t control_length(const char *text)
{
	const unsigned char first = (unsigned char)text[0];

	if (first == 0xc2 && ((unsigned char)text[1] & 0xe0) == 0x80)
		return 2;
	return (first < ' ' && first != '\t') || first == 0x7f;
}

/* Replace what is at the beginning of a text if it is to be; the number of bytes that are clean. */
static size_t clean_one(char *text)
{
	size_t length = control_length(text);

	memset(text, '?', length);
	return length ? length : 1;
}

static void clean(char *text)
{
	while (*text)
		text += clean_one(text);
}

/* The length of a sequence that colors at the beginning of a text, 0 if there is none. */
static size_t color_length(const char *text)
{
	static const char *const sequences[] = { COLOR_DEVICE, COLOR_END };
	size_t i;

	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (!strncmp(text, sequences[i], strlen(sequences[i])))
			return strlen(sequences[i]);
	}
	return 0;
}

void print_colored_line(char *text, char end)
{
	char *at = text;

	while (*at) {
		size_t length = color_length(at);

		at += length ? length : clean_one(at);
	}
	printf("%s%c", text, end);
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

void message_note(struct cli *cli, const char *format, ...)
{
	va_list arguments;

	(void)cli;
	va_start(arguments, format);
	write_line(stderr, "elfmap: ", format, arguments);
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

static void drop_log(struct messages *messages)
{
	last_lines_drop(&messages->log);
	free(messages->log_program);
	messages->log_program = NULL;
}

static void show_log(struct cli *cli)
{
	const struct messages *messages = &cli->messages;
	const struct last_lines *log = &messages->log;
	size_t i = last_lines_first(log);

	if (i)
		message_detail(cli, "the verifier on %s, the last %d of %zu lines (-v shows all):",
			       messages->log_program, LAST_LINES_MAX, log->count);
	else
		message_detail(cli, "the verifier on %s:", messages->log_program);
	for (; i < log->count; i++)
		message_detail(cli, "%s", last_lines_at(log, i));
}

/* libbpf's guesses at an EPERM, of which the library says what it means. */
static bool is_guess(const char *line)
{
	return strstr(line, "RLIMIT_MEMLOCK") || strstr(line, "ulimit -l");
}

static void show_libbpf_lines(struct cli *cli)
{
	const struct last_lines *last = &cli->messages.libbpf;
	size_t i = last_lines_first(last);

	if (i)
		message_detail(cli, "(%zu lines of libbpf left out; -v shows them)", i);
	for (; i < last->count; i++)
		if (!is_guess(last_lines_at(last, i)))
			message_detail(cli, "%s", last_lines_at(last, i));
}

static void drop_what_libbpf_said(struct cli *cli)
{
	last_lines_drop(&cli->messages.libbpf);
	drop_log(&cli->messages);
}

/* Where there is a log, libbpf's words around it only say that it failed. */
static void show_what_libbpf_said(struct cli *cli)
{
	if (cli->messages.log.count)
		show_log(cli);
	else
		show_libbpf_lines(cli);
	drop_what_libbpf_said(cli);
}

static const char log_begins[] = "-- BEGIN PROG LOAD LOG --";
static const char log_ends[] = "-- END PROG LOAD LOG --";

/* "libbpf: prog 'NAME': -- BEGIN": the name with its quotes. */
static char *log_program(const char *line)
{
	const char *quote = strchr(line, '\'');
	const char *end = quote ? strrchr(line, '\'') : NULL;
	char *name = end > quote ? strndup(quote, (size_t)(end + 1 - quote)) : strdup("a program");

	if (!name)
		out_of_memory();
	return name;
}

/* A warning of libbpf, which holds a log as a whole or not at all. */
static void keep_warning(struct cli *cli, char *text)
{
	struct messages *messages = &cli->messages;
	bool in_log = false;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (!*line && !text)
			break;
		if (in_log && !strcmp(line, log_ends)) {
			in_log = false;
		} else if (!in_log && strstr(line, log_begins)) {
			in_log = true;
			drop_log(messages);
			messages->log_program = log_program(line);
		} else {
			last_lines_keep(in_log ? &messages->log : &messages->libbpf, line);
		}
	}
}

static void show_lines(struct cli *cli, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line || text)
			message_detail(cli, "%s", line);
}

/* -v shows what libbpf warns of and informs about, and the verifier's log; -vv all it says. */
static bool is_shown(const struct cli *cli, enum libbpf_print_level level, const char *text)
{
	if (level == LIBBPF_DEBUG && cli->verbose < 2)
		return cli->verbose && strstr(text, log_begins);
	return cli->verbose;
}

__attribute__((format(printf, 2, 0))) static int hear_libbpf(enum libbpf_print_level level,
							     const char *format, va_list arguments)
{
	struct cli *cli = libbpf_listener;
	CLEANUP(cleanup_free) char *text = NULL;
	int length;

	if (!cli || (level == LIBBPF_DEBUG && !cli->verbose))
		return 0;
	length = vasprintf(&text, format, arguments);
	if (length < 0) {
		text = NULL;
		out_of_memory();
	}
	if (is_shown(cli, level, text))
		show_lines(cli, text);
	else if (level == LIBBPF_WARN)
		keep_warning(cli, text);
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
	/* the library says itself whether rights are missing; the verifier says EACCES to anyone */
	if (!cli->messages.library_spoke &&
	    (abs(err) == EPERM || (abs(err) == EACCES && geteuid() != 0)))
		message_detail(cli, MESSAGE_RIGHTS);
	cli->messages.library_spoke = false;
	show_what_libbpf_said(cli);
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
	drop_what_libbpf_said(cli);
	if (!written)
		message_error(cli, "cannot write to standard output: %s", strerror(errno));
	return written;
}
