/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What this process asks bpf(2), libbpf included, and other answers than this kernel's: those of
 * hardware that is not here, and of kernels that are older. Works by defining syscall(), which
 * libbpf calls; processes that are started later have their own.
 */
#ifndef ELFMAP_TEST_BPF_CALLS_H
#define ELFMAP_TEST_BPF_CALLS_H

#include <stddef.h>
#include <linux/bpf.h>

/* A BPF_MAP_CREATE or BPF_PROG_LOAD. */
struct bpf_call {
	enum bpf_cmd command;
	__u32 type; /* of the map or program */
	__u32 ifindex;
	char name[BPF_OBJ_NAME_LEN];
};

/*
 * Forget, and keep what is asked from now on. As if every device took every map and program: the
 * kernel is asked without the device.
 */
void record_bpf_calls(void);
/* How many calls of this command there were for a map or program of this name. */
size_t nr_bpf_calls(enum bpf_cmd command, const char *name);
/* The last of them; the test ends if there was none. */
struct bpf_call bpf_call_of(enum bpf_cmd command, const char *name);

/* From now on refuse maps or programs of a type, as a kernel that has none of them: EINVAL. */
void refuse_bpf_type(enum bpf_cmd command, __u32 type);

#endif
