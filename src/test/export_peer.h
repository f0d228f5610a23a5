/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The other end of an export of maps, as tc's own loader is one: the datagram as iproute2's
 * include/bpf_scm.h has it, in plain socket calls. Shares nothing with compat/map_export.c. Every
 * call ends the test where it fails.
 */
#ifndef ELFMAP_TEST_EXPORT_PEER_H
#define ELFMAP_TEST_EXPORT_PEER_H

#include <stddef.h>
#include <sys/types.h>

#define PEER_MAPS 64

struct peer_definition {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int flags;
	unsigned int id;
	unsigned int pinning;
	unsigned int inner_id;
	unsigned int inner_index;
};

struct peer_message {
	unsigned short version;
	unsigned short total;
	char name[64];
	struct {
		dev_t device;
		ino_t inode;
	} file;
	struct peer_definition definitions[PEER_MAPS];
};

/* A datagram: more can be in it than in a good one. */
struct peer_datagram {
	union {
		struct peer_message message;
		unsigned char bytes[sizeof(struct peer_message) + 64];
	};
	size_t size;
	int fds[PEER_MAPS + 6];
	size_t nr_fds;
};

/* What the original sender calls the object. */
#define PEER_OBJECT "dir/object.o"
#define PEER_DEVICE 0x123456789abULL
#define PEER_INODE 0xcba987654321ULL

/* The definition that the i-th map of a sender has here: no two words are the same. */
struct peer_definition peer_definition(size_t i);

/* Fill in the datagram that carries the maps from first on. */
struct peer_datagram peer_datagram(const int *fds, size_t total, size_t first);

/* A process that waits for a receiver at the path and sends these; peer_join() ends the wait. */
pid_t peer_send(const char *path, const struct peer_datagram *datagrams, size_t count);
/* The same in this process, without waiting. */
void peer_send_now(const char *path, const struct peer_datagram *datagrams, size_t count);
/* Wait for a process, which must have exited with 0. */
void peer_join(pid_t pid);

/* A socket at the path, and the next datagram that arrives there. */
int peer_listen(const char *path);
struct peer_datagram peer_receive(int socket);

/* Array maps with 1, 2, 3, ... entries; close_all() closes them. */
void make_maps(int *fds, size_t count);
void close_all(const int *fds, size_t count);

#endif
