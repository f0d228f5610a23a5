/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Attaching to XDP: the program of a network interface as a request to the kernel, and what the
 * kernel says of interfaces as far as XDP goes. Words of the command line and printing are not here.
 */
#ifndef ELFMAP_ATTACH_XDP_H
#define ELFMAP_ATTACH_XDP_H

#include <stdbool.h>
#include <linux/types.h>

struct netlink;

#define ATTACH_XDP_NAME_SIZE 16 /* IFNAMSIZ, the kernel's bound */

/* Where a program runs. An interface has one of the first two, and may have the last beside it. */
enum attach_xdp_mode {
	ATTACH_XDP_GENERIC, /* in the network stack, for any device */
	ATTACH_XDP_DRIVER,  /* natively */
	ATTACH_XDP_OFFLOAD, /* in the device itself */
	ATTACH_XDP_MODES,
	/* in requests: natively if the device has that, else generic */
	ATTACH_XDP_ANY = ATTACH_XDP_MODES,
};

struct attach_xdp {
	int ifindex;
	enum attach_xdp_mode mode;
	int fd;	       /* of the program; -1: take away the one that is there */
	bool replaces; /* may put it in the place of another, else that is -EBUSY */
	/* what is set before, by the same request */
	__u32 change; /* IFF_*: which of the flags */
	__u32 flags;
	__u32 mtu; /* bytes; 0: as it is */
};

/* An interface as the kernel lists it. */
struct attach_xdp_link {
	int ifindex;
	char name[ATTACH_XDP_NAME_SIZE];
	bool up;
	/* the interface that it stands on or is the peer of */
	bool has_lower;
	__u32 lower;	      /* its ifindex; 0: gone */
	bool lower_elsewhere; /* in another network namespace */
	/* XDP_ATTACHED_*: how its program is attached, or that there are several or none */
	__u8 attached;
	__u32 id;		     /* of the program; 0 where there are several */
	__u32 ids[ATTACH_XDP_MODES]; /* by mode; all 0 from kernels before 4.19 */
};

typedef int (*attach_xdp_link_fn)(const struct attach_xdp_link *link, void *ctx);

/*
 * One request: 0 or a negative errno, with the kernel's words in nl->text. That there is nothing to
 * take away is no failure.
 */
int attach_xdp(struct netlink *nl, const struct attach_xdp *xdp);

/*
 * List one interface, or all of them if ifindex is 0. The callback returns 0 to go on or a negative
 * errno to stop with. -EINTR as netlink_dump().
 */
int attach_xdp_list_links(struct netlink *nl, int ifindex, attach_xdp_link_fn fn, void *ctx);

#endif
