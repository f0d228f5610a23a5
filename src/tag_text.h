/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The text of a tag in the making. One buffer serves all tags; that memory was missing shows at the
 * end.
 */
#ifndef ELFMAP_TAG_TEXT_H
#define ELFMAP_TAG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tag_text {
	char *bytes;
	size_t size, room;
	bool failed;
};

/* Begin a new text; it is NULL, and not to be freed, where memory was missing for a part of it. */
void tag_text_begin(struct tag_text *text, const char *first);
const char *tag_text_end(struct tag_text *text);
void tag_text_release(struct tag_text *text);

void tag_text_put(struct tag_text *text, const char *string);
void tag_text_put_number(struct tag_text *text, uint64_t number);
/* With what has a meaning in tags written as %XX. */
void tag_text_put_escaped(struct tag_text *text, const char *string);

#endif
