/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "stderr_log.h"

/* the longest message of the library, and what stands before it */
#define LINE_MAX_BYTES 1152

static enum elfmap_log_level log_highest = ELFMAP_LOG_ERROR;
static _Thread_local bool is_silent __attribute__((tls_model("initial-exec")));

void stderr_log_set(enum elfmap_log_level highest)
{
	log_highest = highest;
}

void stderr_log_silence(bool silent)
{
	is_silent = silent;
}

/* Where nobody listens there is nobody to tell, and the program is not to be ended for it. */
static void write_line(const char *line, size_t size)
{
	const struct timespec at_once = { 0 };
	sigset_t pipes, others, pending;
	ssize_t written;

	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	sigemptyset(&pending);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipes, &others);
	written = write(STDERR_FILENO, line, size);
	/* one that was there before is the program's */
	if (written < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE))
		sigtimedwait(&pipes, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &others, NULL);
}

/* One write for a line: threads and processes that share stderr do not mix theirs. */
void stderr_log(enum elfmap_log_level level, const char *message, void *ctx)
{
	char line[LINE_MAX_BYTES];
	int saved = errno;
	int length;

	(void)ctx;
	if (is_silent || level > log_highest)
		return;
	length = snprintf(line, sizeof(line), "elfmap: %s%s\n",
			  level == ELFMAP_LOG_WARNING ? "warning: " : "", message);
	if (length > 0) {
		if ((size_t)length >= sizeof(line))
			length = sizeof(line) - 1;
		write_line(line, (size_t)length);
	}
	errno = saved;
}
