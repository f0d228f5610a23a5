/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * All bytes of a file, once: what is read here is what is hashed, parsed and loaded. What they are is
 * for the read room.
 */
#ifndef ELFMAP_BYTES_H
#define ELFMAP_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Far above any BPF object; keeps a mistaken argument, or a crafted one, from filling the memory. */
#define OBJECT_SIZE_MAX (256u << 20)

struct bytes {
	uint8_t *data; /* the caller frees it; never NULL */
	size_t size;
};

/* Each with a message on failure, which calls the file by its name. */
int bytes_of_file(const char *path, struct bytes *out);
/* A regular file from its beginning, anything else up to its end; the offset of the former stays. */
int bytes_of_descriptor(int fd, const char *name, struct bytes *out);
int bytes_of_memory(const void *buf, size_t size, const char *name, struct bytes *out);

#endif
