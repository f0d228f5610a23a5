// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * The tables: programs and slots of each source in testdata. Left out are those that do not load
 * alone (object_loads_alone()), and nomaps.c: it has nothing but a program that cannot be loaded as
 * its section says, and one without maps.
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
#define SKF(name, section, maps) { name, section, BPF_PROG_TYPE_SOCKET_FILTER, maps }
#define KPR(name, section, maps) { name, section, BPF_PROG_TYPE_KPROBE, maps }
#define SOP(name, section, maps) { name, section, BPF_PROG_TYPE_SOCK_OPS, maps }
#define CGR(name, section, maps) { name, section, BPF_PROG_TYPE_CGROUP_SKB, maps }

PROGRAMS(android,
	CLS("count_ingress", "schedcls/ingress/stats", "configuration stats"),
	SKF("count_egress", "skfilter/egress/stats", "stats"));

PROGRAMS(annotated,
	CLS("classify", "classifier", "talkers stale plain"));

PROGRAMS(aya28,
	CLS("count_filter", "classifier", "COUNTERS"),
	XDP("firewall", "xdp", "COUNTERS BLOCKLIST"));

PROGRAMS(counter,
	CLS("classify", "classifier", "packets"),
	CLS("direct", "ingress", "packets"));

PROGRAMS(custom_pin,
	CLS("classify", "classifier", "listed below unlisted"));

PROGRAMS(datadog,
	CLS("classify", "classifier", "connections telemetry"),
	KPR("count_sleep", "kprobe/do_nanosleep", "telemetry"));

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

PROGRAMS(elf20,
	CLS("first", "42/0", "counts jumps"),
	CLS("second", "42/1", "counts"),
	CLS("classify", "classifier", "counts limits jumps"));
SLOTS(elf20,
	{ "jumps", 0, "first" },
	{ "jumps", 1, "second" });

PROGRAMS(elf24,
	CLS("marked", "7/3", "marks"),
	CLS("classify", "classifier", "counts jumps"));
SLOTS(elf24,
	{ "jumps", 3, "marked" });

PROGRAMS(elf28,
	CLS("drop", "7/4", "drops"),
	CLS("classify", "ingress", "seen policy next"));
SLOTS(elf28,
	{ "next", 4, "drop" });

PROGRAMS(elf32,
	CLS("classify", "classifier", "by_kind marks"));
SLOTS(elf32,
	{ "by_kind", 0, "lengths" });

PROGRAMS(elf36,
	CLS("enter", "ingress", "scratch stats peers"),
	CLS("leave", "egress", "scratch stats peers"));

PROGRAMS(elf40,
	CLS("classify", "ingress", "by_kind near shared"));
SLOTS(elf40,
	{ "by_kind", 1, "kind" });

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

PROGRAMS(gobpf_global,
	KPR("count_sleep", "kprobe/do_nanosleep", "sleepers totals"),
	SKF("count_packet", "socket/filter", "totals"));

PROGRAMS(goebpf,
	XDP("count", "xdp", "by_queue lengths marks counter totals routes programs"));

PROGRAMS(idpin28,
	XDP("filter", "prog", "shared ports"),
	CLS("deparse", "classifier", "shared"));

PROGRAMS(loose,
	XDP("drop", "xdp_drop", "counts"),
	SKF("receive", "socket2", "counts"),
	CLS("classify", "classifier/x", "counts"),
	SOP("connect", "sockops1", "counts"),
	CGR("send", "cgroup/skb_egress_log", "counts"),
	KPR("sleep", "kprobe/do_nanosleep", "counts"),
	ACT("act", "action_ok", "counts"));

PROGRAMS(lwt,
	{ "count_in", "lwt_in", BPF_PROG_TYPE_LWT_IN, "lwt_packets lwt_bytes" },
	{ "count_out", "lwt_out", BPF_PROG_TYPE_LWT_OUT, "lwt_packets lwt_bytes" },
	{ "count_xmit", "lwt_xmit", BPF_PROG_TYPE_LWT_XMIT, "lwt_packets lwt_bytes" },
	XDP("count_any", "prog", "lwt_packets"));

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

