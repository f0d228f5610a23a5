/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Android's way: 116 bytes, whose number a section tells. Behind libbpf's five words stand the
 * owner and mode of the pin, the range of loaders and of kernels that the map is for, the builds
 * that do without it, and where it is pinned with which SELinux context.
 *
 * Variants: plain btf be
 */
#include "legacy.h"

typedef unsigned char flag; /* of Android's bool */

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
	unsigned int uid;
	unsigned int gid;
	unsigned int mode;
	unsigned int bpfloader_min_ver;
	unsigned int bpfloader_max_ver;
	unsigned int min_kver;
	unsigned int max_kver;
	char selinux_context[32];
	char pin_subdir[32];
	flag shared;
	flag ignore_on_eng;
	flag ignore_on_user;
	flag ignore_on_userdebug;
};
_Static_assert(sizeof(struct bpf_map_def) == 116, "as on Android");

#define AID_SYSTEM 1000
#define AID_INET 3003
#define ANY_LOADER .bpfloader_max_ver = 0x10000
#define ANY_KERNEL .max_kver = 0xffffffff

struct bpf_map_def SEC("maps") stats = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 5000,
	.map_flags = BPF_F_NO_PREALLOC,
	.uid = AID_SYSTEM,
	.gid = AID_INET,
	.mode = 0660,
	ANY_LOADER,
	ANY_KERNEL,
	.selinux_context = "fs_bpf_netd_shared",
	.pin_subdir = "netd_shared/",
};

struct bpf_map_def SEC("maps") configuration = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u32),
	.max_entries = 2,
	.uid = AID_SYSTEM,
	.gid = AID_INET,
	.mode = 0660,
	.bpfloader_min_ver = 2,
	ANY_LOADER,
	ANY_KERNEL,
	.shared = 1,
};

SEC("schedcls/ingress/stats") int count_ingress(struct __sk_buff *skb)
{
	__u32 key = 1, *enabled = bpf_map_lookup_elem(&configuration, &key);

	if (enabled && *enabled)
		add(&stats, skb->ifindex, skb->len);
	return TC_ACT_UNSPEC;
}

SEC("skfilter/egress/stats") int count_egress(struct __sk_buff *skb)
{
	add(&stats, skb->ifindex, skb->len);
	return 1;
}

unsigned long definition_size SEC("size_of_bpf_map_def") = sizeof(struct bpf_map_def);
unsigned int loader_version SEC("bpfloader_min_ver") = 2;
LICENSE("Apache 2.0");
