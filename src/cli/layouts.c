/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap inspect --layouts: the layouts that are known by name, with their fields.
 */
#include <stdio.h>

#include "cleanup.h"
#include "cli.h"
#include "elfmap.h"
#include "json.h"
#include "layouts.h"
#include "wrap.h"

static struct json_object *describe_field(const struct elfmap_field *field)
{
	struct json_object *object = json_new_object();

	json_add_string(object, "name", field->name);
	json_add_number(object, "offset", field->offset);
	json_add_number(object, "size", field->size);
	return object;
}

static struct json_object *describe_layout(const struct elfmap_format *format)
{
	struct json_object *object = json_new_object();
	struct json_object *fields = json_new_array();
	size_t i;

	json_add_string(object, "name", format->name);
	json_add_string(object, "summary", format->summary);
	json_add_bool(object, "translated", !format->refusal);
	for (i = 0; i < format->nr_fields; i++)
		json_append(fields, describe_field(&format->fields[i]));
	json_add(object, "fields", fields);
	return object;
}

/* "type, key_size, value_size, max_entries, namespace[256]" */
static void print_fields(const struct elfmap_format *format)
{
	char text[512] = "";
	size_t used = 0;
	size_t i;

	for (i = 0; i < format->nr_fields && used < sizeof(text); i++) {
		const struct elfmap_field *field = &format->fields[i];
		const char *comma = i ? ", " : "";

		if (field->kind == ELFMAP_FIELD_TEXT)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s[%u]",
						 comma, field->name, field->size);
		else
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s%s", comma,
						 field->kind == ELFMAP_FIELD_POINTER ? "*" : "",
						 field->name);
	}
	print_wrapped(6, 6, text);
}

enum cli_status layouts_print(struct cli *cli)
{
	CLEANUP(cleanup_json) struct json_object *list = json_new_array();
	const struct elfmap_format *format;
	size_t i;

	for (i = 0; (format = elfmap_builtin_format(i)); i++) {
		if (cli->json) {
			json_append(list, describe_layout(format));
			continue;
		}
		print_line("  %-22s %s", format->name, format->summary);
		print_fields(format);
	}
	if (cli->json)
		json_print(cli, list);
	return CLI_OK;
}
