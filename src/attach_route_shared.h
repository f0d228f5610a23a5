/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * IPv4 routes that agree in all but their destination share one next hop in the kernel, tunnel
 * included, and two tunnels are equal there if the names of their programs are (fib_find_info() in
 * fib_semantics.c, bpf_encap_cmp() in lwt_bpf.c): a route that is set runs the programs of the first
 * one, and not those that came with the request. IPv6 routes do not share.
 */
#ifndef ELFMAP_ATTACH_ROUTE_SHARED_H
#define ELFMAP_ATTACH_ROUTE_SHARED_H

#include <stdbool.h>

struct attach_route;
struct netlink;

/* Whose next hop a route would get. */
struct attach_route_sharers {
	bool itself; /* that of the one which it would replace */
	bool others;
};

/* Find them before the route is set; 0 or a negative errno, -EINTR as netlink_dump(). */
int attach_route_find_sharers(struct netlink *nl, const struct attach_route *route,
			      struct attach_route_sharers *sharers);

#endif
