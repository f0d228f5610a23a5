/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Maps made for tests of handles, without any object. Every call ends the test where it fails.
 */
#ifndef ELFMAP_TEST_HANDLES_H
#define ELFMAP_TEST_HANDLES_H

#include <sys/types.h>

#include <bpf/bpf.h>

#include "elfmap.h"

/* What to create. */
struct made_map {
	enum bpf_map_type type;
	const char *name;
	__u32 key_size, value_size, max_entries, flags;
	__u64 extra;
	int inner; /* a descriptor, 0 for none */
};

/* A descriptor of a new map. */
int make_map(const struct made_map *map);
/* A handle of a new map, which nothing else holds. */
struct elfmap_handle *make_handle(const struct made_map *map);
/* The descriptor of a new program, a socket filter. */
int make_program(void);

/* An array and a hash of 32-bit keys and 64-bit values. */
extern const struct made_map made_array, made_hash;

/* The value at a key of one of those; ends the test if there is none. */
__u64 value_at(const struct elfmap_handle *handle, __u32 key);
/* Set it. */
void set_value(const struct elfmap_handle *handle, __u32 key, __u64 value);

/* Whether the kernel still has a map with that id. */
bool map_exists(__u32 id);

/* Act as another user from now on, in files and rights; root again for 0. */
#define NOBODY 65534
void become(uid_t user);

#endif
