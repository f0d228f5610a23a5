/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <string.h>

#include "messages.h"
#include "wrap.h"

void print_wrapped(int first, int rest, const char *text)
{
	int indent = first;

	while (*text) {
		int room = TERMINAL_WIDTH - indent;
		int length = (int)strnlen(text, (size_t)room + 1);
		int printed;

		if (length > room) {
			while (length > 0 && text[length - 1] != ' ')
				length--;
			if (!length)
				length = (int)strcspn(text, " ");
		}
		printed = length;
		while (printed > 0 && text[printed - 1] == ' ')
			printed--;
		print_line("%*s%.*s", indent, "", printed, text);
		text += length;
		text += strspn(text, " ");
		indent = rest;
	}
}
