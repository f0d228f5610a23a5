/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "tag_text.h"

#define FIRST_ROOM 256
#define DIGITS_MAX 20 /* of 64 bits */

static void put_bytes(struct tag_text *text, const char *bytes, size_t size)
{
	if (text->size + size > text->room) {
		size_t room = 2 * (text->size + size) + FIRST_ROOM;
		char *grown = realloc(text->bytes, room);

		if (!grown) {
			text->failed = true;
			return;
		}
		text->bytes = grown;
		text->room = room;
	}
	copy_bytes(text->bytes + text->size, bytes, size);
	text->size += size;
}

void tag_text_begin(struct tag_text *text, const char *first)
{
	text->size = 0;
	text->failed = false;
	tag_text_put(text, first);
}

const char *tag_text_end(struct tag_text *text)
{
	put_bytes(text, "", 1);
	if (text->failed)
		return NULL;
	text->size--;
	return text->bytes;
}

void tag_text_release(struct tag_text *text)
{
	free(text->bytes);
}

void tag_text_put(struct tag_text *text, const char *string)
{
	put_bytes(text, string, strlen(string));
}

void tag_text_put_number(struct tag_text *text, uint64_t number)
{
	char digits[DIGITS_MAX];
	size_t first = sizeof(digits);

	do
		digits[--first] = (char)('0' + number % 10);
	while (number /= 10);
	put_bytes(text, digits + first, sizeof(digits) - first);
}

static bool is_plain(unsigned char c)
{
	return c != '%' && c != ',' && c != '=' && c >= ' ' && c < 0x7f;
}

void tag_text_put_escaped(struct tag_text *text, const char *string)
{
	static const char digits[] = "0123456789ABCDEF";

	while (*string) {
		size_t plain = 0;
		unsigned char c;

		while (string[plain] && is_plain((unsigned char)string[plain]))
			plain++;
		put_bytes(text, string, plain);
		string += plain;
		c = (unsigned char)*string;
		if (c) {
			const char escaped[] = { '%', digits[c >> 4], digits[c & 0xf] };

			put_bytes(text, escaped, sizeof(escaped));
			string++;
		}
	}
}
