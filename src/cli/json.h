/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * JSON output: a thin layer over json-c that takes text as object files have it and that either
 * adds a member or ends the program for want of memory.
 */
#ifndef ELFMAP_CLI_JSON_H
#define ELFMAP_CLI_JSON_H

#include <stdbool.h>
#include <json-c/json_object.h>

struct cli;

struct json_object *json_new_object(void);
struct json_object *json_new_array(void);
/* Take over the value; NULL is null. */
void json_add(struct json_object *object, const char *name, struct json_object *value);
void json_append(struct json_object *array, struct json_object *value);

/* NULL is null. Bytes that are no UTF-8 become replacement characters. */
void json_add_string(struct json_object *object, const char *name, const char *string);
void json_append_string(struct json_object *array, const char *string);
void json_add_number(struct json_object *object, const char *name, long long number);
void json_add_bool(struct json_object *object, const char *name, bool value);

/* Print it on stdout, indented as asked for. */
void json_print(const struct cli *cli, struct json_object *object);

void cleanup_json(struct json_object **object);

#endif
