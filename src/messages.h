/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Messages about one map or program: they begin with the object's name, the section, and what it is
 * called.
 */
#ifndef ELFMAP_MESSAGES_H
#define ELFMAP_MESSAGES_H

#include "log.h"
#include "model.h"

__attribute__((format(printf, 3, 4))) void
map_message(enum elfmap_log_level level, const struct elfmap_map *map, const char *format, ...);
__attribute__((format(printf, 3, 4))) void program_message(enum elfmap_log_level level,
							   const struct elfmap_program *program,
							   const char *format, ...);

#define map_error(...) map_message(ELFMAP_LOG_ERROR, __VA_ARGS__)
#define map_warning(...) map_message(ELFMAP_LOG_WARNING, __VA_ARGS__)
#define program_error(...) program_message(ELFMAP_LOG_ERROR, __VA_ARGS__)

#endif
