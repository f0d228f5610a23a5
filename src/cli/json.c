/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * JSON output over json-c.
 */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli.h"
#include "json.h"
#include "memory.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD in UTF-8 */

static struct json_object *made(struct json_object *object)
{
	if (!object)
		out_of_memory();
	return object;
}

struct json_object *json_new_object(void)
{
	return made(json_object_new_object());
}

struct json_object *json_new_array(void)
{
	return made(json_object_new_array());
}

void json_add(struct json_object *object, const char *name, struct json_object *value)
{
	if (json_object_object_add(object, name, value))
		out_of_memory();
}

void json_append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value))
		out_of_memory();
}

/* The length of the UTF-8 sequence at text; 0 if there is none, or an overlong one. */
static size_t sequence_length(const unsigned char *text)
{
	size_t length, i;

	if (*text < 0x80)
		return 1;
	if (*text < 0xc2 || *text > 0xf4)
		return 0;
	length = *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;
	for (i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	/* overlong, surrogate and beyond U+10FFFF show in the second byte */
	if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] > 0x9f) ||
	    (*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

static char *valid_text(const char *string)
{
	char *text = malloc(strlen(string) * strlen(REPLACEMENT) + 1);
	char *end = text;
	size_t length;

	if (!text)
		out_of_memory();
	while (*string) {
		length = sequence_length((const unsigned char *)string);
		if (length) {
			end = mempcpy(end, string, length);
			string += length;
		} else {
			end = stpcpy(end, REPLACEMENT);
			string++;
		}
	}
	*end = '\0';
	return text;
}

static struct json_object *new_string(const char *string)
{
	CLEANUP(cleanup_free) char *text = string ? valid_text(string) : NULL;

	return text ? made(json_object_new_string(text)) : NULL;
}

void json_add_string(struct json_object *object, const char *name, const char *string)
{
	json_add(object, name, new_string(string));
}

void json_append_string(struct json_object *array, const char *string)
{
	json_append(array, new_string(string));
}

void json_add_number(struct json_object *object, const char *name, long long number)
{
	json_add(object, name, made(json_object_new_int64(number)));
}

void json_add_bool(struct json_object *object, const char *name, bool value)
{
	json_add(object, name, made(json_object_new_boolean(value)));
}

void json_print(const struct cli *cli, struct json_object *object)
{
	const char *text;
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (cli->pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	text = json_object_to_json_string_ext(object, flags);
	if (!text)
		out_of_memory();
	puts(text);
}

void cleanup_json(struct json_object **object)
{
	json_object_put(*object);
}
