/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * JSON that commands print, read with json-c. What is asked for must be there and of that type: the
 * test ends otherwise.
 */
#ifndef ELFMAP_TEST_PARSED_H
#define ELFMAP_TEST_PARSED_H

#include <stdbool.h>
#include <json-c/json.h>

/* One value with nothing behind it but a newline. For json_object_put(). */
struct json_object *parse_json(const char *text);

/* A member of an object; it stays the object's. */
struct json_object *member(struct json_object *object, const char *name);
bool has_member(struct json_object *object, const char *name);
long long member_number(struct json_object *object, const char *name);
bool member_bool(struct json_object *object, const char *name);
/* NULL where it is null. */
const char *member_text(struct json_object *object, const char *name);

/* An array that is a member: its length, and its i-th value. */
size_t member_length(struct json_object *object, const char *name);
struct json_object *member_at(struct json_object *object, const char *name, size_t i);
/* Of the objects in such an array, the only one of that name. */
struct json_object *member_named(struct json_object *object, const char *array, const char *name);

#endif
