/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * 80 maps, m00 to m79, where iproute2 allowed 64. The last digit gives the shape, the first one
 * the number of entries. A program may use 64 maps, so the two programs share them.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

#define MAP(name, map_type, key, value, entries, map_flags) \
	struct bpf_elf_map SEC("maps") name = {             \
		.type = BPF_MAP_TYPE_##map_type,            \
		.size_key = key,                            \
		.size_value = value,                        \
		.max_elem = entries,                        \
		.flags = map_flags,                         \
	};

#define TEN_MAPS(digit)                                                 \
	MAP(m##digit##0, ARRAY, 4, 8, 1, 0)                             \
	MAP(m##digit##1, ARRAY, 4, 64, 2 + digit, 0)                    \
	MAP(m##digit##2, HASH, 4, 8, 10 + digit, 0)                     \
	MAP(m##digit##3, HASH, 16, 4, 10 + digit, BPF_F_NO_PREALLOC)    \
	MAP(m##digit##4, PERCPU_ARRAY, 4, 8, 2 + digit, 0)              \
	MAP(m##digit##5, PERCPU_HASH, 8, 8, 10 + digit, 0)              \
	MAP(m##digit##6, LRU_HASH, 12, 24, 100 + digit, 0)              \
	MAP(m##digit##7, LRU_PERCPU_HASH, 4, 8, 100 + digit, 0)         \
	MAP(m##digit##8, LPM_TRIE, 8, 8, 10 + digit, BPF_F_NO_PREALLOC) \
	MAP(m##digit##9, HASH, 1 + digit, 1 + digit, 10 + digit, 0)

TEN_MAPS(0)
TEN_MAPS(1)
TEN_MAPS(2)
TEN_MAPS(3)
TEN_MAPS(4)
TEN_MAPS(5)
TEN_MAPS(6)
TEN_MAPS(7)

#define FOUND(name) (bpf_map_lookup_elem(&name, key) != 0)
#define FOUND_OF_TEN(digit)                                                                  \
	(FOUND(m##digit##0) + FOUND(m##digit##1) + FOUND(m##digit##2) + FOUND(m##digit##3) + \
	 FOUND(m##digit##4) + FOUND(m##digit##5) + FOUND(m##digit##6) + FOUND(m##digit##7) + \
	 FOUND(m##digit##8) + FOUND(m##digit##9))

/* Both return how many of their maps have an entry under a key of zeros: each array has one. */
SEC("classifier") int lower_half(struct __sk_buff *skb)
{
	__u64 key[2] = {};

	(void)skb;
	return FOUND_OF_TEN(0) + FOUND_OF_TEN(1) + FOUND_OF_TEN(2) + FOUND_OF_TEN(3);
}

SEC("ingress") int upper_half(struct __sk_buff *skb)
{
	__u64 key[2] = {};

	(void)skb;
	return FOUND_OF_TEN(4) + FOUND_OF_TEN(5) + FOUND_OF_TEN(6) + FOUND_OF_TEN(7);
}

LICENSE("Dual BSD/GPL");
