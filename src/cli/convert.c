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
#include "options.h"
#include "remarks.h"
#include "wrap.h"

static const char help[] =
	"usage: elfmap convert [OPTIONS] OLD NEW\n"
	"\n"
	"Translates the object file OLD and writes an object that any loader with\n"
	"libbpf 1.x takes. NEW may be OLD: it is replaced only when the new file is\n"
	"complete. A NEW of - is standard output, if that is no terminal.\n"
	"\n"
	"What a stock loader will do differently with NEW is said for each map.\n"
	"\n"
	"  --for LOADER       whose way of loading it is for: libbpf (the default); tc,\n"
	"                     which loads one section of an object: slots of prog arrays\n"
	"                     are left empty; bpftool, which takes program types from\n"
	"                     section names: implies --rename-sections\n"
	"  --rename-sections  give program sections names that libbpf 1.x knows, such as\n"
	"                     xdp for xdp_drop; the object's own are kept without it\n"
	"  --no-tags          leave out the BTF declaration tags that keep what libbpf\n"
	"                     has no word for; some readers of BTF do not know tags\n"
	"  --strict           write nothing if a stock loader would do things differently\n"
	"  --layout NAME      read all legacy map definitions as this layout\n"
	"  -v, --verbose      say what was done for each map, and what was repaired\n"
	"  -j, --json         describe what was converted, as inspect does, with \"output\"\n"
	"                     and \"differences\"\n";

static void set_loader(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli;
	arguments->loader = value;
}

static void set_rename_sections(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli, (void)value;
	arguments->rename_sections = true;
}

static void set_no_tags(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli, (void)value;
	arguments->no_tags = true;
}

static void set_strict(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli, (void)value;
	arguments->strict = true;
}

static const struct option options[] = {
	{ '\0', "for", true, set_loader },
	{ '\0', "rename-sections", false, set_rename_sections },
	{ '\0', "no-tags", false, set_no_tags },
	{ '\0', "strict", false, set_strict },
	{ '\0', NULL, false, NULL },
};

/* --- what is to be made ------------------------------------------------------------------- */

static enum cli_status read_loader(struct cli *cli, const char *name, enum elfmap_loader *loader)
{
	static const char *const names[] = {
		[ELFMAP_LOADER_LIBBPF] = "libbpf",
		[ELFMAP_LOADER_TC] = "tc",
		[ELFMAP_LOADER_BPFTOOL] = "bpftool",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name))
			continue;
		*loader = (enum elfmap_loader)i;
		return CLI_OK;
	}
	return message_usage(cli, "convert", "convert: --for %s: expected libbpf, tc or bpftool",
			     name);
}

static enum cli_status set_image(struct cli *cli, struct elfmap_object *obj,
				 const struct arguments *arguments, enum elfmap_loader loader)
{
	struct elfmap_image_opts opts = {
		.sz = sizeof(opts),
		.loader = loader,
		.no_tags = arguments->no_tags,
		.rename_sections = arguments->rename_sections,
	};
	int err = elfmap_object__set_image_opts(obj, &opts);

	return err ? message_refused(cli, err, "%s", elfmap_object__name(obj)) : CLI_OK;
}

/* --- writing ------------------------------------------------------------------------------ */

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

static void tell_repair(const char *text, void *ctx)
{
	message_verbose(ctx, "repaired: %s", text);
}

static void tell_note(const char *text, void *ctx)
{
	message_verbose(ctx, "note: %s", text);
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
	remarks_each(obj, ELFMAP_REMARK_REPAIR, tell_repair, cli);
	remarks_each(obj, ELFMAP_REMARK_NOTE, tell_note, cli);
	if (!cli->json)
		return;
	description = describe_object(obj);
	json_add(description, "differences", remarks_describe(obj, ELFMAP_REMARK_DIFFERENCE));
	json_add_string(description, "output", output);
	json_print(cli, description);
}

static void detail_difference(const char *text, void *ctx)
{
	message_detail(ctx, "%s", text);
}

static void warn_of_difference(const char *text, void *ctx)
{
	message_warning(ctx, "%s", text);
}

static void print_difference(const char *text, void *ctx)
{
	(void)ctx;
	print_wrapped(2, 4, text);
}

/* On stdout, unless that is the object's; in JSON they are with the rest. */
static void tell_differences(struct cli *cli, const struct elfmap_object *obj, bool to_stdout)
{
	if (cli->json || !remarks_count(obj, ELFMAP_REMARK_DIFFERENCE))
		return;
	if (to_stdout) {
		remarks_each(obj, ELFMAP_REMARK_DIFFERENCE, warn_of_difference, cli);
		return;
	}
	print_line("%s: what a stock loader does differently:", elfmap_object__name(obj));
	remarks_each(obj, ELFMAP_REMARK_DIFFERENCE, print_difference, NULL);
}

static enum cli_status check_differences(struct cli *cli, const struct elfmap_object *obj)
{
	if (!remarks_count(obj, ELFMAP_REMARK_DIFFERENCE))
		return CLI_OK;
	message_error(cli, "%s: not converted, as a stock loader would do this differently:",
		      elfmap_object__name(obj));
	remarks_each(obj, ELFMAP_REMARK_DIFFERENCE, detail_difference, cli);
	return CLI_REFUSED;
}

/* --- the command -------------------------------------------------------------------------- */

static enum cli_status check_output(struct cli *cli, bool to_stdout)
{
	if (to_stdout && isatty(STDOUT_FILENO))
		return message_usage(cli, "convert", "convert: no object file to a terminal");
	if (to_stdout && cli->json)
		return message_usage(cli, "convert",
				     "convert: object and JSON cannot both be output");
	return CLI_OK;
}

static enum cli_status convert(struct cli *cli, const struct arguments *arguments)
{
	const struct object_options object_options = { 0 };
	CLEANUP(cleanup_object) struct elfmap_object *obj = NULL;
	const char *output = arguments->words[1];
	bool to_stdout = !strcmp(output, "-");
	enum elfmap_loader loader = ELFMAP_LOADER_LIBBPF;
	enum cli_status status = check_output(cli, to_stdout);
	int err;

	if (status == CLI_OK && arguments->loader)
		status = read_loader(cli, arguments->loader, &loader);
	if (status != CLI_OK)
		return status;
	obj = object_open(cli, arguments->words[0], &object_options);
	if (!obj)
		return CLI_REFUSED;
	status = set_image(cli, obj, arguments, loader);
	if (status == CLI_OK && arguments->strict)
		status = check_differences(cli, obj);
	if (status != CLI_OK)
		return status;
	err = to_stdout ? write_stream(obj, stdout) : write_file(obj, output);
	if (err && to_stdout)
		return CLI_REFUSED; /* every command's end says what went wrong there */
	if (err)
		return message_refused(cli, err, "%s", output);
	tell(cli, obj, output);
	tell_differences(cli, obj, to_stdout);
	return CLI_OK;
}

const struct command convert_command = {
	.name = "convert",
	.summary = "write an object that libbpf 1.x loads without elfmap",
	.help = help,
	.options = options,
	.least_words = 2,
	.most_words = 2,
	.run = convert,
};
