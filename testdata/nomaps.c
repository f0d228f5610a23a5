/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * No maps at all: nothing to translate, but what old compilers leave out is missing here as well.
 * The second section has a name that means more to libbpf than it did to iproute2.
 */
#include "legacy.h"

SEC("classifier") int classify(struct __sk_buff *skb)
{
	return skb->mark == 7 ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

SEC("fentry/lost") int lost(struct __sk_buff *skb __attribute__((unused)))
{
	return TC_ACT_OK;
}

LICENSE("Dual BSD/GPL");
