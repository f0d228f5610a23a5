/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * The tests' own way to ask rtnetlink, which shares no code with what they test. Calls return 0 or
 * -errno.
 */
#ifndef ELFMAP_TEST_RTNETLINK_H
#define ELFMAP_TEST_RTNETLINK_H

#include <libmnl/libmnl.h>

#define RTNETLINK_SIZE 8192

/* Begin a request in a buffer of that size, all zero. */
struct nlmsghdr *rtnetlink_begin(void *buf, uint16_t type, unsigned int flags);

/* Send a request and hand each answer to fn, which may be NULL. */
int rtnetlink_ask(struct nlmsghdr *request, mnl_cb_t fn, void *data);

#endif
