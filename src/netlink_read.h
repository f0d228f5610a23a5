/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Reading the kernel's messages: attributes by type, and values that are only believed if they have
 * the size of their type.
 */
#ifndef ELFMAP_NETLINK_READ_H
#define ELFMAP_NETLINK_READ_H

#include <stddef.h>
#include <linux/netlink.h>
#include <linux/types.h>

/*
 * The fixed header of a message, of that size, with the attributes behind it: table has room for
 * most + 1 pointers, all NULL before; those of a type beyond most are left out. NULL: malformed.
 */
const void *netlink_read_header(const struct nlmsghdr *message, size_t size,
				const struct nlattr **table, unsigned int most);
/* The attributes inside of one; -EBADMSG: malformed. */
int netlink_read_nest(const struct nlattr *nest, const struct nlattr **table, unsigned int most);

/* The value of an attribute, which may be NULL; 0 where there is none of that size. */
__u8 netlink_read_u8(const struct nlattr *attribute);
__u32 netlink_read_u32(const struct nlattr *attribute);
/* A copy of the text, cut off where it does not fit; empty where there is none. */
void netlink_read_string(const struct nlattr *attribute, char *string, size_t size);
/* Copy up to size bytes of its value, which is a struct that grew over time; zero the rest. */
void netlink_read_struct(const struct nlattr *attribute, void *data, size_t size);

#endif
