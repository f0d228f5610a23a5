// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/objects.h"
#include "bench/process.h"
#include "bench/tc.h"
#include "cleanup.h"
#include "test/veth.h"

#define DEVICE "veth0"

__attribute__((format(printf, 2, 3))) static int leave_out(struct tc_result *result,
							   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(result->why_not, sizeof(result->why_not), format, args);
	va_end(args);
	return -1;
}

static int enter_namespaces(struct tc_result *result)
{
	int err;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return leave_out(result, "private namespaces need root");
	if (mount("bpffs", "/sys/fs/bpf", "bpf", 0, "mode=0700"))
		return leave_out(result, "no bpffs can be mounted: %s", strerror(errno));
	err = make_veth_pair(DEVICE, "veth1");
	if (err)
		return leave_out(result, "no veth devices can be made: %s", strerror(-err));
	unsetenv("TC_BPF_MNT");
	return 0;
}

static struct measured measured(struct process *process)
{
	return (struct measured){ process_run, process, 1 };
}

static int measure(const char *elfmap, const char *tc, const char *legacy, const char *converted,
		   struct tc_result *result)
{
#define FILTER \
	"filter", "replace", "dev", DEVICE, "ingress", "prio", "1", "handle", "1", "bpf", "da"
	const char *const convert[] = {
		"elfmap", "convert", "--for", "tc", legacy, converted, NULL
	};
	const char *const clsact[] = {
		"elfmap", "tc", "qdisc", "add", "dev", DEVICE, "clsact", NULL
	};
	const char *const ours[] = { "elfmap", "tc",  FILTER,	     "obj",
				     legacy,   "sec", BENCH_SECTION, NULL };
	const char *const stock[] = { "tc", FILTER, "obj", converted, "sec", BENCH_SECTION, NULL };
#undef FILTER
	struct process prepare[] = { { elfmap, convert }, { elfmap, clsact } };
	struct process sides[] = { { elfmap, ours }, { tc, stock } };
	const struct measured a = measured(&sides[0]), b = measured(&sides[1]);

	for (size_t i = 0; i < sizeof(prepare) / sizeof(prepare[0]); i++)
		if (process_run(&prepare[i]))
			return leave_out(result, "elfmap %s failed", prepare[i].words[1]);
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		if (process_run(&sides[i]))
			return leave_out(result, "%s filter replace failed", sides[i].words[0]);
		result->calls[i] = process_count_calls(&sides[i]);
	}
	return measure_compare(&a, &b, &result->time) ? leave_out(result, "a run failed") : 0;
}

/* What unshare() leaves cannot be returned from: this is a process of its own. */
static void run_child(const char *elfmap, const char *tc, const char *legacy, const char *directory,
		      struct tc_result *result)
{
	char converted[256];

	snprintf(converted, sizeof(converted), "%s/converted.o", directory);
	if (!enter_namespaces(result))
		measure(elfmap, tc, legacy, converted, result);
	unlink(converted);
}

void tc_measure(const char *elfmap, const char *legacy, const char *directory,
		struct tc_result *out)
{
	CLEANUP(cleanup_free) char *tc = process_find("tc");
	int ends[2];
	pid_t pid;

	*out = (struct tc_result){ 0 };
	if (!tc) {
		leave_out(out, "tc is not installed");
		return;
	}
	if (pipe(ends) || (pid = fork()) < 0) {
		leave_out(out, "no process: %s", strerror(errno));
		return;
	}
	if (!pid) {
		run_child(elfmap, tc, legacy, directory, out);
		_exit(write(ends[1], out, sizeof(*out)) != sizeof(*out));
	}
	close(ends[1]);
	if (read(ends[0], out, sizeof(*out)) != sizeof(*out))
		leave_out(out, "the process that measures ended");
	close(ends[0]);
	waitpid(pid, NULL, 0);
}
