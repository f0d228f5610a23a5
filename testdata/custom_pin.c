/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Pins by number: 3 and 4 stand in a database such as `pinning`, 77 stands in none, so that map
 * is not pinned.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

#define COUNTER(name, number)                   \
	struct bpf_elf_map SEC("maps") name = { \
		.type = BPF_MAP_TYPE_ARRAY,     \
		.size_key = sizeof(__u32),      \
		.size_value = sizeof(__u64),    \
		.max_elem = 1,                  \
		.pinning = number,              \
	}

COUNTER(listed, 3);
COUNTER(below, 4);
COUNTER(unlisted, 77);

SEC("classifier") int classify(struct __sk_buff *skb)
{
	(void)skb;
	add(&listed, 0, 1);
	add(&below, 0, 1);
	add(&unlisted, 0, 1);
	return TC_ACT_UNSPEC;
}

LICENSE("Dual BSD/GPL");
