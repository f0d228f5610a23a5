/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Requests to the kernel over rtnetlink: one socket, one request at a time, and what the kernel
 * answers, its own words included. Knows messages and attributes, but not what they mean: that is
 * the attach rooms' part.
 */
#ifndef ELFMAP_NETLINK_H
#define ELFMAP_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/netlink.h>
#include <linux/types.h>

#define NETLINK_TEXT_SIZE 256
#define NETLINK_REQUEST_SIZE 4096

struct mnl_socket;

/* All zero is a closed one, which netlink_close() accepts. */
struct netlink {
	struct mnl_socket *socket;
	unsigned int portid;
	unsigned int sequence;
	bool interrupted; /* the last request was a dump of what changed meanwhile */
	/* the kernel's extended acknowledgement of the last request; empty if it gave none */
	char text[NETLINK_TEXT_SIZE];
};

/*
 * A request under construction. An attribute that does not fit marks the request as overflown, and
 * sending it then fails with -EMSGSIZE.
 */
struct netlink_request {
	union {
		struct nlmsghdr header;
		char bytes[NETLINK_REQUEST_SIZE];
	};
	bool overflown;
};

/* Sees one message of a dump. Returns 0 to go on, or a negative errno to stop with. */
typedef int (*netlink_message_fn)(const struct nlmsghdr *message, void *ctx);

int netlink_open(struct netlink *nl);
void netlink_close(struct netlink *nl);

void netlink_begin(struct netlink_request *request, __u16 type, __u16 flags);
/* The header that follows struct nlmsghdr, zeroed; before the first attribute. NULL: no room. */
void *netlink_put_header(struct netlink_request *request, size_t size);
void netlink_put_u16(struct netlink_request *request, __u16 type, __u16 value);
void netlink_put_u32(struct netlink_request *request, __u16 type, __u32 value);
void netlink_put_string(struct netlink_request *request, __u16 type, const char *string);
void netlink_put_bytes(struct netlink_request *request, __u16 type, const void *bytes, size_t size);
struct nlattr *netlink_begin_nest(struct netlink_request *request, __u16 type);
void netlink_end_nest(struct netlink_request *request, struct nlattr *nest);

/* Send the request and wait for its acknowledgement. Returns 0 or the kernel's negative errno. */
int netlink_talk(struct netlink *nl, struct netlink_request *request);
/* The same for a request that is answered with a message, which is handed to fn. */
int netlink_get(struct netlink *nl, struct netlink_request *request, netlink_message_fn fn,
		void *ctx);
/*
 * Send the request as a dump and hand each message to fn. -EINTR, after the last message: what was
 * dumped changed meanwhile.
 */
int netlink_dump(struct netlink *nl, struct netlink_request *request, netlink_message_fn fn,
		 void *ctx);

#endif
