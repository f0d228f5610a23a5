/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * One datagram of an export: iproute2's struct bpf_map_aux (include/bpf_scm.h), cut behind the last
 * definition that it carries, with the descriptors beside it. Sockets are made and waited for
 * elsewhere.
 */
#ifndef ELFMAP_COMPAT_MAP_EXPORT_DATAGRAM_H
#define ELFMAP_COMPAT_MAP_EXPORT_DATAGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "map_export.h"

#define DATAGRAM_VERSION 1
#define DATAGRAM_MAPS \
	64 /* ELF_MAX_MAPS, and so many that the sender fills each datagram but the last */

/* struct bpf_elf_map */
struct datagram_map {
	uint32_t type;
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t map_flags;
	uint32_t id;
	uint32_t pinning;
	uint32_t inner_id;
	uint32_t inner_idx;
};

/* Numbers are in the host's byte order. iproute2 has dev_t and ino_t, both of 64 bits as it is built. */
struct datagram_content {
	uint16_t version;
	uint16_t count; /* of all maps, not of those in this datagram */
	char object[MAP_EXPORT_NAME_SIZE];
	uint64_t device;
	uint64_t inode;
	struct datagram_map maps[DATAGRAM_MAPS];
};

struct datagram {
	struct datagram_content content;
	size_t size; /* what arrived of it, in bytes */
	int flags;   /* of recvmsg() */
	int fds[DATAGRAM_MAPS];
	size_t nr_fds;
};

/* Send the maps from the first-th on, as many as fit. Returns their number, or a negative errno. */
int datagram_send(int socket, const struct map_export *what, size_t first);

/*
 * Receive one without waiting: -EAGAIN, there is none; others of recvmsg(). The descriptors are the
 * caller's, for datagram_close().
 */
int datagram_receive(int socket, struct datagram *datagram);

/*
 * Whether it carries the maps from the first-th on of the export that began to arrive. Of what has
 * begun to arrive nothing is read where first is 0. Refusals are logged with the socket's path;
 * errors as map_export_receive().
 */
int datagram_check(const struct datagram *datagram, const struct map_export *begun, size_t first,
		   const char *path);

/* Move the maps of a checked one to where they belong in the export. Returns their number. */
size_t datagram_take(struct datagram *datagram, struct map_export_map *maps);

/* Close the descriptors that were not taken. */
void datagram_close(struct datagram *datagram);

#endif
