/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Choosing and loading the program that a command attaches. The rules are those of iproute2's own
 * loader (lib/bpf_legacy.c there): of the object's programs only the requested one and the
 * tail-called ones are loaded, all with one type.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>

#include "cleanup.h"
#include "cli.h"
#include "elfmap.h"
#include "iproute2.h"
#include "object.h"
#include "program.h"

/* --- choosing ----------------------------------------------------------------------------- */

/* A NULL section or name agrees with any. */
static bool agrees(const struct elfmap_program *program, const char *section, const char *name)
{
	return !elfmap_program__is_subprogram(program) &&
	       (!section || !strcmp(elfmap_program__section(program), section)) &&
	       (!name || !strcmp(elfmap_program__name(program), name));
}

static struct elfmap_program *find_program(const struct elfmap_object *obj, const char *section,
					   const char *name)
{
	struct elfmap_program *program = NULL;

	while ((program = elfmap_object__next_program(obj, program))) {
		if (agrees(program, section, name))
			return program;
	}
	return NULL;
}

/* "parse in 12/0, entry in classifier" */
static char *list_programs(const struct elfmap_object *obj)
{
	struct elfmap_program *program = NULL;
	const char *comma = "";
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		out_of_memory();
	while ((program = elfmap_object__next_program(obj, program))) {
		if (elfmap_program__is_subprogram(program))
			continue;
		fprintf(stream, "%s%s (%s)", comma, elfmap_program__section(program),
			elfmap_program__name(program));
		comma = ", ";
	}
	if (fclose(stream))
		out_of_memory();
	return text;
}

static void tell_missing(struct cli *cli, const struct elfmap_object *obj, const char *section,
			 const char *name)
{
	CLEANUP(cleanup_free) char *list = list_programs(obj);
	const char *path = elfmap_object__name(obj);

	if (name && (!section || find_program(obj, section, NULL)))
		message_error(cli, "%s: no program '%s'%s%s", path, name,
			      section ? " in section " : "", section ? section : "");
	else
		message_error(cli, "%s: no program section '%s'", path, section);
	if (*list)
		message_detail(cli, "sections (programs): %s", list);
	else
		message_detail(cli, "it has no programs");
}

static void warn_of_more(struct cli *cli, const struct elfmap_object *obj,
			 const struct elfmap_program *chosen)
{
	const char *section = elfmap_program__section(chosen);
	struct elfmap_program *program = NULL;
	unsigned int count = 0;

	while ((program = elfmap_object__next_program(obj, program)))
		count += agrees(program, section, NULL);
	if (count > 1)
		message_warning(cli,
				"%s: section %s has %u programs, taking %s; 'program NAME' chooses",
				elfmap_object__name(obj), section, count,
				elfmap_program__name(chosen));
}

static struct elfmap_program *choose(struct cli *cli, const struct elfmap_object *obj,
				     const struct program_choice *choice,
				     const char *default_section)
{
	const char *section = choice->section;
	struct elfmap_program *chosen;

	/* a name without a section finds the program in whatever section it is */
	if (!section && !choice->program)
		section = default_section;
	chosen = find_program(obj, section, choice->program);
	if (!chosen)
		tell_missing(cli, obj, section, choice->program);
	else if (!choice->program)
		warn_of_more(cli, obj, chosen);
	return chosen;
}

/* --- loading ------------------------------------------------------------------------------ */

static void mark_for_load(const struct elfmap_object *obj, struct elfmap_program *chosen,
			  __u32 type)
{
	struct elfmap_program *program = NULL;
	bool wanted;

	/* iproute2 does not store the requested program in a slot of its own */
	elfmap_program__clear_tail_call(chosen);
	while ((program = elfmap_object__next_program(obj, program))) {
		if (elfmap_program__is_subprogram(program))
			continue;
		wanted = program == chosen || elfmap_program__tail_call(program, NULL);
		elfmap_program__set_autoload(program, wanted);
		if (wanted)
			elfmap_program__set_type(program, type);
	}
}

static void name_program(struct loaded_program *loaded, const char *path, const char *section)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	snprintf(loaded->name, sizeof(loaded->name), "%s:[%s]", basename(copy), section);
}

