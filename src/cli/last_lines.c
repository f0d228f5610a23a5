/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "last_lines.h"
#include "memory.h"

void last_lines_keep(struct last_lines *last, const char *line)
{
	char **place = &last->lines[last->count % LAST_LINES_MAX];
	char *copy = strdup(line);

	if (!copy)
		out_of_memory();
	free(*place);
	*place = copy;
	last->count++;
}

size_t last_lines_first(const struct last_lines *last)
{
	return last->count > LAST_LINES_MAX ? last->count - LAST_LINES_MAX : 0;
}

const char *last_lines_at(const struct last_lines *last, size_t number)
{
	return last->lines[number % LAST_LINES_MAX];
}

void last_lines_drop(struct last_lines *last)
{
	size_t i;

	for (i = 0; i < LAST_LINES_MAX; i++)
		free(last->lines[i]);
	*last = (struct last_lines){ 0 };
}
