/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>

#include "cleanup.h"
#include "descriptor.h"
#include "held.h"
#include "perf_link.h"

/*
 * Which of the process's events a link is of, libbpf does not tell: all of them are copied before,
 * and that one is enabled again whose own descriptor went with the link.
 */
struct event {
	int number; /* its descriptor */
	int copy;
	uint64_t id; /* the kernel's */
};

struct events {
	struct event *list;
	size_t count;
};

static void events_release(struct events *events)
{
	for (size_t i = 0; i < events->count; i++)
		close(events->list[i].copy);
	free(events->list);
}

/* Whether a descriptor is of an event, and of which. */
static bool read_event(int fd, uint64_t *id)
{
	/* only perf events know this one: its number has their letter and its size */
	return ioctl(fd, PERF_EVENT_IOC_ID, id) == 0;
}

static int add_copy(struct events *events, int number, uint64_t id)
{
	struct event *grown = reallocarray(events->list, events->count + 1, sizeof(*events->list));
	int copy;

	if (!grown)
		return -ENOMEM;
	events->list = grown;
	copy = fcntl(number, F_DUPFD_CLOEXEC, 0);
	if (copy < 0)
		return -errno;
	grown[events->count++] = (struct event){ .number = number, .copy = copy, .id = id };
	return 0;
}

static void cleanup_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/* The numbers are read first: copies would be listed too. */
static int list_descriptors(int **out, size_t *count)
{
	CLEANUP(cleanup_directory) DIR *directory = opendir("/proc/self/fd");
	CLEANUP(cleanup_free) int *numbers = NULL;
	const struct dirent *entry;
	size_t length = 0;

	if (!directory)
		return -errno;
	while ((entry = readdir(directory))) {
		int *grown = reallocarray(numbers, length + 1, sizeof(*numbers));

		if (!grown)
			return -ENOMEM;
		numbers = grown;
		if (entry->d_name[0] != '.')
			numbers[length++] = atoi(entry->d_name);
	}
	*out = take_ptr(numbers);
	*count = length;
	return 0;
}

static int copy_events(struct events *events)
{
	CLEANUP(cleanup_free) int *numbers = NULL;
	size_t count = 0;
	uint64_t id;
	int err = list_descriptors(&numbers, &count);

	for (size_t i = 0; !err && i < count; i++)
		if (descriptor_is(numbers[i], "[perf_event]") && read_event(numbers[i], &id))
			err = add_copy(events, numbers[i], id);
	return err;
}

static void enable_those_gone(const struct events *events)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->list[i];
		uint64_t id;

		/* another thread may have the number already, for something else */
		if (!read_event(event->number, &id) || id != event->id)
			ioctl(event->copy, PERF_EVENT_IOC_ENABLE, 0);
	}
}

static bool is_perf_link(const struct bpf_link *link)
{
	struct bpf_link_info info = { 0 };
	uint32_t size = sizeof(info);
	int fd = bpf_link__fd(link);

	return held_is(fd, HELD_LINK) && !bpf_obj_get_info_by_fd(fd, &info, &size) &&
	       info.type == BPF_LINK_TYPE_PERF_EVENT;
}

/* The event's own descriptor stays open until the process ends: better that than a dead link. */
static int leave_event(struct bpf_link *link)
{
	int fd = bpf_link__fd(link), err;

	bpf_link__disconnect(link);
	err = bpf_link__destroy(link);
	close(fd);
	return err;
}

int perf_link_destroy(struct bpf_link *link)
{
	CLEANUP(events_release) struct events events = { NULL, 0 };
	int err;

	if (!is_perf_link(link))
		return bpf_link__destroy(link);
	if (copy_events(&events))
		return leave_event(link);
	err = bpf_link__destroy(link);
	enable_those_gone(&events);
	return err;
}
