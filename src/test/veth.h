/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A pair of veth devices and frames to send through it. Calls return 0 or -errno; nothing here
 * looks at which namespace it is in. It shares no code with the attach rooms, which are tested
 * with it, and none with libcheck, so that the demo can use it.
 */
#ifndef ELFMAP_TEST_VETH_H
#define ELFMAP_TEST_VETH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Create two devices that are each other's peers, without IPv6, whose own frames would be counted. */
int make_veth_pair(const char *name, const char *peer);

/* Set a device up. */
int set_link_up(const char *name);

/* Wait until a device that is up, and its peer too, carries frames; -ETIMEDOUT after 10 seconds. */
int wait_for_link(const char *name);

struct frame {
	uint16_t ethertype; /* ETH_P_*, host byte order */
	uint8_t protocol;   /* IPPROTO_*, where the ethertype is ETH_P_IP or ETH_P_IPV6 */
	size_t length;	    /* of all of it; is made 60 if less, at most 1514 */
	uint32_t mark;	    /* of the packet, as programs on the way out see it */
};

/* Send a frame to everyone out of a device: it arrives at the device's peer. */
int send_frame(const char *device, const struct frame *frame);
/* Send it as long as more, which is called after each, says so. */
int send_frames(const char *device, const struct frame *frame, bool (*more)(void *ctx), void *ctx);

#endif
