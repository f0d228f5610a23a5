// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/callgrind.h"
#include "bench/process.h"
#include "bench/steps.h"
#include "cleanup.h"

/* The function that callgrind is told of. */
int bench_counted(const struct step *step, struct subject *subject);

__attribute__((noinline)) int bench_counted(const struct step *step, struct subject *subject)
{
	return step->run(subject);
}

int callgrind_run(char **words, const char *directory)
{
	const struct step *step = step_find(words[0]);
	const struct input input = { strtoul(words[1], NULL, 10), !strcmp(words[2], "btf") };
	struct subject subject;
	int err;

	if (!step || !input.nr_maps)
		return -1;
	subject_make(&subject, directory, input);
	err = step->run(&subject);
	if (!err)
		err = bench_counted(step, &subject);
	subject_remove(&subject);
	return err;
}

double callgrind_count(const struct step *step, struct input input)
{
	CLEANUP(cleanup_free) char *valgrind = process_find("valgrind");
	CLEANUP(cleanup_free) char *command = NULL;
	double count = 0;
	char line[256];
	FILE *output;

	if (!valgrind ||
	    asprintf(&command,
		     "'%s' --tool=callgrind --callgrind-out-file=/dev/null "
		     "--toggle-collect=bench_counted /proc/%d/exe --once %s %zu %s 2>&1",
		     valgrind, (int)getpid(), step->name, input.nr_maps,
		     input.has_btf ? "btf" : "plain") < 0)
		return 0;
	output = popen(command, "re");
	while (output && fgets(line, sizeof(line), output)) {
		const char *found = strstr(line, "Collected : ");

		if (found)
			count = strtod(found + strlen("Collected : "), NULL);
	}
	return output && pclose(output) == 0 ? count : 0;
}
