/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Programs of routes: one for each hook of a lightweight tunnel, and one in the section that
 * `ip route ... encap bpf` takes if it is not told one, which may be for any of them.
 *
 * Variants: plain btf be
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

enum {
	HOOK_IN,
	HOOK_OUT,
	HOOK_XMIT,
	HOOK_ANY,
	HOOKS
};

#define BPF_OK 0

struct bpf_elf_map SEC("maps") lwt_packets = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = HOOKS,
	.pinning = PIN_GLOBAL_NS,
};

struct bpf_elf_map SEC("maps") lwt_bytes = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = HOOKS,
	.pinning = PIN_OBJECT_NS,
};

static inline __attribute__((always_inline)) int count(struct __sk_buff *skb, __u32 hook)
{
	add(&lwt_packets, hook, 1);
	add(&lwt_bytes, hook, skb->len);
	return BPF_OK;
}

SEC("lwt_in") int count_in(struct __sk_buff *skb)
{
	return count(skb, HOOK_IN);
}

SEC("lwt_out") int count_out(struct __sk_buff *skb)
{
	return count(skb, HOOK_OUT);
}

SEC("lwt_xmit") int count_xmit(struct __sk_buff *skb)
{
	return count(skb, HOOK_XMIT);
}

SEC("prog") int count_any(void *ctx)
{
	(void)ctx;
	add(&lwt_packets, HOOK_ANY, 1);
	return BPF_OK;
}

LICENSE("Dual BSD/GPL");
