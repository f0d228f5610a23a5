/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "main_program.h"

/* In lib/bpf_libbpf.c of iproute2. */
static const char message[] = "unable to find map id %u for tail call\n";

static bool is_iproute2;

static void find_out(void)
{
	CLEANUP(cleanup_fd) int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *bytes;

	if (fd < 0 || fstat(fd, &st) || st.st_size <= 0)
		return;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return;
	is_iproute2 = memmem(bytes, (size_t)st.st_size, message, sizeof(message));
	munmap(bytes, (size_t)st.st_size);
}

bool main_program_is_iproute2(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_out);
	return is_iproute2;
}
