/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Runs commands. A command that cannot be started ends with status 127; one that a signal ended
 * has 128 and the signal's number; one that runs for more than 30 seconds is killed and ends the
 * test.
 */
#ifndef ELFMAP_TEST_RUN_H
#define ELFMAP_TEST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What a command did. Strings are the caller's, see free_run(). */
struct run {
	int status;
	char *out; /* all it wrote to stdout, never NULL */
	char *err; /* and to stderr */
};

/*
 * Run argv, NULL-terminated, found in PATH, with an empty stdin. Each NAME=VALUE in environment,
 * NULL-terminated or NULL, is added to this process's environment; a bare NAME is taken out.
 */
struct run run_command(const char *const *argv, const char *const *environment);

/* A command that runs beside the test; what it writes is kept as long as it does not block it. */
struct running {
	pid_t pid;
	const char *name;
	struct run_stream {
		int fd; /* the reading end, -1 after the end of the file */
		char *text;
		size_t length;
	} out, err;
};

/* Start one, as run_command() does. It is killed when the test ends. */
struct running start_command(const char *const *argv, const char *const *environment);
/* Whether it has written a text to stderr so far; for wait_until(). */
bool has_said(struct running *running, const char *text);
/* Wait until it ends. */
struct run finish_command(struct running *running);

/* The same with the words as arguments: run("tc", "-V"). */
#define run(...) run_command((const char *const[]){ __VA_ARGS__, NULL }, NULL)
/* Run the tool that is tested: run_elfmap("inspect", path). */
#define run_elfmap(...) run(tool_path(), __VA_ARGS__)

/* That a text has a part, or has not. */
#define assert_has(text, part) \
	ck_assert_msg(strstr(text, part), "it does not say \"%s\":\n%s", part, text)
#define assert_has_not(text, part) \
	ck_assert_msg(!strstr(text, part), "it says \"%s\":\n%s", part, text)

/* End the test, showing what it wrote, unless the command ended with this status. */
#define assert_status(result, expected)                                                          \
	do {                                                                                     \
		const struct run *did = (result);                                                \
		ck_assert_msg(did->status == (expected), "status %d, not %d\n%s%s", did->status, \
			      (expected), did->out, did->err);                                   \
	} while (0)

void free_run(struct run *run);

/* The tool that was built with these tests: $ELFMAP, else build/elfmap. */
const char *tool_path(void);
/* The path of another file that was built with them, in $BUILD, else build/; for free(). */
char *built_file(const char *name);

/* Whether PATH, or /usr/sbin or /sbin, has a command. Those two are added to PATH by run(). */
bool have_command(const char *name);

#endif
