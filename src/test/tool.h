/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Command lines as one types them: the words are separated by blanks and have none in them.
 */
#ifndef ELFMAP_TEST_TOOL_H
#define ELFMAP_TEST_TOOL_H

#include "test/run.h"

#define PRINTF(at, first) __attribute__((format(printf, at, first)))

/* Run the tool that is tested with these words. */
struct run tool(const char *format, ...) PRINTF(1, 2);
/* The same with additions to the environment, as run_command() takes them. */
struct run tool_with(const char *const *environment, const char *format, ...) PRINTF(2, 3);
/* End the test unless it succeeds and says nothing on stderr; its stdout is for free(). */
char *tool_output(const char *format, ...) PRINTF(1, 2);
/* The same where it has nothing to print either. */
void tool_works(const char *format, ...) PRINTF(1, 2);

/* Run another command, named by the first word, which must succeed; its stdout is for free(). */
char *output_of(const char *format, ...) PRINTF(1, 2);
/* Run another command, named by the first word. */
struct run command(const char *format, ...) PRINTF(1, 2);

/*
 * End the test unless the tool ended with status 1 (with 2 for elfmap tc and ip where it is the
 * kernel that refuses), wrote nothing on stdout, and wrote one line on
 * stderr, or one with indented details below it, which begins with "elfmap: " and holds each of the
 * texts. Frees the run.
 */
#define assert_refusal(run, ...) \
	check_refusal(run, 1, false, (const char *const[]){ __VA_ARGS__, NULL })
#define assert_refusal_with_details(run, ...) \
	check_refusal(run, 1, true, (const char *const[]){ __VA_ARGS__, NULL })
#define assert_kernel_refusal(run, ...) \
	check_refusal(run, 2, false, (const char *const[]){ __VA_ARGS__, NULL })
#define assert_kernel_refusal_with_details(run, ...) \
	check_refusal(run, 2, true, (const char *const[]){ __VA_ARGS__, NULL })
void check_refusal(struct run run, int status, bool details, const char *const *texts);

#endif
