/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A map of each type that a legacy definition can describe completely, with many of the flags
 * there are. Not here: nested maps (nested.c), and types that need more than a definition can
 * say: socket, task, inode and cgroup local storage need BTF, struct_ops a kernel type, arenas an
 * address.
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
	}

struct prefix { /* of an LPM trie's key */
	__u32 length;
	__u32 address;
};

MAP(hash, HASH, 4, 8, 64, 0);
MAP(hash_flags, HASH, 12, 8, 64, BPF_F_NO_PREALLOC | BPF_F_ZERO_SEED);
MAP(array, ARRAY, 4, 8, 3, 0);
MAP(array_rdonly, ARRAY, 4, 8, 2, BPF_F_RDONLY_PROG);
MAP(array_wronly, ARRAY, 4, 8, 2, BPF_F_WRONLY_PROG);
MAP(array_mmap, ARRAY, 4, 8, 512, BPF_F_MMAPABLE);
MAP(prog_array, PROG_ARRAY, 4, 4, 4, 0);
MAP(perf, PERF_EVENT_ARRAY, 4, 4, 0, 0); /* one for each possible CPU */
MAP(perf_flags, PERF_EVENT_ARRAY, 4, 4, 2, BPF_F_PRESERVE_ELEMS);
MAP(percpu_hash, PERCPU_HASH, 4, 8, 16, 0);
MAP(percpu_array, PERCPU_ARRAY, 4, 8, 2, 0);
MAP(stack_trace, STACK_TRACE, 4, 8 * 16, 32, 0);
MAP(stack_build_id, STACK_TRACE, 4, 32 * 8, 32, BPF_F_STACK_BUILD_ID);
MAP(cgroup_array, CGROUP_ARRAY, 4, 4, 1, 0);
MAP(lru_hash, LRU_HASH, 4, 8, 128, 0);
MAP(lru_hash_flags, LRU_HASH, 4, 8, 128, BPF_F_NO_COMMON_LRU);
MAP(lru_percpu_hash, LRU_PERCPU_HASH, 4, 8, 128, 0);
MAP(lpm_trie, LPM_TRIE, sizeof(struct prefix), 8, 256, BPF_F_NO_PREALLOC);
MAP(devmap, DEVMAP, 4, 4, 8, 0);
MAP(sockmap, SOCKMAP, 4, 4, 8, 0);
MAP(cpumap, CPUMAP, 4, 4, 2, 0);
MAP(xskmap, XSKMAP, 4, 4, 4, 0);
MAP(sockhash, SOCKHASH, 8, 4, 16, 0);
MAP(cgroup_storage, CGROUP_STORAGE, 16, 8, 0, 0);
MAP(reuseport, REUSEPORT_SOCKARRAY, 4, 8, 4, 0);
MAP(percpu_cgroup, PERCPU_CGROUP_STORAGE, 16, 8, 0, 0);
MAP(queue, QUEUE, 0, 4, 32, 0);
MAP(stack, STACK, 0, 4, 32, 0);
MAP(devmap_hash, DEVMAP_HASH, 4, 4, 8, 0);
MAP(ringbuf, RINGBUF, 0, 0, 64 * 1024, 0);
MAP(bloom, BLOOM_FILTER, 0, 4, 100, 0);
MAP(user_ringbuf, USER_RINGBUF, 0, 0, 64 * 1024, 0);

SEC("classifier") int classify(struct __sk_buff *skb)
{
	struct prefix prefix = { .length = 32, .address = skb->mark };
	__u32 length = skb->len, zero = 0;
	__u64 *limit;

	add(&hash, skb->mark, 1);
	add(&array, 0, 1);
	add(&array_mmap, 1, 1);
	add(&percpu_hash, skb->mark, 1);
	add(&percpu_array, 0, 1);
	add(&lru_hash, skb->mark, 1);
	add(&lru_percpu_hash, skb->mark, 1);
	bpf_map_push_elem(&queue, &length, BPF_ANY);
	bpf_map_push_elem(&stack, &length, BPF_ANY);
	bpf_map_push_elem(&bloom, &length, BPF_ANY);
	bpf_map_pop_elem(&queue, &length);
	bpf_ringbuf_output(&ringbuf, &length, sizeof(length), 0);
	bpf_perf_event_output(skb, &perf, BPF_F_CURRENT_CPU, &length, sizeof(length));
	if (bpf_skb_under_cgroup(skb, &cgroup_array, 0) == 1)
		add(&array, 1, 1);
	limit = bpf_map_lookup_elem(&array_rdonly, &zero);
	if (limit && *limit && skb->len > *limit)
		return TC_ACT_SHOT;
	if (bpf_map_lookup_elem(&lpm_trie, &prefix))
		add(&array, 2, 1);
	bpf_tail_call(skb, &prog_array, 3);
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
