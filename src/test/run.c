// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "test/run.h"
#include "test/tests.h"

#define TIMEOUT_SECONDS 30

static void extend_path(void)
{
	const char *path = getenv("PATH");
	char *extended CLEANUP(cleanup_free) = NULL;

	if (asprintf(&extended, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin") < 0)
		_exit(127);
	setenv("PATH", extended, 1);
}

static void set_environment(const char *const *environment)
{
	extend_path();
	for (; environment && *environment; environment++) {
		if (strchr(*environment, '='))
			putenv((char *)*environment);
		else
			unsetenv(*environment);
	}
}

static _Noreturn void become(const char *const *argv, const char *const *environment, int out,
			     int err)
{
	int null = open("/dev/null", O_RDONLY);

	/* what a test that fails leaves behind would keep a later one from its path, or wait for ever */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		_exit(127);
	set_environment(environment);
	execvp(argv[0], (char *const *)argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	fflush(stderr);
	_exit(127);
}

static void read_some(struct run_stream *stream)
{
	char buf[4096];
	ssize_t size = read(stream->fd, buf, sizeof(buf));

	if (size < 0 && errno == EINTR)
		return;
	if (size <= 0) {
		close(stream->fd);
		stream->fd = -1;
		return;
	}
	stream->text = realloc(stream->text, stream->length + (size_t)size + 1);
	ck_assert_ptr_nonnull(stream->text);
	memcpy(stream->text + stream->length, buf, (size_t)size);
	stream->length += (size_t)size;
	stream->text[stream->length] = '\0';
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Read what there is within that time; false if there was nothing. */
static bool read_streams(struct running *running, int milliseconds)
{
	struct pollfd fds[2] = {
		{ .fd = running->out.fd, .events = POLLIN },
		{ .fd = running->err.fd, .events = POLLIN },
	};

	if (poll(fds, 2, milliseconds) <= 0)
		return false;
	if (fds[0].revents)
		read_some(&running->out);
	if (fds[1].revents)
		read_some(&running->err);
	return true;
}

/* Read both streams to their ends; false if that takes too long. */
static bool read_to_end(struct running *running)
{
	const long long end = now_ms() + TIMEOUT_SECONDS * 1000LL;

	while (running->out.fd >= 0 || running->err.fd >= 0) {
		long long left = end - now_ms();

		if (left <= 0)
			return false;
		read_streams(running, (int)left);
	}
	return true;
}

static struct run_stream start_stream(int fd)
{
	struct run_stream stream = { .fd = fd, .text = strdup("") };

	ck_assert_ptr_nonnull(stream.text);
	return stream;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct running start_command(const char *const *argv, const char *const *environment)
{
	int out[2], err[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(err, O_CLOEXEC), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		become(argv, environment, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	return (struct running){
		.pid = pid,
		.name = argv[0],
		.out = start_stream(out[0]),
		.err = start_stream(err[0]),
	};
}

bool has_said(struct running *running, const char *text)
{
	while (running->err.fd >= 0 && read_streams(running, 0))
		;
	return strstr(running->err.text, text);
}

struct run finish_command(struct running *running)
{
	bool ended = read_to_end(running);
	int status;

	if (!ended)
		kill(running->pid, SIGKILL);
	status = wait_for(running->pid);
	ck_assert_msg(ended, "%s: still running after %d seconds, and wrote\n%s%s", running->name,
		      TIMEOUT_SECONDS, running->out.text, running->err.text);
	return (struct run){ .status = status, .out = running->out.text, .err = running->err.text };
}

struct run run_command(const char *const *argv, const char *const *environment)
{
	struct running running = start_command(argv, environment);

	return finish_command(&running);
}

void free_run(struct run *run)
{
	free(run->out);
	free(run->err);
	*run = (struct run){ 0 };
}

const char *tool_path(void)
{
	const char *path = getenv("ELFMAP");

	return path && *path ? path : "build/elfmap";
}

char *built_file(const char *name)
{
	const char *directory = getenv("BUILD");
	char *path;

	ck_assert_int_gt(
		asprintf(&path, "%s/%s", directory && *directory ? directory : "build", name), 0);
	return path;
}

static bool have_file(const char *directory, int length, const char *name)
{
	char *path CLEANUP(cleanup_free) = NULL;

	return asprintf(&path, "%.*s/%s", length, directory, name) >= 0 && access(path, X_OK) == 0;
}

bool have_command(const char *name)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t length = strcspn(path, ":");

		if (have_file(path, (int)length, name))
			return true;
		path += length + (path[length] == ':');
	}
	return have_file("/usr/sbin", 9, name) || have_file("/sbin", 5, name);
}
