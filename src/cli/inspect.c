/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap inspect: what is in an object, how each map definition was read, and why. Loads nothing.
 */
#include <limits.h>
#include <string.h>

#include "cleanup.h"
#include "cli.h"
#include "describe.h"
#include "elfmap.h"
#include "json.h"
#include "layouts.h"
#include "object.h"
#include "options.h"
#include "remarks.h"
#include "wrap.h"

/* longer names push the columns to the right instead of widening all of them */
#define WIDEST_NAME 24

static const char help[] =
	"usage: elfmap inspect [OPTIONS] FILE...\n"
	"       elfmap inspect --layouts\n"
	"\n"
	"Shows the maps and programs of object files, how each map definition was read,\n"
	"and on what evidence, and what old compilers left that is repaired. Loads\n"
	"nothing and needs no rights.\n"
	"\n"
	"  --layout NAME   read all legacy map definitions as this layout\n"
	"  --layouts       list the layouts, whose they are, and their fields\n"
	"  -j, --json      one object, or an array of them for several files\n"
	"  -p, --pretty    indent the JSON\n";

static void set_layouts(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli, (void)value;
	arguments->layouts = true;
}

static const struct option options[] = {
	{ '\0', "layouts", false, set_layouts },
	{ '\0', NULL, false, NULL },
};

static int wider(int width, const char *text)
{
	size_t length = strlen(text);

	if (length > WIDEST_NAME)
		length = WIDEST_NAME;
	return (int)length > width ? (int)length : width;
}

/* --- maps --------------------------------------------------------------------------------- */

/* Definitions of one section that were read the same way stand under one heading. */
static bool same_heading(const struct elfmap_map *a, const struct elfmap_map *b)
{
	return !strcmp(elfmap_map__section(a), elfmap_map__section(b)) &&
	       !strcmp(elfmap_map__layout(a), elfmap_map__layout(b)) &&
	       !strcmp(elfmap_map__evidence(a), elfmap_map__evidence(b));
}

static void print_heading(const struct elfmap_map *map, int width)
{
	print_line("%s", "");
	print_line("  maps in section %s, read as %s:", elfmap_map__section(map),
		   elfmap_map__layout(map));
	print_wrapped(4, 4, elfmap_map__evidence(map));
	print_line("  %-*s  %-18s %5s %7s %10s %8s", width, "NAME", "TYPE", "KEY", "VALUE",
		   "ENTRIES", "FLAGS");
}

static void print_ids(const struct elfmap_map *map)
{
	const struct elfmap_map_def *def = elfmap_map__def(map);
	const struct elfmap_map *inner = elfmap_map__inner(map);
	char text[128] = "";
	size_t length = 0;

	if (def->id)
		length += (size_t)sprintf(text + length, ", id %u", def->id);
	if (def->inner_id)
		length += (size_t)sprintf(text + length, ", inner_id %u", def->inner_id);
	if (def->inner_idx == (__u32)-1)
		length += (size_t)sprintf(text + length, ", inner_idx -1");
	else if (def->inner_idx)
		length += (size_t)sprintf(text + length, ", inner_idx %u", def->inner_idx);
	if (def->has & ELFMAP_DEF_NUMA_NODE && def->numa_node)
		sprintf(text + length, ", NUMA node %u", def->numa_node);
	if (text[0])
		print_line("      %s", text + 2);
	if (inner)
		print_line("      inner map %s", elfmap_map__name(inner));
}

static void print_pin(const struct elfmap_map *map)
{
	const struct elfmap_map_def *def = elfmap_map__def(map);
	const char *path = elfmap_map__pin_path(map);

	if (path)
		print_line("      pin %s", path);
	else if (def->pinning && def->pin == ELFMAP_PIN_BY_LOADER)
		print_line("      pinning %u: the loader says where", def->pinning);
	else if (def->pinning)
		print_line("      pinning %u names no path: not pinned", def->pinning);
}

/* "slots 0=parse 2=decide", as many to a line as fit. */
static void print_slots(const struct elfmap_map *map)
{
	char line[TERMINAL_WIDTH - 6 + 1] = "slots";
	size_t used = strlen(line);
	const char *target;
	char slot[64];
	size_t length;
	__u32 key;
	size_t i;

	if (!elfmap_map__nr_slots(map))
		return;
	for (i = 0; !elfmap_map__slot(map, i, &key, &target); i++) {
		snprintf(slot, sizeof(slot), " %u=%s", key, target);
		length = strlen(slot);
		if (used + length >= sizeof(line)) {
			print_line("      %s", line);
			used = (size_t)sprintf(line, "     ");
		}
		strcpy(line + used, slot);
		used += length;
	}
	print_line("      %s", line);
}

/* "uid 1000, gid 3003, mode 0660, namespace "mine", policy limits" */
static void print_fields(const struct elfmap_map *map)
{
	char text[512] = "";
	size_t used = 0;
	enum elfmap_field_kind kind;
	const char *name;
	const char *value;
	__u64 number;
	size_t i;

	for (i = 0; !elfmap_map__extra_field(map, i, &name, &kind, &number, &value); i++) {
		const char *comma = used ? ", " : "";

		if (used >= sizeof(text) || (value && !*value))
			continue;
		if (value)
			used += (size_t)snprintf(text + used, sizeof(text) - used,
						 kind == ELFMAP_FIELD_TYPE ? "%s%s %s" :
									     "%s%s \"%s\"",
						 comma, name, value);
		else
			used += (size_t)snprintf(text + used, sizeof(text) - used,
						 kind == ELFMAP_FIELD_OCTAL ? "%s%s %#llo" :
									      "%s%s %llu",
						 comma, name, (unsigned long long)number);
	}
	if (used)
		print_wrapped(6, 8, text);
}

