// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/process.h"
#include "cleanup.h"

extern char **environ;

char *process_find(const char *command)
{
	const char *path = getenv("PATH");
	CLEANUP(cleanup_free) char *places = NULL;
	char *rest, *found;

	/* users have no sbin in theirs */
	if (asprintf(&places, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin") < 0)
		return NULL;
	for (char *place = strtok_r(places, ":", &rest); place;
	     place = strtok_r(NULL, ":", &rest)) {
		if (asprintf(&found, "%s/%s", place, command) < 0)
			return NULL;
		if (!access(found, X_OK))
			return found;
		free(found);
	}
	return NULL;
}

static int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int process_run(void *ctx)
{
	const struct process *process = ctx;
	posix_spawn_file_actions_t actions;
	int err = posix_spawn_file_actions_init(&actions);
	pid_t pid;

	if (err)
		return err;
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	err = posix_spawn(&pid, process->path, &actions, NULL, (char **)process->words, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err ? err : wait_for(pid);
}

/* Stops after execve(), with the tracing on. */
static pid_t start_traced(const struct process *process)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr) &&
	    !ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		execv(process->path, (char **)process->words);
	_exit(127);
}

long process_count_calls(const struct process *process)
{
	pid_t pid = start_traced(process);
	long stops = 0;
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	while (!ptrace(PTRACE_SYSCALL, pid, NULL, NULL) && waitpid(pid, &status, 0) == pid &&
	       WIFSTOPPED(status))
		stops += WSTOPSIG(status) == (SIGTRAP | 0x80);
	/* each call stops on its way in and out, but the last; the first was execve() */
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 + (stops + 1) / 2 : -1;
}
