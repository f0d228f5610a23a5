/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * A place of its own for a test that changes the kernel's state: network and mount namespace, bpffs
 * and devices. All of it goes with the test's process. Every call ends the test where it fails.
 */
#ifndef ELFMAP_TEST_NAMESPACE_H
#define ELFMAP_TEST_NAMESPACE_H

#include "test/veth.h"

/*
 * Enter a private network and mount namespace with an empty bpffs on /sys/fs/bpf and the devices
 * lo, veth0 and veth1, up. The latter two are peers, have no addresses, and carry no frames but
 * the test's. Where the rights are missing, the test is skipped.
 */
void enter_private_namespaces(void);

/* Mount a new tmpfs on a directory; only for tests in private namespaces. */
void mount_tmpfs(const char *directory);
/* The same for a tracefs; skips the test where the kernel has none. */
void mount_tracefs(const char *directory);

/*
 * Make the network namespace that the test is in known to ip by a name, and enter a new one, which
 * has only lo; only for tests in private namespaces, and once. Descriptor of the one that was left.
 */
int leave_network_namespace(const char *name);
/* Return to it. */
void return_to_network_namespace(int fd);

/*
 * Make /etc/iproute2/bpf_pinning a file with this text, for this test alone. The other files of
 * that directory are gone for it.
 */
void put_pinning_database(const char *text);

/*
 * Send a frame of 60 bytes out of a device: "veth1" for what is to arrive at veth0. It has arrived
 * soon after, not at once: see wait_until().
 */
void send_packet(const char *device, uint16_t ethertype, uint8_t protocol);

#endif
