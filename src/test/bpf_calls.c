// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test/bpf_calls.h"
#include "test/tests.h"

#define MAX_CALLS 512

static struct {
	bool recording;
	size_t count;
	struct bpf_call calls[MAX_CALLS];
	enum bpf_cmd refused_command;
	__u32 refused_type; /* 0 for none */
} state;

static struct bpf_call read_call(enum bpf_cmd command, const union bpf_attr *attr)
{
	struct bpf_call call = { .command = command };
	bool is_map = command == BPF_MAP_CREATE;

	call.type = is_map ? attr->map_type : attr->prog_type;
	call.ifindex = is_map ? attr->map_ifindex : attr->prog_ifindex;
	memcpy(call.name, is_map ? attr->map_name : attr->prog_name, sizeof(call.name));
	return call;
}

static void clear_ifindex(enum bpf_cmd command, union bpf_attr *attr)
{
	if (command == BPF_MAP_CREATE)
		attr->map_ifindex = 0;
	else
		attr->prog_ifindex = 0;
}

static bool is_refused(const struct bpf_call *call)
{
	return state.refused_type && call->command == state.refused_command &&
	       call->type == state.refused_type;
}

/* Arguments as the kernel takes them: six words. */
static long forward(long number, const long words[6])
{
	static long (*next)(long number, ...);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

/* Attributes are the caller's, of a size that is too: changed in a copy. */
static long ask_bpf(const long words[6])
{
	enum bpf_cmd command = (enum bpf_cmd)words[0];
	long changed[6];
	union bpf_attr attr = { 0 };
	size_t size = (size_t)words[2] < sizeof(attr) ? (size_t)words[2] : sizeof(attr);
	struct bpf_call call;

	if (command != BPF_MAP_CREATE && command != BPF_PROG_LOAD)
		return forward(SYS_bpf, words);
	memcpy(&attr, (const void *)words[1], size);
	call = read_call(command, &attr);
	if (is_refused(&call)) {
		errno = EINVAL;
		return -1;
	}
	if (!state.recording)
		return forward(SYS_bpf, words);
	ck_assert_uint_lt(state.count, MAX_CALLS);
	state.calls[state.count++] = call;
	clear_ifindex(command, &attr);
	memcpy(changed, words, sizeof(changed));
	changed[1] = (long)&attr;
	changed[2] = (long)size;
	return forward(SYS_bpf, changed);
}

/*
 * libbpf's calls come here as the executable is before libc in the order of look-up, and so do this
 * process's others. As many words are read as a call may have, also where fewer were given.
 */
__attribute__((visibility("default"), no_sanitize_address)) long syscall(long number, ...)
{
	long words[6];
	va_list arguments;

	va_start(arguments, number);
	for (size_t i = 0; i < 6; i++)
		words[i] = va_arg(arguments, long);
	va_end(arguments);
	return number == SYS_bpf ? ask_bpf(words) : forward(number, words);
}

void record_bpf_calls(void)
{
	state.recording = true;
	state.count = 0;
}

size_t nr_bpf_calls(enum bpf_cmd command, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < state.count; i++)
		count += state.calls[i].command == command && !strcmp(state.calls[i].name, name);
	return count;
}

struct bpf_call bpf_call_of(enum bpf_cmd command, const char *name)
{
	struct bpf_call call = { 0 };

	for (size_t i = 0; i < state.count; i++)
		if (state.calls[i].command == command && !strcmp(state.calls[i].name, name))
			call = state.calls[i];
	ck_assert_msg(call.type, "bpf(2) was not asked for \"%s\"", name);
	return call;
}

void refuse_bpf_type(enum bpf_cmd command, __u32 type)
{
	state.refused_command = command;
	state.refused_type = type;
}
