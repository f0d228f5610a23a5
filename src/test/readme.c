// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "test/readme.h"
#include "test/tests.h"

#define HEADING "| what you typed | what you type now |\n"

/* The text of "| `tc ...` | `elfmap tc ...` |". */
static char *read_row(const char *row)
{
	char typed[256], now[256];

	ck_assert_msg(sscanf(row, "| `%255[^`]` | `elfmap %255[^`]` |", typed, now) == 2, "%s",
		      row);
	ck_assert_str_eq(typed, now);
	return strdup(now);
}

struct readme_table readme_table(void)
{
	FILE *readme CLEANUP(cleanup_file) = fopen("README.md", "re");
	struct readme_table table = { .count = 0 };
	char row[1024];

	ck_assert_ptr_nonnull(readme);
	do {
		ck_assert_ptr_nonnull(fgets(row, sizeof(row), readme));
	} while (strcmp(row, HEADING) != 0);
	ck_assert_ptr_nonnull(fgets(row, sizeof(row), readme)); /* the rule below it */
	while (fgets(row, sizeof(row), readme) && *row == '|') {
		ck_assert_uint_lt(table.count, README_LINES_MAX);
		table.lines[table.count++] = read_row(row);
	}
	return table;
}
