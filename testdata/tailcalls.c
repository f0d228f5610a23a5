/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Tail calls, iproute2's way: a program in section ID/KEY is stored in the prog array of that id,
 * at that key; both are C integers. A packet takes the way
 *
 *   classifier -> 42/0 -> 42/1 -> 0xabccba/0, or 0xabccba/0x1 if it has a mark
 *
 * and each program counts it under a key of its own in `trace`. No map has the id 99: loaders skip
 * that section.
 *
 * Variants: plain btf be
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

enum {
	TRACE_ENTRY,
	TRACE_PARSE,
	TRACE_DECIDE,
	TRACE_ACCEPT,
	TRACE_DROP,
	TRACE_LOST,
	TRACE_KEYS
};
enum {
	STEP_PARSE,
	STEP_DECIDE,
	STEPS
};
enum {
	VERDICT_ACCEPT,
	VERDICT_DROP,
	VERDICTS
};

struct bpf_elf_map SEC("maps") steps = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = STEPS,
	.id = 42,
	.pinning = PIN_GLOBAL_NS, /* the kernel empties prog arrays that nobody holds */
};

struct bpf_elf_map SEC("maps") verdicts = {
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = VERDICTS,
	.id = 0xabccba,
	.pinning = PIN_OBJECT_NS,
};

struct bpf_elf_map SEC("maps") trace = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = TRACE_KEYS,
	.pinning = PIN_GLOBAL_NS,
};

SEC("0xabccba/0") int accept(struct __sk_buff *skb)
{
	(void)skb;
	add(&trace, TRACE_ACCEPT, 1);
	return TC_ACT_OK;
}

SEC("0xabccba/0x1") int drop(struct __sk_buff *skb)
{
	(void)skb;
	add(&trace, TRACE_DROP, 1);
	return TC_ACT_SHOT;
}

SEC("42/0") int parse(struct __sk_buff *skb)
{
	add(&trace, TRACE_PARSE, 1);
	bpf_tail_call(skb, &steps, STEP_DECIDE);
	return TC_ACT_UNSPEC;
}

SEC("42/1") int decide(struct __sk_buff *skb)
{
	add(&trace, TRACE_DECIDE, 1);
	bpf_tail_call(skb, &verdicts, skb->mark ? VERDICT_DROP : VERDICT_ACCEPT);
	return TC_ACT_UNSPEC;
}

SEC("99/0") int lost(struct __sk_buff *skb)
{
	(void)skb;
	add(&trace, TRACE_LOST, 1);
	return TC_ACT_SHOT;
}

SEC("classifier") int enter(struct __sk_buff *skb)
{
	add(&trace, TRACE_ENTRY, 1);
	bpf_tail_call(skb, &steps, STEP_PARSE);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
