/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "cli/memory.h"

#define BLANKS " \t\r\n"

struct batch {
	FILE *file;
	const char *path;
	batch_line_fn fn;
	const void *ctx;
	unsigned int line; /* number of the last line read, from 1 */
	int err;	   /* why nothing more can be read; 0 at the end */
};

static void cleanup_batch(struct batch *batch)
{
	if (batch->file && batch->file != stdin)
		fclose(batch->file);
}

/* --- lines -------------------------------------------------------------------------------- */

/* The next line of the file without its comment, for free(); NULL at the end or after an error. */
static char *read_line(struct batch *batch)
{
	CLEANUP(cleanup_free) char *line = NULL;
	size_t size = 0;
	ssize_t length;
	char *comment;

	errno = 0;
	length = getline(&line, &size, batch->file);
	if (length < 0) {
		/* without memory no error of the file is set */
		batch->err = feof(batch->file) ? 0 : -(errno ? errno : EIO);
		return NULL;
	}
	batch->line++;
	if (strlen(line) != (size_t)length) {
		batch->err = -EILSEQ;
		return NULL;
	}
	comment = strchr(line, '#');
	if (comment)
		*comment = '\0';
	return take_ptr(line);
}

/* Whether the line goes on in the next one; takes the sign of it away. */
static bool goes_on(char *line)
{
	size_t length = strlen(line);

	if (!length || line[--length] != '\n')
		return false;
	if (length && line[length - 1] == '\r')
		length--;
	if (!length || line[--length] != '\\')
		return false;
	line[length] = '\0';
	return true;
}

/* The same with the lines that it goes on in; half a command is none, and an error. */
static char *read_whole_line(struct batch *batch)
{
	CLEANUP(cleanup_free) char *line = read_line(batch);

	while (line && goes_on(line)) {
		CLEANUP(cleanup_free) char *first = take_ptr(line);
		CLEANUP(cleanup_free) char *next = read_line(batch);

		if (!next && !batch->err)
			batch->err = -ENODATA;
		if (!next)
			return NULL;
		if (asprintf(&line, "%s%s", first, next) < 0) {
			line = NULL;
			out_of_memory();
		}
	}
	return take_ptr(line);
}

/* --- words -------------------------------------------------------------------------------- */

struct line_words {
	char **list;
	size_t count;
};

static void cleanup_line_words(struct line_words *words)
{
	free(words->list);
}

static void add_word(struct line_words *words, char *word)
{
	words->list = reallocarray(words->list, words->count + 1, sizeof(*words->list));
	if (!words->list)
		out_of_memory();
	words->list[words->count++] = word;
}

/* Break the line into words in place; false where a quote is not closed. */
static bool split(char *line, struct line_words *words)
{
	char *end;

	for (;;) {
		line += strspn(line, BLANKS);
		if (!*line)
			return true;
		if (*line == '\'' || *line == '"') {
			end = strchr(line + 1, *line);
			if (!end)
				return false;
			add_word(words, line + 1);
		} else {
			end = line + strcspn(line, BLANKS);
			add_word(words, line);
		}
		if (!*end)
			return true;
		*end = '\0';
		line = end + 1;
	}
}

/* --- running ------------------------------------------------------------------------------ */

static enum cli_status run_line(struct cli *cli, const struct batch *batch, char *line)
{
	CLEANUP(cleanup_line_words) struct line_words words = { NULL, 0 };

	if (!split(line, &words)) {
		message_error(cli, "a quote is not closed");
		return CLI_USAGE;
	}
	if (!words.count)
		return CLI_OK;
	return batch->fn(cli, batch->ctx, words.list, (int)words.count);
}

/* The end of the file, or of what can be read of it. */
static enum cli_status tell_end(struct cli *cli, const struct batch *batch, enum cli_status status)
{
	if (!batch->err)
		return status;
	if (batch->err == -ENODATA)
		message_error(cli, "%s:%u: the file ends where the line says that it goes on",
			      batch->path, batch->line);
	else if (batch->err == -EILSEQ)
		message_error(cli, "%s:%u: the line has a zero byte in it: this is no text",
			      batch->path, batch->line);
	else
		message_error(cli, "%s: cannot read it: %s", batch->path, strerror(-batch->err));
	return CLI_REFUSED;
}

static enum cli_status run_lines(struct cli *cli, struct batch *batch)
{
	enum cli_status status = CLI_OK;

	while (status == CLI_OK || cli->force) {
		CLEANUP(cleanup_free) char *line = read_whole_line(batch);
		int verbose = cli->verbose;

		if (!line)
			return tell_end(cli, batch, status);
		if (run_line(cli, batch, line) != CLI_OK) {
			message_error(cli, "%s:%u: this command failed%s", batch->path, batch->line,
				      cli->force ? "" : "; what follows is not run (see -force)");
			status = CLI_REFUSED;
		}
		/* a line's "verbose" is its own */
		cli->verbose = verbose;
		fflush(stdout);
	}
	return status;
}

enum cli_status batch_run(struct cli *cli, const char *path, batch_line_fn fn, const void *ctx)
{
	CLEANUP(cleanup_batch)
	struct batch batch = {
		.file = stdin,
		.path = path,
		.fn = fn,
		.ctx = ctx,
	};

	if (strcmp(path, "-") != 0)
		batch.file = fopen(path, "re");
	if (!batch.file) {
		message_error(cli, "%s: cannot read it: %s", path, strerror(errno));
		return CLI_REFUSED;
	}
	return run_lines(cli, &batch);
}
