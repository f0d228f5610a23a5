// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Runs the suites, or those named as arguments. libcheck knows neither skipped tests nor a way to
 * ask for a test's name, so each suite is run into a log, which is read back and counted here.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/scratch.h"
#include "test/tests.h"

struct suite {
	const char *name;
	Suite *(*make)(void);
};

#define SUITE_ROW(suite) { #suite, suite##_suite },
static const struct suite suites[] = { TEST_SUITES(SUITE_ROW) };
#define NR_SUITES (sizeof(suites) / sizeof(suites[0]))

struct counts {
	unsigned int passed;
	unsigned int failed;
	unsigned int skipped;
};

/* What follows the results in libcheck's log. */
#define LOG_END "Results for all suites run:\n"

/* A line of libcheck's log that begins a test's result. */
struct result {
	char file[256];
	unsigned int line;
	char kind; /* P passed, F failed, E could not be run to its end */
	char test[128];
	unsigned int iteration;
	int message; /* offset in the line */
};

Suite *make_suite(const char *name, const TTest *const *tests, size_t nr_tests)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);

	for (size_t i = 0; i < nr_tests; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return suite;
}

void add_loop_test(Suite *suite, const TTest *test, size_t count)
{
	TCase *tcase = tcase_create(test->name);

	tcase_add_loop_test(tcase, test, 0, (int)count);
	suite_add_tcase(suite, tcase);
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value && strcmp(value, "0") != 0;
}

const char *test_kernel_prefix(void)
{
	return is_set("ELFMAP_REQUIRE_KERNEL") ? "ELFMAP_REQUIRE_KERNEL is set, but: " :
						 TEST_SKIP_PREFIX;
}

static bool parse_result(const char *line, struct result *result)
{
	result->message = 0;
	return sscanf(line, "%255[^:]:%u:%c:%*[^:]:%127[^:]:%u:%n", result->file, &result->line,
		      &result->kind, result->test, &result->iteration, &result->message) == 5 &&
	       result->message > 0;
}

/* Whether the message is another than that of the last skipped test, or the test is. */
static bool is_news(const struct result *result, const char *message)
{
	static char last[512];
	char this[sizeof(last)];
	bool news;

	snprintf(this, sizeof(this), "%s: %s", result->test, message);
	news = strcmp(this, last) != 0;
	strcpy(last, this);
	return news;
}

static bool count_result(const char *suite, const struct result *result, const char *message,
			 struct counts *counts)
{
	const size_t prefix = strlen(TEST_SKIP_PREFIX);

	if (result->kind == 'P') {
		counts->passed++;
		if (is_set("V"))
			printf("    ok  %s:%s\n", suite, result->test);
		return is_set("V");
	}
	if (result->kind == 'F' && strncmp(message, TEST_SKIP_PREFIX, prefix) == 0) {
		counts->skipped++;
		/* the runs of a loop are skipped for one reason */
		if (!is_news(result, message))
			return false;
		printf("    SKIP %s:%s: %s", suite, result->test, message + prefix);
		return true;
	}
	counts->failed++;
	printf("    FAIL %s:%s", suite, result->test);
	if (result->iteration)
		printf(" [%u]", result->iteration);
	printf("\n         %s:%u: %s", result->file, result->line, message);
	return true;
}

/* Counts the results in a suite's log and prints those that are worth it. */
static void read_log(FILE *log, const char *suite, struct counts *counts)
{
	char *line = NULL;
	size_t size = 0;
	bool shown = false;

	while (getline(&line, &size, log) >= 0) {
		struct result result;

		if (parse_result(line, &result))
			shown = count_result(suite, &result, line + result.message + 1, counts);
		else if (strcmp(line, LOG_END) == 0)
			break;
		else if (shown && *line != '\n')
			printf("         %s", line); /* the message goes on */
	}
	free(line);
}

/*
 * In a process of its own: tests are forked from it, which takes the longer the more memory it has,
 * and sanitizers give little back.
 */
static int run_into_log(const struct suite *suite, const char *path)
{
	SRunner *runner;
	int status;
	pid_t pid;

	printf("  TEST    %s\n", suite->name);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0)
		return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
	runner = srunner_create(suite->make());
	srunner_set_log(runner, path);
	srunner_run_all(runner, CK_SILENT);
	srunner_free(runner);
	exit(EXIT_SUCCESS);
}

static int run_suite(const struct suite *suite, struct counts *total)
{
	const char *directory = scratch_begin();
	struct counts counts = { 0 };
	char path[64];
	FILE *log;

	if (!directory) {
		perror("/tmp");
		return -1;
	}
	snprintf(path, sizeof(path), "%s/log", directory);
	if (run_into_log(suite, path)) {
		fprintf(stderr, "%s: its runner failed\n", suite->name);
		scratch_end();
		return -1;
	}
	log = fopen(path, "re");
	if (!log) {
		perror(path);
		return -1;
	}
	read_log(log, suite->name, &counts);
	fclose(log);
	scratch_end();

	total->passed += counts.passed;
	total->failed += counts.failed;
	total->skipped += counts.skipped;
	return 0;
}

/* Names are those to run, all without any; "-NAME" is one not to run. */
static bool is_wanted(const char *name, char *const *names)
{
	bool wanted = true;

	for (char *const *other = names; *other; other++)
		wanted = wanted && **other == '-';
	for (; *names; names++) {
		if (strcmp(*names, name) == 0)
			wanted = true;
		if (**names == '-' && strcmp(*names + 1, name) == 0)
			return false;
	}
	return wanted;
}

static bool is_suite(const char *name)
{
	for (size_t i = 0; i < NR_SUITES; i++) {
		if (strcmp(suites[i].name, name) == 0)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct counts counts = { 0 };

	for (int i = 1; i < argc; i++) {
		if (!is_suite(argv[i] + (*argv[i] == '-'))) {
			fprintf(stderr, "no suite %s; there are:", argv[i]);
			for (size_t j = 0; j < NR_SUITES; j++)
				fprintf(stderr, " %s", suites[j].name);
			fprintf(stderr, "\n");
			return 2;
		}
	}
	setenv("CK_DEFAULT_TIMEOUT", "60", 0);
	for (size_t i = 0; i < NR_SUITES; i++) {
		if (is_wanted(suites[i].name, argv + 1) && run_suite(&suites[i], &counts) < 0)
			return 1;
	}
	printf("%u passed, %u failed, %u skipped\n", counts.passed, counts.failed, counts.skipped);
	return counts.failed > 0;
}
