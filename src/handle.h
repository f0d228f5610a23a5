/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A map of the kernel that is held by itself. Nothing in a handle changes after it is made, so that
 * threads need no lock: what may change is asked of the kernel.
 */
#ifndef ELFMAP_HANDLE_H
#define ELFMAP_HANDLE_H

#include <linux/bpf.h>

#include "elfmap.h"

struct elfmap_handle {
	int fd;
	struct bpf_map_info info;
};

#define HANDLE_TEXT_MAX 64

/* How messages call it. */
const char *handle_text(const struct elfmap_handle *handle, char text[HANDLE_TEXT_MAX]);

/*
 * What a call of the handle returns for what a call of libbpf did: the kernel's own ENOTSUPP, which
 * no header has, becomes ENOTSUP.
 */
int handle_result(int err);

/* The kernel's description of the map that a descriptor is of. -EINVAL: it is of something else. */
int handle_read_info(int fd, struct bpf_map_info *info);

#endif
