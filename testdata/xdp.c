/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * An XDP program in the section that `ip link ... xdp` takes if it is not told one, with maps
 * pinned in the object's own namespace.
 */
#define ELF_MAP_WORDS 9
#include "legacy.h"

struct bpf_elf_map SEC("maps") ports = {
	.type = BPF_MAP_TYPE_DEVMAP,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u32),
	.max_elem = 8,
	.pinning = PIN_OBJECT_NS,
};

struct bpf_elf_map SEC("maps") seen = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.size_key = sizeof(__u32),
	.size_value = sizeof(__u64),
	.max_elem = 2,
	.pinning = PIN_OBJECT_NS,
};

/* counts packets, and bytes */
SEC("prog") int forward(struct xdp_md *ctx)
{
	add(&seen, 0, 1);
	add(&seen, 1, ctx->data_end - ctx->data);
	return bpf_redirect_map(&ports, ctx->rx_queue_index, XDP_PASS);
}

LICENSE("Dual BSD/GPL");
