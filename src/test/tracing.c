// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/perf_event.h>

#include <bpf/libbpf.h>

#include "test/kernel.h"
#include "test/namespace.h"
#include "test/opening.h"
#include "test/tests.h"
#include "test/tracing.h"

/* With its kprobe in a section of this name. */
static struct elfmap_object *open_as(const char *section)
{
	LIBBPF_OPTS(bpf_object_open_opts, bpf_opts, .object_name = "tracing");
	struct elfmap_open_opts opts = { .sz = sizeof(opts), .bpf_opts = &bpf_opts };
	struct test_object bytes = object_load("datadog");
	struct elfmap_object *object;

	object_rename_section(&bytes, "kprobe/do_nanosleep", section);
	object = open_object(&bytes, &opts);
	object_free(&bytes);
	ck_assert_int_eq(elfmap_map__set_pin_path(map_of(object, TRACING_MAP), NULL), 0);
	return object;
}

#define EVENTS "/sys/kernel/tracing/events"

struct elfmap_object *open_tracing(void)
{
	if (access(EVENTS, F_OK) < 0)
		mount_tracefs("/sys/kernel/tracing");
	return open_as("tracepoint/syscalls/sys_enter_sched_rr_get_interval");
}

struct elfmap_object *open_sampling(void)
{
	return open_as("perf_event");
}

bool is_traced(int map_fd)
{
	__u64 before = map_counter(map_fd, TRACING_KEY);
	struct timespec interval;

	ck_assert_int_eq(sched_rr_get_interval(0, &interval), 0);
	return map_counter(map_fd, TRACING_KEY) > before;
}

struct bpf_link *sampling_link(const struct elfmap_object *object)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.size = sizeof(attributes),
		.sample_period = 100000, /* nanoseconds */
	};
	const struct elfmap_program *program = program_of(object, TRACING_PROGRAM);
	int event = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	struct bpf_link *link;

	if (event < 0)
		test_skip_kernel("no perf event can be opened: %s", strerror(errno));
	link = bpf_program__attach_perf_event(elfmap_program__bpf_program(program), event);
	ck_assert_msg(link, "attaching to a perf event: %s", strerror(errno));
	return link;
}

static long thousandths(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool is_sampled(int map_fd)
{
	const long started = thousandths();
	__u64 before = map_counter(map_fd, TRACING_KEY);

	while (thousandths() - started < 100)
		;
	return map_counter(map_fd, TRACING_KEY) > before;
}
