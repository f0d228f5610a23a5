/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Links to perf events: clocks and counters, tracepoints, probes. libbpf disables the event when it
 * destroys one, which stops what samples by it even where a pin, or another process, still holds
 * the link. All other kinds go on until nobody holds them.
 */
#ifndef ELFMAP_PERF_LINK_H
#define ELFMAP_PERF_LINK_H

struct bpf_link;

/*
 * bpf_link__destroy(), after which links of perf events that somebody holds go on like all others.
 * Their event is disabled for a moment.
 */
int perf_link_destroy(struct bpf_link *link);

#endif
