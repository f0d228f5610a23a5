/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Key and value types, as BPF_ANNOTATE_KV_PAIR gave them before there were BTF-defined maps:
 * `talkers` has them, those of `stale` have other sizes than its definition and do not count, and
 * `plain` has none. Without BTF the object only keeps the sections.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

#define KEY_AND_VALUE(map, key_type, value_type) \
	struct ____btf_map_##map {               \
		key_type key;                    \
		value_type value;                \
	};                                       \
	struct ____btf_map_##map SEC(".maps." #map) ____btf_map_##map = {}

struct peer {
	__u32 address;
	__u16 port;
	__u16 vlan;
};

struct usage {
	__u64 bytes;
	__u64 packets;
	__u32 marks[2];
};

struct bpf_elf_map SEC("maps") talkers = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(struct peer),
	.size_value = sizeof(struct usage),
	.max_elem = 99,
	.pinning = PIN_GLOBAL_NS,
};
KEY_AND_VALUE(talkers, struct peer, struct usage);

struct bpf_elf_map SEC("maps") stale = {
	.type = BPF_MAP_TYPE_HASH,
	.size_key = sizeof(__u32),
	.size_value = sizeof(struct usage) + 8,
	.max_elem = 10,
};
KEY_AND_VALUE(stale, __u32, struct usage);

struct bpf_elf_map SEC("maps") plain = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 1,
};

SEC("classifier") int classify(struct __sk_buff *skb)
{
	struct peer peer = { .address = skb->mark, .vlan = skb->vlan_tci };
	struct usage *usage = bpf_map_lookup_elem(&talkers, &peer);

	if (usage) {
		__sync_fetch_and_add(&usage->bytes, skb->len);
		__sync_fetch_and_add(&usage->packets, 1);
	}
	add(&stale, skb->mark, 1);
	add(&plain, 0, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
