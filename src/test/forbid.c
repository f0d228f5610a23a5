// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "test/forbid.h"
#include "test/tests.h"

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The half of an argument that has a small number. */
#define ARGUMENT_LOW(i)                                  \
	((__u32)offsetof(struct seccomp_data, args[i]) + \
	 (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0))

void forbid_bpf(int command, int error)
{
	/* skip both jumps to the answer if it is for all */
	const __u8 to_answer = command == FORBID_ALL ? 2 : 0;
	struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (__u32)offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, to_answer, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT_LOW(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (__u32)command, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (__u32)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { .len = NR_OF(instructions), .filter = instructions };

	/* of root's alone, so that new privileges need not be given up for it */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0))
		test_skip_kernel("no seccomp filter can be installed: %s", strerror(errno));
}

/* What a command of root may is what it inherits here. */
void forbid_capability(int capability)
{
	if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
		test_skip_kernel("right %d cannot be dropped: %s", capability, strerror(errno));
}
