/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An object with a tracing program, which nothing but the test sets off: datadog.o with its kprobe
 * moved to the tracepoint of a system call that hardly anybody makes.
 */
#ifndef ELFMAP_TEST_TRACING_H
#define ELFMAP_TEST_TRACING_H

#include <stdbool.h>

#include "elfmap.h"

struct bpf_link;

/* Open it with the name "tracing" and without pins; and a tracefs if there is none. In private namespaces. */
struct elfmap_object *open_tracing(void);
/* The same with the program as one that samples, for sampling_link(). */
struct elfmap_object *open_sampling(void);
/* The name of its program, and of the map and the key that it counts in. */
#define TRACING_PROGRAM "count_sleep"
#define TRACING_MAP "telemetry"
#define TRACING_KEY 2

/* Make that system call; whether the program has counted it, in the map of this descriptor. */
bool is_traced(int map_fd);

/* A link of the program of open_sampling() to a clock of this process's own time. */
struct bpf_link *sampling_link(const struct elfmap_object *object);
/* Compute for a while; whether the program has counted it. */
bool is_sampled(int map_fd);

#endif
