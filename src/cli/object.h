/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Opening an object file the way all commands do, and what they ask it.
 */
#ifndef ELFMAP_CLI_OBJECT_H
#define ELFMAP_CLI_OBJECT_H

#include <stdbool.h>
#include <linux/types.h>

#include "elfmap.h"

struct cli;

struct object_options {
	const char *pin_dir;
	/* where BTF-defined maps that ask for it are pinned; NULL: where libbpf does */
	const char *pin_root;
	int pin_lock; /* from elfmap_lock_pins(); 0 is none */
	/* have the kernel write the verifier's log, which -v and tc's "verbose" show */
	bool verifier_log;
};

/* NULL, and the user was told why. */
struct elfmap_object *object_open(struct cli *cli, const char *path,
				  const struct object_options *options);
void cleanup_object(struct elfmap_object **obj);

/* "little" or "big". */
const char *object_byte_order(const struct elfmap_object *obj);
void object_sha1_text(const struct elfmap_object *obj, char text[41]);

/* The kernel's names of types; never NULL. */
const char *map_type_name(__u32 type);
const char *program_type_name(__u32 type);
/* The type of that name; 0 if there is none. */
__u32 program_type_by_name(const char *name);

/* Bytes as hexadecimal digits; text has room for 2 * size + 1. */
void hex_text(const __u8 *bytes, size_t size, char *text);

#endif