static void print_map(const struct elfmap_map *map, int width)
{
	const struct elfmap_map_def *def = elfmap_map__def(map);
	char flags[16] = "-";

	if (def->map_flags)
		snprintf(flags, sizeof(flags), "0x%x", def->map_flags);
	print_line("  %-*s  %-18s %5u %7u %10u %8s", width, elfmap_map__name(map),
		   map_type_name(def->type), def->key_size, def->value_size, def->max_entries,
		   flags);
	print_ids(map);
	print_fields(map);
	print_pin(map);
	print_slots(map);
}

static void print_maps(const struct elfmap_object *obj)
{
	const struct elfmap_map *before = NULL;
	struct elfmap_map *map = NULL;
	int width = 4;

	while ((map = elfmap_object__next_map(obj, map)))
		width = wider(width, elfmap_map__name(map));
	while ((map = elfmap_object__next_map(obj, map))) {
		if (!before || !same_heading(before, map))
			print_heading(map, width);
		print_map(map, width);
		before = map;
	}
}

/* --- programs ----------------------------------------------------------------------------- */

static void print_program(const struct elfmap_program *program, int name_width, int section_width)
{
	const struct elfmap_map *map;
	__u32 type = elfmap_program__type(program);
	const char *type_name = type ? program_type_name(type) : "-";
	__u32 key = 0;

	map = elfmap_program__tail_call(program, &key);
	if (elfmap_program__is_subprogram(program))
		type_name = "subprogram";
	if (map)
		print_line("  %-*s  %-*s  %6zu  %s, tail call %s[%u]", name_width,
			   elfmap_program__name(program), section_width,
			   elfmap_program__section(program), elfmap_program__insn_cnt(program),
			   type_name, elfmap_map__name(map), key);
	else
		print_line("  %-*s  %-*s  %6zu  %s", name_width, elfmap_program__name(program),
			   section_width, elfmap_program__section(program),
			   elfmap_program__insn_cnt(program), type_name);
}

static void print_programs(const struct elfmap_object *obj)
{
	struct elfmap_program *program = NULL;
	int section_width = 7;
	int name_width = 7;

	while ((program = elfmap_object__next_program(obj, program))) {
		name_width = wider(name_width, elfmap_program__name(program));
		section_width = wider(section_width, elfmap_program__section(program));
	}
	if (!elfmap_object__next_program(obj, NULL))
		return;
	print_line("%s", "");
	print_line("  %-*s  %-*s  %6s  %s", name_width, "PROGRAM", section_width, "SECTION",
		   "INSNS", "TYPE");
	while ((program = elfmap_object__next_program(obj, program)))
		print_program(program, name_width, section_width);
}

/* --- remarks ------------------------------------------------------------------------------ */

static void print_remark(const char *text, void *ctx)
{
	(void)ctx;
	print_wrapped(4, 6, text);
}

static void print_remarks(const struct elfmap_object *obj, enum elfmap_remark kind,
			  const char *heading)
{
	if (!remarks_count(obj, kind))
		return;
	print_line("%s", "");
	print_line("  %s:", heading);
	remarks_each(obj, kind, print_remark, NULL);
}

/* --- objects ------------------------------------------------------------------------------ */

static void print_object(struct elfmap_object *obj)
{
	char sha1[41];

	object_sha1_text(obj, sha1);
	print_line("%s", elfmap_object__name(obj));
	print_line("  BPF object, %s-endian, %s", object_byte_order(obj),
		   elfmap_object__is_legacy(obj) ? "with legacy map definitions" :
						   "no legacy map definitions");
	print_line("  SHA-1 %s", sha1);
	print_maps(obj);
	print_programs(obj);
	print_remarks(obj, ELFMAP_REMARK_REPAIR, "repaired when loaded or converted");
	print_remarks(obj, ELFMAP_REMARK_NOTE, "note");
}

static enum cli_status inspect_file(struct cli *cli, const char *path,
				    const struct object_options *object_options,
				    struct json_object *descriptions, bool *printed)
{
	CLEANUP(cleanup_object) struct elfmap_object *obj = object_open(cli, path, object_options);

	if (!obj)
		return CLI_REFUSED;
	if (cli->json) {
		json_append(descriptions, describe_object(obj));
		return CLI_OK;
	}
	if (*printed)
		print_line("%s", "");
	print_object(obj);
	*printed = true;
	return CLI_OK;
}

static enum cli_status inspect(struct cli *cli, const struct arguments *arguments)
{
	CLEANUP(cleanup_json) struct json_object *descriptions = json_new_array();
	const struct object_options object_options = { 0 };
	enum cli_status status = CLI_OK;
	bool printed = false;
	int i;

	if (arguments->layouts && arguments->count)
		return message_usage(cli, "inspect", "inspect: --layouts takes no file");
	if (arguments->layouts)
		return layouts_print(cli);
	if (!arguments->count)
		return message_usage(cli, "inspect", "inspect: too few arguments");
	for (i = 0; i < arguments->count; i++) {
		if (inspect_file(cli, arguments->words[i], &object_options, descriptions,
				 &printed) != CLI_OK)
			status = CLI_REFUSED;
	}
	if (!cli->json)
		return status;
	if (arguments->count > 1)
		json_print(cli, descriptions);
	else if (json_object_array_length(descriptions))
		json_print(cli, json_object_array_get_idx(descriptions, 0));
	return status;
}

const struct command inspect_command = {
	.name = "inspect",
	.summary = "show what is in object files and how it was read",
	.help = help,
	.options = options,
	.least_words = 0,
	.most_words = INT_MAX,
	.run = inspect,
};
