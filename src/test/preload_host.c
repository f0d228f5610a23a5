// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "test/preload_host.h"
#include "test/tests.h"

#define MAX_WORDS 48

static void add_words(const char **words, size_t *count, char *text)
{
	char *rest = NULL;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		ck_assert_uint_lt(*count, MAX_WORDS);
		words[(*count)++] = word;
	}
}

struct run host_run(const char *const *environment, const char *exec, const char *host,
		    const char *format, ...)
{
	char *options CLEANUP(cleanup_free) = strdup(exec ? exec : "");
	char *path CLEANUP(cleanup_free) = NULL;
	char *file CLEANUP(cleanup_free) = NULL;
	char *text CLEANUP(cleanup_free) = NULL;
	const char *words[MAX_WORDS + 1] = { NULL };
	size_t count = 0;
	va_list arguments;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&text, format, arguments), 0);
	va_end(arguments);
	ck_assert_int_gt(asprintf(&file, "host/%s", host), 0);
	path = *host == '/' ? strdup(host) : built_file(file);
	if (exec) {
		words[count++] = tool_path();
		words[count++] = "exec";
		add_words(words, &count, options);
	}
	words[count++] = path;
	add_words(words, &count, text);
	return run_command(words, environment);
}

static bool begins(const char *line, const char *beginning)
{
	return !strncmp(line, beginning, strlen(beginning));
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

char *line_of(const char *text, const char *word)
{
	char beginning[64];

	snprintf(beginning, sizeof(beginning), "%s ", word);
	for (; *text; text = next_line(text))
		if (begins(text, beginning))
			return strndup(text, strcspn(text, "\n"));
	return strdup("");
}

size_t nr_lines(const char *text, const char *beginning)
{
	size_t count = 0;

	for (; *text; text = next_line(text))
		count += begins(text, beginning);
	return count;
}
