/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * BTF-defined maps with fields that only their author's loader knows, beside those of libbpf's: a
 * number, one of 64 bits, a type; on an inner map's description as well. libbpf refuses them.
 *
 * Variants: btf (BTF-defined maps are nothing without it)
 */
#include "legacy.h"

/* as libbpf's __ulong() */
#define LONG(name, number) \
	enum { name##_is = number } name

struct policy {
	__u32 burst;
	__u32 rate;
};

struct {
	ATTRIBUTE(type, BPF_MAP_TYPE_HASH);
	ATTRIBUTE(max_entries, 24);
	ATTRIBUTE(owner, 1000);
	TYPE(key, __u32);
	TYPE(value, __u64);
	TYPE(policy, struct policy);
	LONG(expires, 70);
} limits SEC(".maps");

struct counters {
	ATTRIBUTE(type, BPF_MAP_TYPE_ARRAY);
	ATTRIBUTE(max_entries, 2);
	TYPE(key, __u32);
	TYPE(value, __u64);
	ATTRIBUTE(owner, 7);
} even SEC(".maps"), odd SEC(".maps");

struct {
	ATTRIBUTE(owner, 8);
	ATTRIBUTE(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	ATTRIBUTE(max_entries, 4);
	TYPE(key, __u32);
	SLOTS(values, struct counters);
} by_length SEC(".maps") = {
	.values = { [1] = &even, [3] = &odd },
};

struct {
	ATTRIBUTE(type, BPF_MAP_TYPE_ARRAY);
	ATTRIBUTE(max_entries, 1);
	TYPE(key, __u32);
	TYPE(value, __u64);
} plain SEC(".maps");

SEC("tc") int classify(struct __sk_buff *skb)
{
	__u32 length = skb->len & 3;
	void *inner = bpf_map_lookup_elem(&by_length, &length);

	if (inner)
		add(inner, 0, 1);
	add(&limits, skb->mark, 1);
	add(&plain, 0, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
