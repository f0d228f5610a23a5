/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the kernel means when it says EPERM to a load, and what to do: rights of this process that
 * are missing or do not count, a limit, or someone who forbids bpf(2) altogether. Asked after a
 * failure, never before one.
 */
#ifndef ELFMAP_RIGHTS_H
#define ELFMAP_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RIGHTS_TEXT_MAX 256

struct rights {
	uint64_t capabilities;	/* the effective ones, bit by number */
	bool has_cap_bpf;	/* the kernel has CAP_BPF: Linux 5.8 */
	bool in_user_namespace; /* not the first one, in which alone they count for bpf(2) */
	bool charges_memlock;	/* the kernel charges maps to RLIMIT_MEMLOCK: before Linux 5.11 */
	bool memlock_is_limited;
	uint64_t memlock; /* bytes */
	bool has_seccomp_filter;
};

/* Those of this process. */
void rights_read(struct rights *out);

/* What is missing for loading, and what to do: the end of a sentence. */
void rights_explain(const struct rights *rights, char *text, size_t size);

/*
 * The same for a system call that this process's load made and that failed with err, as ": ..." to
 * append to a message. Empty where rights are not the cause.
 */
const char *rights_remark(int err, char text[RIGHTS_TEXT_MAX]);

#endif
