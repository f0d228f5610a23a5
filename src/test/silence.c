// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "elfmap.h"
#include "test/silence.h"
#include "test/tests.h"

struct silence begin_silence(void)
{
	struct silence silence = {
		.streams = memfd_create("streams", MFD_CLOEXEC),
		.out = dup(STDOUT_FILENO),
		.err = dup(STDERR_FILENO),
	};

	ck_assert_int_ge(silence.streams, 0);
	fflush(NULL);
	dup2(silence.streams, STDOUT_FILENO);
	dup2(silence.streams, STDERR_FILENO);
	elfmap_set_log(NULL, NULL);
	libbpf_set_print(NULL);
	return silence;
}

void end_silence(struct silence silence)
{
	struct stat st;

	fflush(NULL);
	dup2(silence.out, STDOUT_FILENO);
	dup2(silence.err, STDERR_FILENO);
	ck_assert_int_eq(fstat(silence.streams, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
	close(silence.streams);
	close(silence.out);
	close(silence.err);
}