static enum cli_status load_object(struct cli *cli, const struct program_choice *choice, __u32 type,
				   const char *default_section, struct loaded_program *loaded)
{
	CLEANUP(cleanup_free) char *pin_root = iproute2_globals();
	const struct object_options options = {
		.verifier_log = cli->verbose || choice->verbose,
		.pin_root = pin_root,
	};
	CLEANUP(cleanup_object) struct elfmap_object *obj = NULL;
	struct elfmap_program *chosen;
	int err;

	if (!pin_root)
		out_of_memory();
	if (choice->verbose && !cli->verbose)
		cli->verbose = 1;
	obj = object_open(cli, choice->object, &options);
	if (!obj)
		return CLI_REFUSED;
	chosen = choose(cli, obj, choice, default_section);
	if (!chosen)
		return CLI_REFUSED;
	mark_for_load(obj, chosen, type);
	err = elfmap_object__load(obj);
	if (err)
		return message_refused(cli, err, "%s", choice->object);
	name_program(loaded, choice->object, elfmap_program__section(chosen));
	loaded->fd = elfmap_program__fd(chosen);
	loaded->obj = take_ptr(obj);
	return CLI_OK;
}

static bool is_program(int fd)
{
	static const char wanted[] = "anon_inode:bpf-prog";
	char path[32];
	char link[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, link, sizeof(link));
	/* without /proc the kernel judges, in fewer words */
	return length < 0 ||
	       (strlen(wanted) == (size_t)length && !memcmp(link, wanted, (size_t)length));
}

static enum cli_status check_pinned(struct cli *cli, const char *path, int fd, __u32 type)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (!is_program(fd)) {
		message_error(cli, "%s: what is pinned there is no program", path);
		return CLI_REFUSED;
	}
	if (!bpf_obj_get_info_by_fd(fd, &info, &size) && info.type != type) {
		message_error(cli, "%s: the program is of type %s, and must be %s", path,
			      program_type_name(info.type), program_type_name(type));
		return CLI_REFUSED;
	}
	return CLI_OK;
}

static enum cli_status get_pinned(struct cli *cli, const char *path, __u32 type,
				  struct loaded_program *loaded)
{
	CLEANUP(cleanup_fd) int fd = bpf_obj_get(path);
	enum cli_status status;

	if (fd < 0)
		return message_refused(cli, -errno, "%s: cannot get the pinned program", path);
	status = check_pinned(cli, path, fd, type);
	if (status != CLI_OK)
		return status;
	name_program(loaded, path, "*fsobj");
	loaded->fd = take_fd(&fd);
	return CLI_OK;
}

enum cli_status program_load(struct cli *cli, const struct program_choice *choice, __u32 type,
			     const char *default_section, struct loaded_program *loaded)
{
	if (choice->pinned)
		return get_pinned(cli, choice->pinned, type, loaded);
	return load_object(cli, choice, type, default_section, loaded);
}

void program_undo(struct loaded_program *loaded)
{
	if (loaded->obj)
		elfmap_object__undo_load(loaded->obj);
}

/* --- after the attachment ----------------------------------------------------------------- */

static bool is_filled(const struct elfmap_object *obj, const struct elfmap_map *map)
{
	struct elfmap_program *program = NULL;

	while ((program = elfmap_object__next_program(obj, program))) {
		if (elfmap_program__tail_call(program, NULL) == map)
			return true;
	}
	return false;
}

/* The kernel empties a prog array when its last user-space reference goes. */
void program_warn(struct cli *cli, const struct program_choice *choice,
		  const struct loaded_program *loaded)
{
	struct elfmap_map *map = NULL;

	if (!loaded->obj)
		return;
	while ((map = elfmap_object__next_map(loaded->obj, map))) {
		if (elfmap_map__def(map)->type != BPF_MAP_TYPE_PROG_ARRAY ||
		    elfmap_map__pin_path(map) || !is_filled(loaded->obj, map))
			continue;
		message_warning(cli,
				"%s: prog array %s is not pinned: the kernel empties it when "
				"elfmap ends, and its tail calls go nowhere",
				choice->object, elfmap_map__name(map));
	}
}

void cleanup_loaded_program(struct loaded_program *loaded)
{
	if (loaded->obj)
		elfmap_object__close(loaded->obj);
	else if (loaded->fd >= 0)
		close(loaded->fd);
}
