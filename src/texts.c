/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "texts.h"

/* Longer texts are formatted twice. */
#define USUAL_SIZE 256u

struct text {
	struct text *previous;
	char bytes[];
};

/* Room for so many bytes and a zero behind them. */
static struct text *keep(struct texts *texts, size_t size)
{
	struct text *kept = malloc(sizeof(*kept) + size + 1);

	if (!kept)
		return NULL;
	kept->bytes[size] = '\0';
	kept->previous = texts->last;
	texts->last = kept;
	return kept;
}

const char *texts_keep_bytes(struct texts *texts, const char *bytes, size_t size)
{
	struct text *kept = keep(texts, size);

	if (!kept)
		return NULL;
	copy_bytes(kept->bytes, bytes, size);
	return kept->bytes;
}

const char *texts_keep(struct texts *texts, const char *text)
{
	return texts_keep_bytes(texts, text, strlen(text));
}

const char *texts_format(struct texts *texts, const char *format, ...)
{
	char text[USUAL_SIZE];
	struct text *kept;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	if ((size_t)length < sizeof(text))
		return texts_keep_bytes(texts, text, (size_t)length);
	kept = keep(texts, (size_t)length);
	if (!kept)
		return NULL;
	va_start(args, format);
	vsnprintf(kept->bytes, (size_t)length + 1, format, args);
	va_end(args);
	return kept->bytes;
}

void texts_release(struct texts *texts)
{
	while (texts->last) {
		struct text *text = texts->last;

		texts->last = text->previous;
		free(text);
	}
}
