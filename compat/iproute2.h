/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The environment of iproute2's own loader: where its pins go, which numbers its pinning database
 * knows, and how it names tail calls. Facts: lib/bpf_legacy.c of iproute2.
 */
#ifndef ELFMAP_COMPAT_IPROUTE2_H
#define ELFMAP_COMPAT_IPROUTE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elfmap.h"

/* Values of a definition's pinning; others are looked up in the database. */
enum iproute2_pinning {
	IPROUTE2_PIN_NONE = 0,
	IPROUTE2_PIN_OBJECT_NS = 1,
	IPROUTE2_PIN_GLOBAL_NS = 2,
};

/*
 * Whether a section is named ID/KEY, two C integers, as far as iproute2 reads the name: what follows
 * does not matter. The program in it goes into slot KEY of the prog array with that id.
 */
bool iproute2_parse_tail_call(const char *section, uint32_t *id, uint32_t *key);

/* The same as a callback like those of callers; hint as it was for other sections. */
int iproute2_hint(const char *section, struct elfmap_program_hint *hint, void *ctx);

/*
 * The bpffs that tc and ip use, mounted or not: $TC_BPF_MNT, else the first of /sys/fs/bpf, /bpf
 * and /proc/mounts that is one, else /sys/fs/bpf. The caller frees it; NULL without memory.
 */
char *iproute2_bpffs(void);

/* The directory below bpffs of tc's and ip's pins: "tc"; "ip" and "xdp" are links to it. */
extern const char iproute2_dir[];

/* The directory of global pins on that bpffs; the caller frees it, NULL without memory. */
char *iproute2_globals(void);

/*
 * A path as tc and ip take those of pins: "m:globals/NAME" is short for the one below the directory
 * of their pins, all others are as they are. The caller frees it; NULL without memory.
 */
char *iproute2_full_path(const char *path);

/* What object-namespace and other paths begin with. */
struct iproute2_places {
	const char *bpffs;
	const uint8_t *sha1; /* of the whole object file, 20 bytes */
};

/*
 * Where a map is pinned, as a callback like those of callers; ctx is a struct iproute2_places. path,
 * which is empty at first, stays so where it is not: pinning 0, or a number that the database does
 * not have.
 */
int iproute2_pin_path(const char *map, __u32 pinning, char *path, size_t size, void *ctx);

#endif
