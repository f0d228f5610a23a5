/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Messages about one section, or a map or program in it: they begin with the object's name, the
 * section, and what it is called. A text that begins with a blank goes on with the sentence.
 */
#ifndef ELFMAP_MESSAGES_H
#define ELFMAP_MESSAGES_H

#include <stdarg.h>

#include "log.h"
#include "read.h"

/* kind: "map", "program", or NULL where it is about the section as a whole. */
__attribute__((format(printf, 6, 0))) void
section_message(enum elfmap_log_level level, const struct elf_view *view, size_t section,
		const char *kind, const char *name, const char *format, va_list args);
__attribute__((format(printf, 3, 4))) void section_error(const struct elf_view *view,
							 size_t section, const char *format, ...);
__attribute__((format(printf, 3, 4))) void
map_message(enum elfmap_log_level level, const struct elfmap_map *map, const char *format, ...);
__attribute__((format(printf, 3, 4))) void program_message(enum elfmap_log_level level,
							   const struct elfmap_program *program,
							   const char *format, ...);

#define map_error(...) map_message(ELFMAP_LOG_ERROR, __VA_ARGS__)
#define map_warning(...) map_message(ELFMAP_LOG_WARNING, __VA_ARGS__)
#define program_error(...) program_message(ELFMAP_LOG_ERROR, __VA_ARGS__)

#endif
