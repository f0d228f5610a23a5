/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * elfmap exec: runs a command with the preload library in it, after a look at whether that can help.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli.h"
#include "elfmap.h"
#include "memory.h"
#include "options.h"
#include "preload/engine.h"
#include "preload_path.h"
#include "program_file.h"

static const char help[] =
	"usage: elfmap exec [OPTIONS] [--] COMMAND [ARGUMENT...]\n"
	"\n"
	"Runs a command that loads BPF objects with libbpf 1.x, and all that it starts in\n"
	"turn: legacy objects are translated as they are opened. All else goes to libbpf\n"
	"as it is. The command must be linked to libbpf dynamically.\n"
	"\n"
	"  -v, --verbose   say on stderr what is translated; -vv says more\n"
	"  --layout NAME   read all legacy map definitions as this layout\n"
	"  --pin-policy POLICY\n"
	"                  auto: pin maps where the object's own loader did, unless the\n"
	"                  command says where before it loads them; none: set no pins,\n"
	"                  for commands that pin maps themselves\n"
	"\n"
	"The same by the environment, for commands that are started otherwise, with\n" PRELOAD_FILE
	" in LD_PRELOAD: ELFMAP_LOG (error, warning, info or debug),\n"
	"ELFMAP_LAYOUT, ELFMAP_PIN_POLICY. Entries of LD_PRELOAD are kept.\n"
	"\n"
	"exit status: the command's; 127 it is not found, 126 it cannot be run, 1 elfmap\n"
	"cannot help it and ran nothing, 2 wrong usage\n";

static void set_pin_policy(struct cli *cli, struct arguments *arguments, const char *value)
{
	(void)cli;
	arguments->pin_policy = value;
}

static const struct option options[] = {
	{ '\0', "pin-policy", true, set_pin_policy },
	{ '\0', NULL, false, NULL },
};

/* --- whether it can help ------------------------------------------------------------------------- */

struct look {
	struct program_file program;
	struct program_file preload;
	struct program_file own; /* built for the C library that the preload library is for */
};

static bool gains_rights(const struct look *look)
{
	return look->program.gains_rights;
}

static bool has_libbpf(const struct look *look)
{
	return look->program.has_libbpf;
}

static bool is_of_other_machine(const struct look *look)
{
	const struct program_file *a = &look->program, *b = &look->preload;

	return a->is_elf &&
	       (a->class != b->class || a->data != b->data || a->machine != b->machine);
}

static bool is_of_other_library(const struct look *look)
{
	const char *a = look->program.linker, *b = look->own.linker;

	return *a && *b && strcmp(a, b) != 0;
}

static bool is_static(const struct look *look)
{
	return look->program.is_elf && look->program.is_static;
}

static bool looks_up_libbpf(const struct look *look)
{
	return look->program.looks_up_libbpf;
}

#define CONVERT "elfmap convert old.o new.o"

/* The first that holds counts. */
static const struct obstacle {
	bool (*holds)(const struct look *look);
	bool is_sure; /* nothing is run then */
	const char *what;
	const char *advice[2];
} obstacles[] = {
	{ gains_rights,
	  true,
	  "it gains rights, and nothing is preloaded into such programs",
	  { "with these rights from the start it works: sudo elfmap exec -- COMMAND",
	    "or convert the object: " CONVERT } },
	{ has_libbpf,
	  true,
	  "its libbpf is built in and cannot be reached",
	  { "convert the object: " CONVERT " (for bpftool: --for bpftool)" } },
	{ is_of_other_machine,
	  true,
	  "it is for another machine than " PRELOAD_FILE,
	  { "an elfmap that is built for that one helps; or: " CONVERT } },
	{ is_of_other_library,
	  false,
	  "it has another C library: only what it starts is helped",
	  { "an elfmap that is built for that one helps; or: " CONVERT } },
	{ is_static,
	  false,
	  "it is static: only what it starts is helped",
	  { "if it loads objects itself: " CONVERT } },
	{ looks_up_libbpf,
	  false,
	  "it looks up libbpf at run time, and may be out of reach",
	  { "if legacy objects are refused: " CONVERT } },
};
#define NR_OBSTACLES (sizeof(obstacles) / sizeof(obstacles[0]))

static const struct obstacle *find_obstacle(const struct look *look)
{
	for (size_t i = 0; i < NR_OBSTACLES; i++)
		if (obstacles[i].holds(look))
			return &obstacles[i];
	return NULL;
}

static enum cli_status cannot_run(struct cli *cli, const char *command, int err)
{
	message_error(cli, "cannot run '%s': %s", command, strerror(err));
	return err == ENOENT ? CLI_NO_COMMAND : CLI_COMMAND_NOT_RUN;
}

static enum cli_status look_at(struct cli *cli, const char *command, const char *preload)
{
	const struct obstacle *obstacle;
	struct look look = { 0 };
	char path[PATH_MAX];
	int err = program_file_find(command, path, sizeof(path));

	if (err)
		return cannot_run(cli, command, -err);
	err = program_file_look(preload, &look.preload);
	if (err)
		return message_refused(cli, err, "cannot read %s", preload);
	program_file_look("/proc/self/exe", &look.own);
	/* what may be run and not read: who runs it finds out */
	if (program_file_look(path, &look.program))
		return CLI_OK;
	obstacle = find_obstacle(&look);
	if (!obstacle)
		return CLI_OK;
	(obstacle->is_sure ? message_error : message_warning)(
		cli, "%s%s: %s", look.program.path,
		look.program.is_interpreter ? ", which runs it" : "", obstacle->what);
	for (size_t i = 0; i < 2 && obstacle->advice[i]; i++)
		message_detail(cli, "%s", obstacle->advice[i]);
	return obstacle->is_sure ? CLI_REFUSED : CLI_OK;
}

