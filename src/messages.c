/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>

#include "messages.h"
#include "model.h"

/* As long as a whole message may be. */
#define TEXT_MAX 1024

void section_message(enum elfmap_log_level level, const struct elf_view *view, size_t section,
		     const char *kind, const char *name, const char *format, va_list args)
{
	char text[TEXT_MAX];

	vsnprintf(text, sizeof(text), format, args);
	if (kind)
		log_message(level, "%s: section %s: %s \"%s\"%s%s", view->name,
			    view->sections[section].name, kind, name, *text == ' ' ? "" : ": ",
			    text);
	else
		log_message(level, "%s: section %s: %s", view->name, view->sections[section].name,
			    text);
}

void section_error(const struct elf_view *view, size_t section, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	section_message(ELFMAP_LOG_ERROR, view, section, NULL, NULL, format, args);
	va_end(args);
}

void map_message(enum elfmap_log_level level, const struct elfmap_map *map, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	section_message(level, &map->object->view, map->section, "map", map->name, format, args);
	va_end(args);
}

void program_message(enum elfmap_log_level level, const struct elfmap_program *program,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	section_message(level, &program->object->view, program->section, "program", program->name,
			format, args);
	va_end(args);
}
