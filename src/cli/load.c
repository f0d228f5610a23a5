/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap load: all maps and programs of an object into the kernel, pinned in one directory.
 * Attaches nothing.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>

#include "cleanup.h"
#include "cli.h"
#include "elfmap.h"
#include "iproute2.h"
#include "json.h"
#include "object.h"
#include "options.h"
#include "tail_calls.h"
#include "memory.h"

static const char help[] =
	"usage: elfmap load [OPTIONS] FILE\n"
	"\n"
	"Loads all maps and programs of an object file into the kernel.\n"
	"\n"
	"  --pin-dir DIR   pin each map and program as DIR/NAME; DIR is in a bpffs and\n"
	"                  is made if missing. Without it, maps are pinned as the object\n"
	"                  says, and programs are gone when elfmap ends\n"
	"  --pin-path MAP=PATH\n"
	"                  pin this map there instead: below the bpffs if PATH is\n"
	"                  relative, nowhere if it is empty. For maps whose path only\n"
	"                  their loader knows (gobpf's PIN_CUSTOM_NS). May be given\n"
	"                  several times\n"
	"  --type TYPE     the type of programs whose section name does not tell, such as\n"
	"                  sched_cls or xdp\n"
	"  --keep-tail-calls\n"
	"                  pin prog arrays that nothing else pins in the object's\n"
	"                  namespace: the kernel empties them when elfmap ends, otherwise\n"
	"  --layout NAME   read all legacy map definitions as this layout\n"
	"  -v, --verbose   show the verifier's log\n"
	"  -j, --json      maps with name, id, pin_path; programs with tag as well\n";

static void set_pin_dir(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli;
	arguments->pin_dir = value;
}

static void set_type(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli;
	arguments->type = value;
}

/* One too many is found when they are used. */
static void add_pin_path(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli;
	if (arguments->nr_pin_paths < PIN_PATHS_MAX)
		arguments->pin_paths[arguments->nr_pin_paths] = value;
	arguments->nr_pin_paths++;
}

static void set_keep_tail_calls(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)arguments, (void)value;
	cli->keep_tail_calls = true;
}

static const struct option options[] = {
	{ '\0', "pin-dir", true, set_pin_dir },
	{ '\0', "pin-path", true, add_pin_path },
	{ '\0', "type", true, set_type },
	{ '\0', "keep-tail-calls", false, set_keep_tail_calls },
	{ '\0', NULL, false, NULL },
};

/* --- program types ------------------------------------------------------------------------ */

static void give_types(const struct elfmap_object *obj, __u32 given)
{
	struct elfmap_program *program = NULL;

	while ((program = elfmap_object__next_program(obj, program))) {
		if (!elfmap_program__is_subprogram(program) && !elfmap_program__type(program))
			elfmap_program__set_type(program, given);
	}
}

static enum cli_status read_type(struct cli *cli, const char *name, __u32 *type)
{
	*type = name ? program_type_by_name(name) : 0;
	if (name && !*type)
		return message_usage(cli, "load", "load: unknown program type '%s'", name);
	return CLI_OK;
}

/* --- pins --------------------------------------------------------------------------------- */

static int give_pin_paths(const struct elfmap_object *obj, const char *dir)
{
	struct elfmap_program *program = NULL;
	char path[PATH_MAX];
	int length;
	int err;

	while ((program = elfmap_object__next_program(obj, program))) {
		if (elfmap_program__is_subprogram(program))
			continue;
		length = snprintf(path, sizeof(path), "%s/%s", dir, elfmap_program__name(program));
		if (length < 0 || (size_t)length >= sizeof(path))
			return -ENAMETOOLONG;
		err = elfmap_program__set_pin_path(program, path);
		if (err)
			return err;
	}
	return 0;
}

/* A relative path is below the bpffs. */
static int set_pin_path(struct elfmap_map *map, const char *path)
{
	CLEANUP(cleanup_free) char *bpffs = *path == '/' || !*path ? NULL : iproute2_bpffs();
	CLEANUP(cleanup_free) char *joined = NULL;

	if (!*path)
		return elfmap_map__set_pin_path(map, NULL);
	if (*path == '/')
		return elfmap_map__set_pin_path(map, path);
	if (!bpffs || asprintf(&joined, "%s/%s", bpffs, path) < 0) {
		joined = NULL;
		return -ENOMEM;
	}
	return elfmap_map__set_pin_path(map, joined);
}

static enum cli_status give_pin_path(struct cli *cli, const struct elfmap_object *obj,
				     const char *option)
{
	const char *equals = strchr(option, '=');
	CLEANUP(cleanup_free) char *name = NULL;
	struct elfmap_map *map;
	int err;

	if (!equals)
		return message_usage(cli, "load", "load: --pin-path %s: expected MAP=PATH", option);
	name = strndup(option, (size_t)(equals - option));
	if (!name)
		out_of_memory();
	map = elfmap_object__find_map(obj, name);
	if (!map) {
		message_error(cli, "%s: no map '%s' to pin", elfmap_object__name(obj), name);
		return CLI_REFUSED;
	}
	err = set_pin_path(map, equals + 1);
	return err ? message_refused(cli, err, "--pin-path %s", option) : CLI_OK;
}

