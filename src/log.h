/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Messages: one line each, to the callback of elfmap_set_log(). Nothing here decides what is worth
 * saying; the rooms do, and they begin each line with the object's name.
 */
#ifndef ELFMAP_LOG_H
#define ELFMAP_LOG_H

#include "elfmap.h"

__attribute__((format(printf, 2, 3))) void log_message(enum elfmap_log_level level, const char *fmt,
						       ...);

#define log_error(...) log_message(ELFMAP_LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_message(ELFMAP_LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_message(ELFMAP_LOG_INFO, __VA_ARGS__)

#endif
