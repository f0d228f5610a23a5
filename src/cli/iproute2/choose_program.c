/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "choose_program.h"
#include "cleanup.h"
#include "cli/cli.h"
#include "elfmap.h"
#include "program.h"
#include "cli/memory.h"

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
	if (fclose(stream) || !text)
		out_of_memory();
	return text;
}

static void tell_missing(struct cli *cli, const struct elfmap_object *obj,
			 const struct program_choice *choice, const char *section)
{
	const char *name = choice->program;
	CLEANUP(cleanup_free) char *list = list_programs(obj);
	const char *path = elfmap_object__name(obj);

	if (name && (!section || find_program(obj, section, NULL)))
		message_error(cli, "%s: no program '%s'%s%s", path, name,
			      section ? " in section " : "", section ? section : "");
	else
		message_error(cli, "%s: no program section '%s'", path, section);
	if (*list && !choice->section && !name)
		message_detail(cli, "that is the default; 'sec' takes another: %s", list);
	else if (*list)
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

struct elfmap_program *choose_program(struct cli *cli, const struct elfmap_object *obj,
				      const struct program_choice *choice)
{
	const char *section = choice->section;
	struct elfmap_program *chosen;

	/* a name without a section finds the program in whatever section it is */
	if (!section && !choice->program)
		section = choice->kind->default_section;
	chosen = find_program(obj, section, choice->program);
	if (!chosen)
		tell_missing(cli, obj, choice, section);
	else if (!choice->program)
		warn_of_more(cli, obj, chosen);
	return chosen;
}