static enum cli_status give_map_pin_paths(struct cli *cli, const struct elfmap_object *obj,
					  const struct arguments *arguments)
{
	enum cli_status status = CLI_OK;
	int i;

	if (arguments->nr_pin_paths > PIN_PATHS_MAX)
		return message_usage(cli, "load", "load: --pin-path: at most %d of them",
				     PIN_PATHS_MAX);
	for (i = 0; i < arguments->nr_pin_paths && status == CLI_OK; i++)
		status = give_pin_path(cli, obj, arguments->pin_paths[i]);
	return status;
}

static enum cli_status prepare_pins(struct cli *cli, const struct elfmap_object *obj,
				    const char *dir)
{
	int err;

	if (!dir)
		return CLI_OK;
	err = give_pin_paths(obj, dir);
	return err ? message_refused(cli, err, "--pin-dir %s", dir) : CLI_OK;
}

/* --- what came out ------------------------------------------------------------------------ */

static void report_map(struct cli *cli, const struct elfmap_map *map, struct json_object *list)
{
	const char *path = elfmap_map__pin_path(map);
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	struct json_object *object;

	if (bpf_obj_get_info_by_fd(elfmap_map__fd(map), &info, &size))
		info.id = 0;
	if (!cli->json) {
		print_line("map %s id %u%s%s", elfmap_map__name(map), info.id, path ? " pin " : "",
			   path ? path : "");
		return;
	}
	object = json_new_object();
	json_add_string(object, "name", elfmap_map__name(map));
	json_add_number(object, "id", info.id);
	json_add_string(object, "pin_path", path);
	json_append(list, object);
}

static void report_program(struct cli *cli, const struct elfmap_program *program,
			   struct json_object *list)
{
	const char *path = elfmap_program__pin_path(program);
	CLEANUP(cleanup_fd) int pinned = -1;
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	struct json_object *object;
	char tag[2 * sizeof(info.tag) + 1];

	/* a program that was pinned already stays, and the equal one just loaded goes */
	if (path)
		pinned = bpf_obj_get(path);
	if (bpf_obj_get_info_by_fd(pinned >= 0 ? pinned : elfmap_program__fd(program), &info,
				   &size))
		info = (struct bpf_prog_info){ 0 };
	hex_text(info.tag, sizeof(info.tag), tag);
	if (!cli->json) {
		print_line("program %s id %u tag %s%s%s", elfmap_program__name(program), info.id,
			   tag, path ? " pin " : "", path ? path : "");
		return;
	}
	object = json_new_object();
	json_add_string(object, "name", elfmap_program__name(program));
	json_add_number(object, "id", info.id);
	json_add_string(object, "tag", tag);
	json_add_string(object, "pin_path", path);
	json_append(list, object);
}

static void report(struct cli *cli, const struct elfmap_object *obj)
{
	CLEANUP(cleanup_json) struct json_object *object = json_new_object();
	struct json_object *maps = json_new_array();
	struct json_object *programs = json_new_array();
	struct elfmap_program *program = NULL;
	struct elfmap_map *map = NULL;

	json_add_string(object, "file", elfmap_object__name(obj));
	json_add(object, "maps", maps);
	json_add(object, "programs", programs);
	while ((map = elfmap_object__next_map(obj, map)))
		report_map(cli, map, maps);
	while ((program = elfmap_object__next_program(obj, program))) {
		if (elfmap_program__fd(program) >= 0)
			report_program(cli, program, programs);
	}
	if (cli->json)
		json_print(cli, object);
}

static enum cli_status load(struct cli *cli, const struct arguments *arguments)
{
	const struct object_options object_options = {
		.pin_dir = arguments->pin_dir,
		.verifier_log = cli->verbose,
	};
	CLEANUP(cleanup_object) struct elfmap_object *obj = NULL;
	enum cli_status status;
	__u32 type;
	int err;

	status = read_type(cli, arguments->type, &type);
	if (status != CLI_OK)
		return status;
	obj = object_open(cli, arguments->words[0], &object_options);
	if (!obj)
		return CLI_REFUSED;
	if (type)
		give_types(obj, type);
	status = prepare_pins(cli, obj, arguments->pin_dir);
	if (status == CLI_OK)
		status = give_map_pin_paths(cli, obj, arguments);
	if (status != CLI_OK)
		return status;
	err = tail_calls_keep(cli, obj);
	if (!err)
		err = elfmap_object__load(obj);
	if (err)
		return message_refused(cli, err, "%s", arguments->words[0]);
	report(cli, obj);
	if (arguments->pin_dir)
		tail_calls_warn(cli, obj);
	else
		message_warning(cli, "no --pin-dir: programs do not stay when elfmap ends");
	return CLI_OK;
}

const struct command load_command = {
	.name = "load",
	.summary = "load an object's maps and programs, and pin them",
	.help = help,
	.options = options,
	.least_words = 1,
	.most_words = 1,
	.run = load,
};
