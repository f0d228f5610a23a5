/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap convert: write the translation of an object to a file, for loaders that know nothing of
 * elfmap. Loads nothing.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli.h"
#include "describe.h"
#include "elfmap.h"
#include "json.h"
#include "object.h"

static const char help[] =
	"usage: elfmap convert [OPTIONS] OLD NEW\n"
	"\n"
	"Translates the object file OLD and writes an object that any loader with\n"
	"libbpf 1.x takes. NEW may be OLD: it is replaced only when the new file is\n"
	"complete. A NEW of - is standard output, if that is no terminal.\n"
	"\n"
	"  --layout NAME   read all legacy map definitions as this layout\n"
	"  -v, --verbose   say what was done for each map\n"
	"  -j, --json      describe what was converted, as inspect does, and \"output\"\n";

static int write_stream(struct elfmap_object *obj, FILE *stream)
{
	size_t size = 0;
	const void *image = elfmap_object__image(obj, &size);

	if (!image)
		return -errno;
	return fwrite(image, 1, size, stream) == size && !fflush(stream) ? 0 : -errno;
}

/* Devices and pipes are written to, not replaced. */
static int write_special(struct elfmap_object *obj, const char *path)
{
	FILE *stream = fopen(path, "we");
	int err = stream ? write_stream(obj, stream) : -errno;

	if (stream)
		fclose(stream);
	return err;
}

/* A symbolic link stays, and what it points to is replaced. */
static int write_file(struct elfmap_object *obj, const char *path)
{
	char target[PATH_MAX];
	struct stat state;

	if (stat(path, &state))
		return errno == ENOENT ? elfmap_object__write(obj, path) : -errno;
	if (S_ISDIR(state.st_mode))
		return -EISDIR;
	if (!S_ISREG(state.st_mode))
		return write_special(obj, path);
	if (!realpath(path, target))
		return -errno;
	return elfmap_object__write(obj, target);
}

static void tell_map(struct cli *cli, const struct elfmap_map *map)
{
	message_verbose(cli, "%s: section %s offset %zu, read as %s: %s", elfmap_map__name(map),
			elfmap_map__section(map), elfmap_map__offset(map), elfmap_map__layout(map),
			elfmap_map__evidence(map));
	if (elfmap_map__nr_slots(map))
		message_verbose(cli, "%s: %zu initial slots", elfmap_map__name(map),
				elfmap_map__nr_slots(map));
}

static void tell(struct cli *cli, struct elfmap_object *obj, const char *output)
{
	CLEANUP(cleanup_json) struct json_object *description = NULL;
	struct elfmap_map *map = NULL;

	if (!elfmap_object__is_legacy(obj))
		message_warning(cli, "%s: no legacy map definitions to translate",
				elfmap_object__name(obj));
	while ((map = elfmap_object__next_map(obj, map)))
		tell_map(cli, map);
	if (!cli->json)
		return;
	description = describe_object(obj);
	json_add_string(description, "output", output);
	json_print(cli, description);
}

static enum cli_status convert(struct cli *cli, const struct arguments *arguments)
{
	const struct object_options object_options = { 0 };
	CLEANUP(cleanup_object) struct elfmap_object *obj = NULL;
	const char *output = arguments->words[1];
	bool to_stdout = !strcmp(output, "-");
	int err;

	if (to_stdout && isatty(STDOUT_FILENO))
		return message_usage(cli, "convert", "convert: no object file to a terminal");
	if (to_stdout && cli->json)
		return message_usage(cli, "convert",
				     "convert: object and JSON cannot both be output");
	obj = object_open(cli, arguments->words[0], &object_options);
	if (!obj)
		return CLI_REFUSED;
	err = to_stdout ? write_stream(obj, stdout) : write_file(obj, output);
	if (err && to_stdout)
		return CLI_REFUSED; /* every command's end says what went wrong there */
	if (err)
		return message_refused(cli, err, "%s", output);
	tell(cli, obj, output);
	return CLI_OK;
}

const struct command convert_command = {
	.name = "convert",
	.summary = "write an object that libbpf 1.x loads without elfmap",
	.help = help,
	.least_words = 2,
	.most_words = 2,
	.run = convert,
};
