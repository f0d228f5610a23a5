/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>

#include <check.h>

#include "cleanup.h"
#include "test/text_file.h"

char *file_text(const char *path)
{
	FILE *file CLEANUP(cleanup_file) = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	ck_assert_msg(file, "%s cannot be opened", path);
	ck_assert_msg(getdelim(&text, &size, '\0', file) > 0, "%s cannot be read", path);
	return text;
}
