/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Addresses, neighbours and routes of a private namespace, and datagrams along them. Nothing here
 * goes through the tool. Every call ends the test where it fails.
 */
#ifndef ELFMAP_TEST_ROUTE_H
#define ELFMAP_TEST_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* Have a device speak IPv6, which those of the tests do not by themselves. */
void switch_ipv6_on(const char *device);

/* Give a device an address of 24 or 64 bits of network, and one that is told and never asked for. */
void add_address(const char *device, const char *address);
void add_neighbour(const char *device, const char *address);

/* Send a UDP datagram of one byte. */
void send_datagram(const char *address);

/* The index of a program's hook in struct route. */
enum route_hook {
	ROUTE_IN,
	ROUTE_OUT,
	ROUTE_XMIT,
	ROUTE_HOOKS,
};

/* What the kernel says of one; addresses as text, empty where there is none. */
struct route {
	char destination[64]; /* with "/LENGTH" */
	char gateway[64];
	char source[64];
	char device[16];
	__u32 table;
	__u8 type;
	__u8 scope;
	__u8 protocol;
	__u8 tos;
	bool onlink;
	__u32 priority;
	__u8 preference;
	__u32 mtu;
	__u32 advmss;
	__u32 hoplimit;
	__u32 locked; /* a bit for each RTAX_* */
	__u16 encap;  /* LWTUNNEL_ENCAP_*; 0 is none */
	char programs[ROUTE_HOOKS][256];
};

/* Up to size routes of a family to a destination, in the kernel's order; returns how many there are. */
size_t routes_to(int family, const char *destination, struct route *routes, size_t size);
/* The only one. */
struct route route_to(int family, const char *destination);

/*
 * The ids of up to size programs of routes, those of type BPF_PROG_TYPE_LWT_*, that use a map; returns
 * how many there are. The kernel lets go of what a route had some time after the route went.
 */
size_t route_programs(__u32 map, __u32 *ids, size_t size);

#endif
