/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Section names that libbpf before 1.0, which looked at how a name begins, took for a program type,
 * and later ones do not know.
 *
 * Variants: plain btf be
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

enum {
	DROPPED,
	RECEIVED,
	CLASSIFIED,
	CONNECTED,
	SENT,
	SLEPT,
	ACTED,
	COUNTS
};

struct bpf_map_def SEC("maps") counts = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = COUNTS,
};

#define PROGRAM(section, name, key, result)                      \
	SEC(section) int name(void *ctx __attribute__((unused))) \
	{                                                        \
		add(&counts, key, 1);                            \
		return result;                                   \
	}

PROGRAM("xdp_drop", drop, DROPPED, XDP_DROP)
PROGRAM("socket2", receive, RECEIVED, 0)
PROGRAM("classifier/x", classify, CLASSIFIED, TC_ACT_UNSPEC)
PROGRAM("sockops1", connect, CONNECTED, 1)
PROGRAM("cgroup/skb_egress_log", send, SENT, 1)
PROGRAM("kprobe/do_nanosleep", sleep, SLEPT, 0)
PROGRAM("action_ok", act, ACTED, TC_ACT_OK)

LICENSE("Dual BSD/GPL");
