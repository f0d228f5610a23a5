/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A global subprogram with a pointer argument that it does not check. Old loaders gave the kernel no
 * BTF of functions, so it was verified with its caller, who does; by itself it is refused.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_elf_map SEC("maps") checked = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
	.pinning = PIN_GLOBAL_NS,
};

__attribute__((noinline)) int bump(struct __sk_buff *skb, __u64 *count)
{
	*count += skb->len;
	return 0;
}

SEC("classifier") int classify(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&checked, &key);

	if (count)
		bump(skb, count);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
