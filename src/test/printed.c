// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "test/printed.h"
#include "test/tests.h"

#define COLUMNS 80

void assert_columns(const char *text)
{
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n"), blanks = strspn(line, " ");

		ck_assert_msg(length <= COLUMNS || !memchr(line + blanks, ' ', length - blanks),
			      "%zu columns: %.*s", length, (int)length, line);
		ck_assert_int_eq(line[length], '\n');
		line += length + 1;
	}
}

bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++) {
		if ((at == text || at[-1] == '\n') && at[length] == '\n')
			return true;
	}
	return false;
}

char *unwrapped(const char *text, size_t indent)
{
	char *joined = calloc(1, strlen(text) + 1), *to = joined;

	ck_assert_ptr_nonnull(joined);
	while (*text) {
		*to++ = *text++;
		if (to[-1] == '\n' && strspn(text, " ") > indent) {
			to[-1] = ' ';
			text += strspn(text, " ");
		}
	}
	return joined;
}
