/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>

#include "messages.h"

/* As long as a whole message may be. */
#define TEXT_MAX 1024

/* Formats that begin with a blank go on with the sentence. */
void map_message(enum elfmap_log_level level, const struct elfmap_map *map, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log_message(level, "%s: section %s: map \"%s\"%s%s", map->object->view.name,
		    map_section(map), map->name, *text == ' ' ? "" : ": ", text);
}

void program_message(enum elfmap_log_level level, const struct elfmap_program *program,
		     const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log_message(level, "%s: section %s: program \"%s\": %s", program->object->view.name,
		    program_section(program), program->name, text);
}
