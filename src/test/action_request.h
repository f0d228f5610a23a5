/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What requests about actions of traffic control say, read by code that shares nothing with what
 * writes them.
 */
#ifndef ELFMAP_TEST_ACTION_REQUEST_H
#define ELFMAP_TEST_ACTION_REQUEST_H

struct netlink;

/*
 * A socket at whose other end is nobody who answers: a request that is sent there fails, and is
 * kept.
 */
void begin_recording(struct netlink *nl);

/*
 * The request that was sent last, as text for free(): the message, its flags beyond those of all
 * requests, and the attributes in their order, as
 *
 *     new create excl: 1{bpf {fd 9 name x parms 5 0x2} cookie 0a0b}
 *
 * where parms are index and control, and of mirred also what it does and the index of the device. Of
 * a filter's request only the actions.
 */
char *recorded_request(void);

#endif
