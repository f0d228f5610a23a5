/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What both ends of an export begin with: the socket's address, and a socket. Failures are logged.
 */
#ifndef ELFMAP_COMPAT_MAP_EXPORT_SOCKET_H
#define ELFMAP_COMPAT_MAP_EXPORT_SOCKET_H

#include <sys/un.h>

/* -EINVAL, the path is empty; -ENAMETOOLONG. */
int map_export_address(const char *path, struct sockaddr_un *address);

/* A descriptor for datagrams, neither bound nor connected, or a negative errno. */
int map_export_socket(const char *path);

#endif
