/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>

#include "log.h"

/* Longer messages are cut: names in an object file may be as long as the file. */
#define MESSAGE_MAX 1024

static struct {
	elfmap_log_fn fn;
	void *ctx;
} log_callback;

void elfmap_set_log(elfmap_log_fn fn, void *ctx)
{
	log_callback.fn = fn;
	log_callback.ctx = ctx;
}

/* Names come from untrusted files: a terminal must not take orders from them. */
static void neutralise(char *message)
{
	for (; *message; message++)
		if ((unsigned char)*message < ' ' || *message == 0x7f)
			*message = '?';
}

void log_message(enum elfmap_log_level level, const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	va_list args;

	if (!log_callback.fn)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	neutralise(message);
	log_callback.fn(level, message, log_callback.ctx);
}