/* --- the environment ----------------------------------------------------------------------------- */

static void put(const char *name, const char *value)
{
	if (value && setenv(name, value, 1))
		out_of_memory();
}

/* In front of what the user has there. */
static void put_preload(const char *preload)
{
	const char *others = getenv("LD_PRELOAD");
	CLEANUP(cleanup_free) char *all = NULL;

	if (asprintf(&all, "%s%s%s", preload, others && *others ? ":" : "", others ?: "") < 0) {
		all = NULL;
		out_of_memory();
	}
	put("LD_PRELOAD", all);
}

static bool is_layout(const char *name)
{
	const struct elfmap_format *format;

	for (size_t i = 0; (format = elfmap_builtin_format(i)); i++)
		if (!strcmp(format->name, name))
			return true;
	return false;
}

static enum cli_status check_layout(struct cli *cli, const char *name, const char *where)
{
	if (!name || !*name || is_layout(name))
		return CLI_OK;
	return message_usage(cli, "exec", "%s %s: expected one that elfmap inspect --layouts lists",
			     where, name);
}

static enum cli_status check_pin_policy(struct cli *cli, const char *name, const char *where)
{
	if (!name || !*name || !strcmp(name, "auto") || !strcmp(name, "none"))
		return CLI_OK;
	return message_usage(cli, "exec", "%s %s: expected auto or none", where, name);
}

/* What the command is to be told: by options, else by the environment as it is. */
static enum cli_status check_settings(struct cli *cli, const struct arguments *arguments)
{
	const char *layout = cli->layout ?: getenv("ELFMAP_LAYOUT");
	const char *policy = arguments->pin_policy ?: getenv("ELFMAP_PIN_POLICY");
	enum cli_status status;

	if (cli->json || cli->pretty)
		return message_usage(cli, "exec", "--json is not for exec: it prints nothing");
	status = check_layout(cli, layout, cli->layout ? "--layout" : "ELFMAP_LAYOUT");
	if (status != CLI_OK)
		return status;
	return check_pin_policy(cli, policy,
				arguments->pin_policy ? "--pin-policy" : "ELFMAP_PIN_POLICY");
}

/* --- the command --------------------------------------------------------------------------------- */

static enum cli_status find_preload(struct cli *cli, char **out)
{
	CLEANUP(cleanup_free) char *preload = preload_path();
	CLEANUP(cleanup_free) char *engine = NULL;
	const char *named = getenv("ELFMAP_PRELOAD");

	if (!preload) {
		message_error(cli, "%s: %s", named && *named ? named : PRELOAD_FILE,
			      strerror(errno));
		message_detail(cli,
			       "expected beside elfmap, or in ../lib/elfmap from there, or in");
		message_detail(cli, "%s/elfmap; ELFMAP_PRELOAD says where else it is",
			       ELFMAP_LIBDIR);
		return CLI_REFUSED;
	}
	if (asprintf(&engine, "%.*s" PRELOAD_ENGINE_FILE,
		     (int)(strrchr(preload, '/') + 1 - preload), preload) < 0) {
		engine = NULL;
		out_of_memory();
	}
	if (access(engine, R_OK)) {
		message_error(cli, "%s: %s", engine, strerror(errno));
		message_detail(cli, "it belongs beside " PRELOAD_FILE ": install elfmap anew");
		return CLI_REFUSED;
	}
	if (strpbrk(preload, " :")) {
		message_error(cli, "%s: LD_PRELOAD takes no path with a blank or colon", preload);
		return CLI_REFUSED;
	}
	*out = take_ptr(preload);
	return CLI_OK;
}

static enum cli_status exec_run(struct cli *cli, const struct arguments *arguments)
{
	static const char *const logs[] = { NULL, "info", "debug" };
	CLEANUP(cleanup_free) char **command = NULL;
	CLEANUP(cleanup_free) char *preload = NULL;
	enum cli_status status = check_settings(cli, arguments);

	if (status == CLI_OK)
		status = find_preload(cli, &preload);
	if (status == CLI_OK)
		status = look_at(cli, arguments->words[0], preload);
	if (status != CLI_OK)
		return status;
	put_preload(preload);
	put("ELFMAP_LOG", logs[cli->verbose < 2 ? cli->verbose : 2]);
	put("ELFMAP_LAYOUT", cli->layout);
	put("ELFMAP_PIN_POLICY", arguments->pin_policy);
	command = calloc((size_t)arguments->count + 1, sizeof(*command));
	if (!command)
		out_of_memory();
	memcpy(command, arguments->words, (size_t)arguments->count * sizeof(*command));
	fflush(NULL);
	execvp(command[0], command);
	return cannot_run(cli, command[0], errno);
}

/* Where nothing was run it is as for env(1), but for what elfmap itself refuses. */
static const int exit_status[] = {
	[CLI_OK] = 0,	  [CLI_REFUSED] = 1,	  [CLI_USAGE] = 2,
	[CLI_KERNEL] = 1, [CLI_NO_COMMAND] = 127, [CLI_COMMAND_NOT_RUN] = 126,
};

const struct command exec_command = {
	.name = "exec",
	.summary = "run a program that loads legacy objects with libbpf",
	.help = help,
	.options = options,
	.least_words = 1,
	.most_words = INT_MAX,
	.leading_options = true,
	.exit_status = exit_status,
	.run = exec_run,
};
