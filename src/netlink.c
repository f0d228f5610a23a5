/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * Requests over rtnetlink, with libmnl. The kernel's messages are checked for size here before
 * anything in them is read; the attach rooms check the attributes that they read.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libmnl/libmnl.h>

#include "netlink.h"

/* The kernel fills up to this much of the buffer in a dump (netlink_dump() in af_netlink.c). */
#define RECEIVE_SIZE 32768

struct conversation {
	struct netlink *nl;
	netlink_message_fn fn;
	void *ctx;
	int result;
	bool interrupted;
	bool done;
};

static int enable(struct mnl_socket *socket, int option)
{
	int on = 1;

	return mnl_socket_setsockopt(socket, option, &on, sizeof(on)) < 0 ? -errno : 0;
}

int netlink_open(struct netlink *nl)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int err;

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		mnl_socket_close(socket);
		return err;
	}
	/* kernels before 4.12 have neither option: their errors come without words */
	(void)enable(socket, NETLINK_EXT_ACK);
	(void)enable(socket, NETLINK_CAP_ACK);
	*nl = (struct netlink){ .socket = socket, .portid = mnl_socket_get_portid(socket) };
	return 0;
}

void netlink_close(struct netlink *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
}

void netlink_begin(struct netlink_request *request, __u16 type, __u16 flags)
{
	memset(request, 0, sizeof(*request));
	mnl_nlmsg_put_header(request->bytes);
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = (__u16)(NLM_F_REQUEST | flags);
}

void *netlink_put_header(struct netlink_request *request, size_t size)
{
	if (size > NETLINK_REQUEST_SIZE - request->header.nlmsg_len) {
		request->overflown = true;
		return NULL;
	}
	return mnl_nlmsg_put_extra_header(&request->header, size);
}

void netlink_put_u16(struct netlink_request *request, __u16 type, __u16 value)
{
	if (!mnl_attr_put_u16_check(&request->header, NETLINK_REQUEST_SIZE, type, value))
		request->overflown = true;
}

void netlink_put_u32(struct netlink_request *request, __u16 type, __u32 value)
{
	if (!mnl_attr_put_u32_check(&request->header, NETLINK_REQUEST_SIZE, type, value))
		request->overflown = true;
}

void netlink_put_string(struct netlink_request *request, __u16 type, const char *string)
{
	/* libmnl's own check would wrap where an attribute's 16-bit length does */
	if (strlen(string) >= NETLINK_REQUEST_SIZE ||
	    !mnl_attr_put_strz_check(&request->header, NETLINK_REQUEST_SIZE, type, string))
		request->overflown = true;
}

void netlink_put_bytes(struct netlink_request *request, __u16 type, const void *bytes, size_t size)
{
	if (size >= NETLINK_REQUEST_SIZE ||
	    !mnl_attr_put_check(&request->header, NETLINK_REQUEST_SIZE, type, size, bytes))
		request->overflown = true;
}

struct nlattr *netlink_begin_nest(struct netlink_request *request, __u16 type)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(&request->header, NETLINK_REQUEST_SIZE, type);
	if (!nest)
		request->overflown = true;
	return nest;
}

void netlink_end_nest(struct netlink_request *request, struct nlattr *nest)
{
	if (nest)
		mnl_attr_nest_end(&request->header, nest);
}

static int keep_text(const struct nlattr *attribute, void *ctx)
{
	struct netlink *nl = ctx;

	if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
		snprintf(nl->text, sizeof(nl->text), "%s", mnl_attr_get_str(attribute));
	return MNL_CB_OK;
}

/* An error or an acknowledgement: the errno, the request it answers, then the attributes. */
static int read_error(struct netlink *nl, const struct nlmsghdr *message)
{
	const struct nlmsgerr *report = mnl_nlmsg_get_payload(message);
	size_t size = mnl_nlmsg_get_payload_len(message);
	size_t offset = sizeof(*report);

	if (size < offset)
		return -EBADMSG;
	if (!(message->nlmsg_flags & NLM_F_CAPPED)) {
		if (report->msg.nlmsg_len < sizeof(report->msg) ||
		    report->msg.nlmsg_len - sizeof(report->msg) > size - offset)
			return report->error ? report->error : -EBADMSG;
		offset += NLMSG_ALIGN(report->msg.nlmsg_len - sizeof(report->msg));
	}
	if (message->nlmsg_flags & NLM_F_ACK_TLVS && offset <= size)
		mnl_attr_parse(message, (unsigned int)offset, keep_text, nl);
	return report->error;
}

/* The end of a dump: an errno, then the attributes. Kernels before 2.6 sent none. */
static int read_done(struct netlink *nl, const struct nlmsghdr *message)
{
	const int *error = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*error))
		return 0;
	if (message->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(message, sizeof(*error), keep_text, nl);
	return *error;
}

static void read_message(struct conversation *talk, const struct nlmsghdr *message)
{
	int err;

	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		talk->interrupted = true;
	switch (message->nlmsg_type) {
	case NLMSG_ERROR:
		talk->result = read_error(talk->nl, message);
		talk->done = true;
		return;
	case NLMSG_DONE:
		talk->result = read_done(talk->nl, message);
		talk->done = true;
		return;
	default:
		if (message->nlmsg_type < NLMSG_MIN_TYPE || !talk->fn)
			return;
	}
	err = talk->fn(message, talk->ctx);
	if (err) {
		talk->result = err;
		talk->done = true;
	}
}

static void read_messages(struct conversation *talk, const void *buffer, int left)
{
	const struct nlmsghdr *message = buffer;

	for (; !talk->done && mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left)) {
		if (mnl_nlmsg_portid_ok(message, talk->nl->portid) &&
		    mnl_nlmsg_seq_ok(message, talk->nl->sequence))
			read_message(talk, message);
	}
}

static int converse(struct conversation *talk, struct netlink_request *request)
{
	struct netlink *nl = talk->nl;
	union {
		struct nlmsghdr header;
		char bytes[RECEIVE_SIZE];
	} answer;
	ssize_t size;

	nl->text[0] = '\0';
	nl->interrupted = false;
	if (request->overflown)
		return -EMSGSIZE;
	request->header.nlmsg_seq = ++nl->sequence;
	do {
		size = mnl_socket_sendto(nl->socket, request->bytes, request->header.nlmsg_len);
	} while (size < 0 && errno == EINTR);
	if (size < 0)
		return -errno;
	while (!talk->done) {
		size = mnl_socket_recvfrom(nl->socket, answer.bytes, sizeof(answer));
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return -errno;
		read_messages(talk, answer.bytes, (int)size);
	}
	nl->interrupted = talk->interrupted;
	if (!talk->result && talk->interrupted)
		return -EINTR;
	return talk->result;
}

int netlink_talk(struct netlink *nl, struct netlink_request *request)
{
	return netlink_get(nl, request, NULL, NULL);
}

int netlink_get(struct netlink *nl, struct netlink_request *request, netlink_message_fn fn,
		void *ctx)
{
	struct conversation talk = { .nl = nl, .fn = fn, .ctx = ctx };

	request->header.nlmsg_flags |= NLM_F_ACK;
	return converse(&talk, request);
}

int netlink_dump(struct netlink *nl, struct netlink_request *request, netlink_message_fn fn,
		 void *ctx)
{
	struct conversation talk = { .nl = nl, .fn = fn, .ctx = ctx };

	request->header.nlmsg_flags |= NLM_F_DUMP;
	return converse(&talk, request);
}
