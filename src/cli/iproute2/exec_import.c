/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The receiving end of "export": a command that is started with the descriptors of the maps, and told
 * of them in its environment. Facts: tc/e_bpf.c of iproute2.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "exec.h"
#include "map_export.h"
#include "cli/memory.h"

#define COUNT_NAME "BPF_NUM_MAPS"
#define MAP_NAME "BPF_MAP"

/* --- words -------------------------------------------------------------------------------- */

/* The command with its arguments, NULL-terminated, for free(). */
static char **take_command(struct words *words)
{
	size_t count = (size_t)(words->end - words->next);
	char **command = calloc(count + 1, sizeof(*command));

	if (!command)
		out_of_memory();
	memcpy(command, words->next, count * sizeof(*command));
	words->next = words->end;
	return command;
}

static enum cli_status parse(struct words *words, const char **path, char ***command)
{
	static char shell[] = "/bin/sh";
	static char *shell_alone[] = { shell, NULL };
	struct words default_command = { .next = shell_alone, .end = shell_alone + 1 };
	enum cli_status status = words_take_value(words, "import", path);
	const char *word;

	if (status != CLI_OK)
		return status;
	word = words_take(words);
	if (word && !word_matches(word, "run"))
		return words_wrong(words, "what is '%s'? run COMMAND", word);
	if (word && !words_left(words))
		return words_wrong(words, "'run' needs a command");
	*command = take_command(word ? words : &default_command);
	return CLI_OK;
}

/* --- the environment ---------------------------------------------------------------------- */

/* Whether a variable tells of an import, such as that of a shell we run in. */
static bool is_of_import(const char *variable)
{
	size_t digits;

	if (!strncmp(variable, COUNT_NAME "=", sizeof(COUNT_NAME)))
		return true;
	if (strncmp(variable, MAP_NAME, strlen(MAP_NAME)) != 0)
		return false;
	digits = strspn(variable + strlen(MAP_NAME), "0123456789");
	return digits && variable[strlen(MAP_NAME) + digits] == '=';
}

static char *variable(const char *name, size_t value)
{
	char *text;

	if (asprintf(&text, "%s=%zu", name, value) < 0)
		out_of_memory();
	return text;
}

static char *map_variable(const struct map_export_map *map)
{
	char name[sizeof(MAP_NAME) + 10];

	snprintf(name, sizeof(name), MAP_NAME "%u", map->def.id);
	return variable(name, (size_t)map->fd);
}

struct environment {
	char **variables; /* NULL-terminated */
	char **own;	  /* those from here on are made here, the others are environ's */
};

static void cleanup_environment(struct environment *environment)
{
	char **own;

	for (own = environment->own; own && *own; own++)
		free(*own);
	free(environment->variables);
}

/*
 * Ours without what tells of another import, and with what tells of this one. As with tc, maps of
 * the same id have variables of the same name.
 */
static struct environment make_environment(const struct map_export *received)
{
	struct environment made;
	size_t count = 0, i;
	char **next;

	while (environ[count])
		count++;
	next = made.variables = calloc(count + received->count + 2, sizeof(*next));
	if (!next)
		out_of_memory();
	for (i = 0; i < count; i++) {
		if (!is_of_import(environ[i]))
			*next++ = environ[i];
	}
	made.own = next;
	*next++ = variable(COUNT_NAME, received->count);
	for (i = 0; i < received->count; i++)
		*next++ = map_variable(&received->maps[i]);
	return made;
}

/* --- the command -------------------------------------------------------------------------- */

static int pass_on(const struct map_export *received)
{
	size_t i;

	for (i = 0; i < received->count; i++) {
		if (fcntl(received->maps[i].fd, F_SETFD, 0) < 0)
			return -errno;
	}
	return 0;
}

/* The status is that of a shell which cannot run a command. */
static enum cli_status cannot_run(struct cli *cli, const char *command, int err)
{
	message_error(cli, "cannot run '%s': %s", command, strerror(err));
	message_detail(cli, "the maps have arrived and are let go; export them again");
	return err == ENOENT ? CLI_NO_COMMAND : CLI_COMMAND_NOT_RUN;
}

enum cli_status exec_import(struct words *words, int change)
{
	CLEANUP(cleanup_environment) struct environment environment = { NULL, NULL };
	CLEANUP(map_export_close) struct map_export received = { 0 };
	CLEANUP(cleanup_free) char **command = NULL;
	struct cli *cli = words->cli;
	enum cli_status status;
	const char *path;
	int err;

	(void)change;
	status = parse(words, &path, &command);
	if (status != CLI_OK)
		return status;
	err = map_export_receive(path, &received);
	if (!err)
		err = pass_on(&received);
	if (err)
		return message_refused(cli, err, "%s: cannot receive maps", path);
	message_verbose(cli, "%s: %zu maps of %s", path, received.count, received.object);
	environment = make_environment(&received);
	fflush(stdout);
	execvpe(command[0], command, environment.variables);
	return cannot_run(cli, command[0], errno);
}