PROGRAMS(mixedsizes,
	CLS("last", "12/1", "shared"),
	CLS("classify", "classifier", "packets marks flows shared jumps"));
SLOTS(mixedsizes,
	{ "jumps", 1, "last" });

PROGRAMS(nested,
	CLS("classify", "classifier", "by_direction mirror later by_mark"));
SLOTS(nested,
	{ "by_direction", 0, "ingress_stats" },
	{ "by_direction", 1, "egress_stats" },
	{ "mirror", 0, "ingress_stats" },
	{ "mirror", 1, "egress_stats" },
	{ "by_mark", 7, "mark_stats" });

PROGRAMS(nolicense,
	CLS("classify", "classifier", "lengths"));

PROGRAMS(notlisted,
	CLS("shape", "egress", "classes rates"));

PROGRAMS(padded,
	CLS("classify", "classifier", "lengths marks"));

PROGRAMS(sections20,
	CLS("classify", "classifier", "packets marks events"));

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

PROGRAMS(weak,
	CLS("classify", "classifier", "lengths marks flows"));

PROGRAMS(xdp,
	XDP("forward", "prog", "seen ports"));

#define OBJECT(name, slots, typed) { #name, false, name##_programs, slots, typed, false }
#define BTF_OBJECT(name, slots, typed) { #name, true, name##_programs, slots, typed, false }

const struct outcome_object outcome_objects[] = {
	OBJECT(android, no_slots, ""),
	OBJECT(annotated, no_slots, "talkers"),
	OBJECT(aya28, no_slots, ""),
	OBJECT(counter, no_slots, ""),
	OBJECT(custom_pin, no_slots, ""),
	OBJECT(datadog, no_slots, ""),
	OBJECT(def16, no_slots, ""),
	OBJECT(def20, no_slots, ""),
	OBJECT(def24, no_slots, ""),
	OBJECT(def28, no_slots, ""),
	OBJECT(demo, demo_slots, ""),
	{ "elf20", false, elf20_programs, elf20_slots, "", true },
	OBJECT(elf24, elf24_slots, ""),
	{ "elf24u8", false, elf24_programs, elf24_slots, "", false },
	OBJECT(elf28, elf28_slots, ""),
	OBJECT(elf32, elf32_slots, ""),
	OBJECT(elf36, no_slots, ""),
	OBJECT(elf40, elf40_slots, ""),
	OBJECT(extended, extended_slots, ""),
	OBJECT(globals, no_slots, ""),
	OBJECT(global_sub, no_slots, ""),
	OBJECT(gobpf_global, no_slots, ""),
	OBJECT(goebpf, no_slots, ""),
	OBJECT(idpin28, no_slots, ""),
	OBJECT(loose, no_slots, ""),
	OBJECT(lwt, no_slots, ""),
	OBJECT(many, no_slots, ""),
	BTF_OBJECT(mixed, mixed_slots, "new_marks even odd"),
	BTF_OBJECT(mixed_order, mixed_order_slots, "new_counter new_marks"),
	OBJECT(mixedsizes, mixedsizes_slots, ""),
	OBJECT(nested, nested_slots, ""),
	OBJECT(nolicense, no_slots, ""),
	BTF_OBJECT(notlisted, no_slots, ""),
	OBJECT(padded, no_slots, ""),
	OBJECT(sections20, no_slots, ""),
	OBJECT(static_map, no_slots, ""),
	OBJECT(subprogs, no_slots, ""),
	OBJECT(tailcalls, tailcalls_slots, ""),
	OBJECT(text_only, no_slots, ""),
	OBJECT(types, no_slots, ""),
	OBJECT(weak, no_slots, ""),
	OBJECT(xdp, no_slots, ""),
	{ .name = NULL },
};
/* clang-format on */
