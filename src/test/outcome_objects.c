// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The tables: programs and slots of each source in testdata. Left out is nomaps.c: it has nothing
 * but a program that cannot be loaded as its section says, and one without maps.
 */
#include "test/outcome.h"

/* clang-format off */
#define PROGRAMS(object, ...) \
	static const struct outcome_program object##_programs[] = { __VA_ARGS__, { .name = NULL } }
#define SLOTS(object, ...) \
	static const struct outcome_slot object##_slots[] = { __VA_ARGS__, { .map = NULL } }

static const struct outcome_slot no_slots[] = { { .map = NULL } };

#define CLS(name, section, maps) { name, section, BPF_PROG_TYPE_SCHED_CLS, maps }
#define ACT(name, section, maps) { name, section, BPF_PROG_TYPE_SCHED_ACT, maps }
#define XDP(name, section, maps) { name, section, BPF_PROG_TYPE_XDP, maps }

PROGRAMS(annotated,
	CLS("classify", "classifier", "talkers stale plain"));

PROGRAMS(counter,
	CLS("classify", "classifier", "packets"),
	CLS("direct", "ingress", "packets"));

PROGRAMS(custom_pin,
	CLS("classify", "classifier", "listed below unlisted"));

PROGRAMS(def16,
	CLS("classify", "classifier", "totals by_mark"));

PROGRAMS(def20,
	CLS("classify", "classifier", "totals flows marks"),
	ACT("report", "action", "totals events"));

PROGRAMS(def24,
	CLS("classify", "ingress", "counter by_queue by_mark session"));

PROGRAMS(def28,
	CLS("classify", "egress", "counter by_queue by_mark near"));

PROGRAMS(demo,
	CLS("count_ingress", "ingress", "protocols directions jumps"),
	CLS("count_egress", "egress", "protocols directions jumps"),
	CLS("count_bytes", "0x2a/0", "bytes"));
SLOTS(demo,
	{ "jumps", 0, "count_bytes" },
	{ "directions", 0, "packets_in" },
	{ "directions", 1, "packets_out" });

PROGRAMS(elf28,
	CLS("drop", "7/4", "drops"),
	CLS("classify", "ingress", "seen policy next"));
SLOTS(elf28,
	{ "next", 4, "drop" });

PROGRAMS(elf36,
	CLS("enter", "ingress", "scratch stats peers"),
	CLS("leave", "egress", "scratch stats peers"));

PROGRAMS(extended,
	CLS("tail", "1/2_ipv4", "extended_counts"),
	CLS("classify", "classifier", "extended_counts extended_jumps"));
SLOTS(extended,
	{ "extended_jumps", 2, "tail" });

PROGRAMS(globals,
	CLS("classify", "classifier",
	    "packets marks globals.data globals.bss globals.rodata"));

PROGRAMS(global_sub,
	CLS("classify", "classifier", "checked"));

#define TEN(digit) \
	"m" #digit "0 m" #digit "1 m" #digit "2 m" #digit "3 m" #digit "4 " \
	"m" #digit "5 m" #digit "6 m" #digit "7 m" #digit "8 m" #digit "9 "
PROGRAMS(many,
	CLS("lower_half", "classifier", TEN(0) TEN(1) TEN(2) TEN(3)),
	CLS("upper_half", "ingress", TEN(4) TEN(5) TEN(6) TEN(7)));

PROGRAMS(mixed,
	CLS("classify", "classifier", "by_length old_counter old_marks new_marks"));
SLOTS(mixed,
	{ "by_length", 0, "even" },
	{ "by_length", 1, "odd" });

PROGRAMS(mixed_order,
	CLS("enter", "ingress", "old_outer new_counter new_marks old_calls"),
	CLS("finish", "0x11/2", "new_counter"));
SLOTS(mixed_order,
	{ "old_outer", 1, "old_inner" },
	{ "old_calls", 2, "finish" });

PROGRAMS(nested,
	CLS("classify", "classifier", "by_direction mirror later by_mark"));
SLOTS(nested,
	{ "by_direction", 0, "ingress_stats" },
	{ "by_direction", 1, "egress_stats" },
	{ "mirror", 0, "ingress_stats" },
	{ "mirror", 1, "egress_stats" },
	{ "by_mark", 7, "mark_stats" });

PROGRAMS(static_map,
	CLS("classify", "classifier", "first between last"));

PROGRAMS(subprogs,
	CLS("classify", "classifier", "calls marks"));

/* lost is in a section with an id that no map has */
PROGRAMS(tailcalls,
	CLS("accept", "0xabccba/0", "trace"),
	CLS("drop", "0xabccba/0x1", "trace"),
	CLS("parse", "42/0", "trace steps"),
	CLS("decide", "42/1", "trace verdicts"),
	CLS("lost", "99/0", "trace"),
	CLS("enter", "classifier", "trace steps"));
SLOTS(tailcalls,
	{ "steps", 0, "parse" },
	{ "steps", 1, "decide" },
	{ "verdicts", 0, "accept" },
	{ "verdicts", 1, "drop" });

PROGRAMS(text_only,
	CLS("classify", ".text", "text_counts"));

PROGRAMS(types,
	CLS("classify", "classifier",
	    "hash array array_mmap percpu_hash percpu_array lru_hash lru_percpu_hash queue stack "
	    "bloom ringbuf perf cgroup_array array_rdonly lpm_trie prog_array"));

PROGRAMS(xdp,
	XDP("forward", "prog", "seen ports"));

#define OBJECT(name, slots, typed) { #name, false, name##_programs, slots, typed }
#define BTF_OBJECT(name, slots, typed) { #name, true, name##_programs, slots, typed }

const struct outcome_object outcome_objects[] = {
	OBJECT(annotated, no_slots, "talkers"),
	OBJECT(counter, no_slots, ""),
	OBJECT(custom_pin, no_slots, ""),
	OBJECT(def16, no_slots, ""),
	OBJECT(def20, no_slots, ""),
	OBJECT(def24, no_slots, ""),
	OBJECT(def28, no_slots, ""),
	OBJECT(demo, demo_slots, ""),
	OBJECT(elf28, elf28_slots, ""),
	OBJECT(elf36, no_slots, ""),
	OBJECT(extended, extended_slots, ""),
	OBJECT(globals, no_slots, ""),
	OBJECT(global_sub, no_slots, ""),
	OBJECT(many, no_slots, ""),
	BTF_OBJECT(mixed, mixed_slots, "new_marks even odd"),
	BTF_OBJECT(mixed_order, mixed_order_slots, "new_counter new_marks"),
	OBJECT(nested, nested_slots, ""),
	OBJECT(static_map, no_slots, ""),
	OBJECT(subprogs, no_slots, ""),
	OBJECT(tailcalls, tailcalls_slots, ""),
	OBJECT(text_only, no_slots, ""),
	OBJECT(types, no_slots, ""),
	OBJECT(xdp, no_slots, ""),
	{ .name = NULL },
};
/* clang-format on */
