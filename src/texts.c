/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "texts.h"

struct text {
	struct text *previous;
	char bytes[];
};

const char *texts_keep_bytes(struct texts *texts, const char *bytes, size_t size)
{
	struct text *kept = malloc(sizeof(*kept) + size + 1);

	if (!kept)
		return NULL;
	memcpy(kept->bytes, bytes, size);
	kept->bytes[size] = '\0';
	kept->previous = texts->last;
	texts->last = kept;
	return kept->bytes;
}

const char *texts_keep(struct texts *texts, const char *text)
{
	return texts_keep_bytes(texts, text, strlen(text));
}

const char *texts_format(struct texts *texts, const char *format, ...)
{
	CLEANUP(cleanup_free) char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		text = NULL;
		return NULL;
	}
	return texts_keep(texts, text);
}

void texts_release(struct texts *texts)
{
	while (texts->last) {
		struct text *text = texts->last;

		texts->last = text->previous;
		free(text);
	}
}
