// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>

#include "cleanup.h"
#include "test/rtnetlink.h"

static void close_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

int rtnetlink_ask(struct nlmsghdr *request, mnl_cb_t fn, void *data)
{
	struct mnl_socket *socket CLEANUP(close_socket) = mnl_socket_open(NETLINK_ROUTE);
	char answer[RTNETLINK_SIZE];
	unsigned int port;
	ssize_t size;
	int err;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	port = mnl_socket_get_portid(socket);
	do {
		size = mnl_socket_recvfrom(socket, answer, sizeof(answer));
		if (size < 0)
			return -errno;
		err = mnl_cb_run(answer, (size_t)size, request->nlmsg_seq, port, fn, data);
	} while (err > MNL_CB_STOP);
	return err < 0 ? -errno : 0;
}

struct nlmsghdr *rtnetlink_begin(void *buf, uint16_t type, unsigned int flags)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);

	request->nlmsg_type = type;
	request->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	request->nlmsg_seq = 1;
	return request;
}
