/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Messages in a process that is not ours: whole lines, straight to descriptor 2, past whatever the
 * program has in its buffers.
 */
#ifndef ELFMAP_PRELOAD_STDERR_LOG_H
#define ELFMAP_PRELOAD_STDERR_LOG_H

#include "elfmap.h"

/* From now on, messages up to this level; until then errors alone. */
void stderr_log_set(enum elfmap_log_level highest);
/* None from this thread until it says false. */
void stderr_log_silence(bool silent);
/* For elfmap_set_log(). */
void stderr_log(enum elfmap_log_level level, const char *message, void *ctx);

#endif
