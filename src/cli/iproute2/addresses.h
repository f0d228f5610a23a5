/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * IPv4 and IPv6 addresses and prefixes in ip's notation: that of IPv4 leaves out zeros at the end,
 * "10/8". The family may be AF_UNSPEC for either.
 */
#ifndef ELFMAP_CLI_ADDRESSES_H
#define ELFMAP_CLI_ADDRESSES_H

#include <stdbool.h>

#include "attach_route.h"

bool read_address(const char *text, int family, struct attach_route_address *address);

struct prefix {
	struct attach_route_address address; /* of no family for "default" and the like */
	__u8 length;
};

bool read_prefix(const char *text, int family, struct prefix *prefix);

#endif
