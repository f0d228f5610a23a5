// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <string.h>

#include "test/parsed.h"
#include "test/tests.h"

struct json_object *parse_json(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object = json_tokener_parse_ex(tokener, text, (int)strlen(text));
	size_t end = json_tokener_get_parse_end(tokener);

	ck_assert_msg(object, "no JSON: %s", text);
	ck_assert_uint_eq(end + strspn(text + end, "\n"), strlen(text));
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	json_tokener_free(tokener);
	return object;
}

bool has_member(struct json_object *object, const char *name)
{
	return json_object_object_get_ex(object, name, NULL);
}

static struct json_object *typed_member(struct json_object *object, const char *name,
					enum json_type type)
{
	struct json_object *found = member(object, name);

	ck_assert_msg(json_object_is_type(found, type), "\"%s\" is no %s: %s", name,
		      json_type_to_name(type), json_object_to_json_string(object));
	return found;
}

struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *found;

	ck_assert_msg(json_object_object_get_ex(object, name, &found), "no \"%s\": %s", name,
		      json_object_to_json_string(object));
	return found;
}

long long member_number(struct json_object *object, const char *name)
{
	return json_object_get_int64(typed_member(object, name, json_type_int));
}

bool member_bool(struct json_object *object, const char *name)
{
	return json_object_get_boolean(typed_member(object, name, json_type_boolean));
}

const char *member_text(struct json_object *object, const char *name)
{
	struct json_object *found = member(object, name);

	if (!found)
		return NULL;
	return json_object_get_string(typed_member(object, name, json_type_string));
}

size_t member_length(struct json_object *object, const char *name)
{
	return json_object_array_length(typed_member(object, name, json_type_array));
}

struct json_object *member_at(struct json_object *object, const char *name, size_t i)
{
	ck_assert_uint_lt(i, member_length(object, name));
	return json_object_array_get_idx(member(object, name), i);
}

struct json_object *member_named(struct json_object *object, const char *array, const char *name)
{
	struct json_object *found = NULL;

	for (size_t i = 0; i < member_length(object, array); i++) {
		struct json_object *item = member_at(object, array, i);

		if (strcmp(member_text(item, "name"), name))
			continue;
		ck_assert_msg(!found, "two %s in %s", name, array);
		found = item;
	}
	ck_assert_msg(found, "no %s in %s: %s", name, array, json_object_to_json_string(object));
	return found;
}
