/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Legacy and BTF-defined maps in one object, the legacy ones first, used by one program. Among the
 * BTF-defined ones is a nested map with declared slots.
 *
 * Variants: btf (BTF-defined maps are nothing without it)
 */
#define MAP_DEF_WORDS 5
#include "legacy.h"

struct bpf_map_def SEC("maps") old_counter = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 2,
};

struct bpf_map_def SEC("maps") old_marks = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 48,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct {
	ATTRIBUTE(type, BPF_MAP_TYPE_HASH);
	ATTRIBUTE(max_entries, 24);
	TYPE(key, __u32);
	TYPE(value, __u64);
} new_marks SEC(".maps");

struct counters {
	ATTRIBUTE(type, BPF_MAP_TYPE_ARRAY);
	ATTRIBUTE(max_entries, 1);
	TYPE(key, __u32);
	TYPE(value, __u64);
} even SEC(".maps"), odd SEC(".maps");

struct {
	ATTRIBUTE(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	ATTRIBUTE(max_entries, 4);
	TYPE(key, __u32);
	SLOTS(values, struct counters);
} by_length SEC(".maps") = {
	.values = { [0] = &even, [1] = &odd },
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	__u32 parity = skb->len & 1;
	void *inner = bpf_map_lookup_elem(&by_length, &parity);

	if (inner)
		add(inner, 0, 1);
	add(&old_counter, 0, 1);
	add(&old_marks, skb->mark, 1);
	add(&new_marks, skb->mark, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
