// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/tests.h"
#include "test/tool.h"

#define MAX_WORDS 64

/* Run the words of a text; where there is a first word, the text goes on behind it. */
static struct run run_text(const char *first, const char *const *environment, const char *format,
			   va_list arguments)
{
	char *text CLEANUP(cleanup_free) = NULL;
	const char *words[MAX_WORDS + 1] = { first };
	size_t count = first ? 1 : 0;
	char *rest = NULL;

	ck_assert_int_ge(vasprintf(&text, format, arguments), 0);
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		ck_assert_uint_lt(count, MAX_WORDS);
		words[count++] = word;
	}
	return run_command(words, environment);
}

struct run tool(const char *format, ...)
{
	va_list arguments;
	struct run run;

	va_start(arguments, format);
	run = run_text(tool_path(), NULL, format, arguments);
	va_end(arguments);
	return run;
}

struct run tool_with(const char *const *environment, const char *format, ...)
{
	va_list arguments;
	struct run run;

	va_start(arguments, format);
	run = run_text(tool_path(), environment, format, arguments);
	va_end(arguments);
	return run;
}

static char *take_output(struct run *run)
{
	char *out = run->out;

	assert_status(run, 0);
	run->out = NULL;
	free_run(run);
	return out;
}

static char *take_quiet_output(struct run *run)
{
	ck_assert_msg(run->status || !*run->err, "it succeeded, but said\n%s", run->err);
	return take_output(run);
}

char *tool_output(const char *format, ...)
{
	va_list arguments;
	struct run run;

	va_start(arguments, format);
	run = run_text(tool_path(), NULL, format, arguments);
	va_end(arguments);
	return take_quiet_output(&run);
}

void tool_works(const char *format, ...)
{
	char *out CLEANUP(cleanup_free) = NULL;
	va_list arguments;
	struct run run;

	va_start(arguments, format);
	run = run_text(tool_path(), NULL, format, arguments);
	va_end(arguments);
	out = take_quiet_output(&run);
	ck_assert_str_eq(out, "");
}

char *output_of(const char *format, ...)
{
	va_list arguments;
	struct run run;

	va_start(arguments, format);
	run = run_text(NULL, NULL, format, arguments);
	va_end(arguments);
	return take_output(&run);
}

struct run command(const char *format, ...)
{
	va_list arguments;
	struct run run;

	va_start(arguments, format);
	run = run_text(NULL, NULL, format, arguments);
	va_end(arguments);
	return run;
}

/* Whether each line but the first is a detail, or there is no other. */
static bool has_one_message(const char *text, bool details)
{
	const char *line = text;

	if (strncmp(line, "elfmap: ", 8) != 0)
		return false;
	while ((line = strchr(line, '\n')) && *++line) {
		if (!details || strncmp(line, "  ", 2) != 0)
			return false;
	}
	return line;
}

void check_refusal(struct run run, int status, bool details, const char *const *texts)
{
	assert_status(&run, status);
	ck_assert_str_eq(run.out, "");
	ck_assert_msg(has_one_message(run.err, details), "not one message:\n%s", run.err);
	for (; *texts; texts++)
		ck_assert_msg(strstr(run.err, *texts), "it does not say \"%s\":\n%s", *texts,
			      run.err);
	free_run(&run);
}
