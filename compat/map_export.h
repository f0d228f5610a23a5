/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * How tc hands an object's maps to another process: `tc filter ... bpf obj FILE export PATH` sends
 * their descriptors to a Unix datagram socket, where `tc exec bpf import PATH` waits for them. Facts:
 * include/bpf_scm.h and lib/bpf_legacy.c of iproute2. This room knows the datagrams and the socket;
 * it does not know what is done with the maps. Linked into the tool only.
 *
 * Failed calls say why to the log callback, in one line that names the path and what to do now.
 */
#ifndef ELFMAP_COMPAT_MAP_EXPORT_H
#define ELFMAP_COMPAT_MAP_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#include "elfmap.h"

#define MAP_EXPORT_NAME_SIZE 64	   /* with the final zero; longer names are cut */
#define MAP_EXPORT_MAX_MAPS 0xffff /* the count has 16 bits */
#define MAP_EXPORT_SECONDS 5	   /* how long one side waits for the other in mid-exchange */

struct map_export_map {
	int fd;
	/* type, sizes, max_entries, map_flags, id, pinning, inner_id and inner_idx are exchanged */
	struct elfmap_map_def def;
};

struct map_export {
	/* the object file as its user named it, and where it is; claims of the sender */
	char object[MAP_EXPORT_NAME_SIZE];
	uint64_t device;
	uint64_t inode;
	size_t count;
	struct map_export_map *maps;
};

/*
 * The maps of a loaded object that was read from the file at path. They remain the object's, which
 * must stay until map_export_free(). Errors: those of stat(); -ENOENT, it is not loaded;
 * -ENOMEM.
 */
int map_export_of_object(const struct elfmap_object *object, const char *path,
			 struct map_export *what);

/*
 * Send the maps to whoever receives at socket_path, up to 64 with each datagram. The descriptors
 * remain the caller's. What was sent with the first datagrams remains sent if a later one fails.
 *
 * Errors: -ENOENT and -ECONNREFUSED, nobody receives there; -EPROTOTYPE, somebody does, but not
 * datagrams; -ENODATA, there are no maps, and nothing was sent; -E2BIG, there are more than
 * MAP_EXPORT_MAX_MAPS; -ENAMETOOLONG and -EINVAL, the path cannot be a socket's; -ETIMEDOUT, the
 * receiver does not read on; others of connect() and sendmsg().
 */
int map_export_send(const char *socket_path, const struct map_export *what);

/*
 * Make a socket at socket_path, wait there until somebody sends maps, and remove it again, whatever
 * happens: also when one of SIGHUP, SIGINT, SIGQUIT and SIGTERM arrives that is not ignored, which
 * takes its effect then. The first datagram is waited for without limit, the last one for
 * MAP_EXPORT_SECONDS from then on. Nothing is received from a sender that has no maps: it sends no
 * datagram.
 *
 * The maps are the caller's, for map_export_close(). Their descriptors are closed by exec: take
 * FD_CLOEXEC off those that a child is to have. Each is a map, as far as /proc is there to tell, but
 * need not be as its definition says, and the object's name may hold any characters.
 *
 * Errors: -EADDRINUSE, somebody receives there already; -EEXIST, a file is there on which nobody
 * receives, such as a socket that was left behind; -ENAMETOOLONG and -EINVAL as above;
 * -EPROTONOSUPPORT, the datagram has another version; -EBADMSG, it contradicts itself or those
 * before it; -EMFILE, descriptors were lost since this process may not have more; -EBADF, one is no
 * map; -ETIMEDOUT, the sender announced more than it sent; -EINTR, one of the signals above came and
 * has a handler; -ENOMEM; others of bind() and recvmsg().
 */
int map_export_receive(const char *socket_path, struct map_export *received);

/* Free what map_export_of_object() made; the same and close the descriptors. All zero is allowed. */
void map_export_free(struct map_export *what);
void map_export_close(struct map_export *received);

#endif
