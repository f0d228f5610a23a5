/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Attaching to routes: one route, with the BPF programs of its lightweight tunnel if it has any, as
 * a request to the kernel. One next hop, no tunnels of other types. Words of the command line and
 * printing are not here.
 */
#ifndef ELFMAP_ATTACH_ROUTE_H
#define ELFMAP_ATTACH_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>

struct netlink;

#define ATTACH_ROUTE_NAME_SIZE 256 /* MAX_PROG_NAME */

enum attach_route_verb {
	ATTACH_ROUTE_ADD,     /* must not be there yet */
	ATTACH_ROUTE_CHANGE,  /* must be there */
	ATTACH_ROUTE_REPLACE, /* either */
	ATTACH_ROUTE_PREPEND, /* before those to the same destination */
	ATTACH_ROUTE_APPEND,  /* behind them */
	ATTACH_ROUTE_DELETE,
};

/* AF_INET or AF_INET6 with 4 or 16 bytes; AF_UNSPEC is none. */
struct attach_route_address {
	int family;
	__u8 bytes[16];
};

/* Where a packet meets a program. */
enum attach_route_hook {
	ATTACH_ROUTE_IN,
	ATTACH_ROUTE_OUT,
	ATTACH_ROUTE_XMIT,
	ATTACH_ROUTE_HOOKS,
};

struct attach_route_program {
	int fd;
	char name[ATTACH_ROUTE_NAME_SIZE]; /* empty: none at this hook */
};

/* All zero is a route to everywhere, of nothing that the kernel accepts. */
struct attach_route {
	int family;
	struct attach_route_address destination;
	__u8 destination_length; /* of the prefix, in bits */
	struct attach_route_address gateway;
	struct attach_route_address source;
	int ifindex; /* 0: the kernel finds it */
	__u32 table;
	__u32 flags; /* RTNH_F_* */
	__u8 type;   /* RTN_* */
	__u8 scope;
	__u8 protocol;
	__u8 tos;
	bool has_priority;
	__u32 priority;
	bool has_preference; /* of IPv6: RTA_PREF */
	__u8 preference;
	/* by RTAX_*; those whose bit is set in .has_metrics, and in .locked those that stay */
	__u32 metrics[RTAX_MAX + 1];
	__u32 has_metrics;
	__u32 locked;
	struct attach_route_program programs[ATTACH_ROUTE_HOOKS];
	__u32 headroom; /* for xmit; 0: none */
};

/* The size of an address of that family; 0 for AF_UNSPEC. */
size_t attach_route_address_size(int family);
bool attach_route_has_programs(const struct attach_route *route);

/* 0 or a negative errno, with the kernel's words in nl->text. */
int attach_route(struct netlink *nl, enum attach_route_verb verb, const struct attach_route *route);

#endif
