// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "test/export_peer.h"
#include "test/kernel.h"
#include "test/tests.h"

#define DESCRIPTORS_SIZE sizeof(((struct peer_datagram *)NULL)->fds)

struct peer_definition peer_definition(size_t i)
{
	const unsigned int base = 1000 + 10 * (unsigned int)i;

	return (struct peer_definition){
		base,	  base + 1, base + 2, base + 3, base + 4,
		base + 5, base + 6, base + 7, base + 8,
	};
}

struct peer_datagram peer_datagram(const int *fds, size_t total, size_t first)
{
	const size_t left = total - first;
	const size_t count = left < PEER_MAPS ? left : PEER_MAPS;
	struct peer_datagram datagram;

	memset(&datagram, 0, sizeof(datagram));
	datagram.message.version = 1;
	datagram.message.total = (unsigned short)total;
	strcpy(datagram.message.name, PEER_OBJECT);
	datagram.message.file.device = PEER_DEVICE;
	datagram.message.file.inode = PEER_INODE;
	for (size_t i = 0; i < count; i++) {
		datagram.message.definitions[i] = peer_definition(first + i);
		datagram.fds[i] = fds[first + i];
	}
	datagram.nr_fds = count;
	datagram.size =
		offsetof(struct peer_message, definitions) + count * sizeof(struct peer_definition);
	return datagram;
}

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	ck_assert_uint_lt(strlen(path), sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	return address;
}

static int open_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void send_one(int fd, const struct peer_datagram *datagram)
{
	const size_t size = datagram->nr_fds * sizeof(int);
	char control[CMSG_SPACE(DESCRIPTORS_SIZE)] __attribute__((aligned(8))) = { 0 };
	struct cmsghdr *header = (struct cmsghdr *)control;
	struct iovec content = { (void *)datagram->bytes, datagram->size };
	struct msghdr message = { .msg_iov = &content, .msg_iovlen = 1 };

	if (size) {
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(header), datagram->fds, size);
		message.msg_control = control;
		message.msg_controllen = CMSG_LEN(size);
	}
	ck_assert_msg(sendmsg(fd, &message, 0) == (ssize_t)datagram->size, "sendmsg: %s",
		      strerror(errno));
}

static void send_all(int fd, const struct peer_datagram *datagrams, size_t count)
{
	for (size_t i = 0; i < count; i++)
		send_one(fd, &datagrams[i]);
	close(fd);
}

void peer_send_now(const char *path, const struct peer_datagram *datagrams, size_t count)
{
	const struct sockaddr_un address = address_of(path);
	int fd = open_socket();

	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	send_all(fd, datagrams, count);
}

pid_t peer_send(const char *path, const struct peer_datagram *datagrams, size_t count)
{
	const struct sockaddr_un address = address_of(path);
	pid_t pid = fork();
	int fd;

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	fd = open_socket();
	wait_until(connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
	send_all(fd, datagrams, count);
	_exit(0);
}

void peer_join(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the peer's status is 0x%x",
		      (unsigned int)status);
}

int peer_listen(const char *path)
{
	const struct sockaddr_un address = address_of(path);
	int fd = open_socket();

	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

struct peer_datagram peer_receive(int socket)
{
	struct peer_datagram datagram;
	char control[CMSG_SPACE(DESCRIPTORS_SIZE)] __attribute__((aligned(8)));
	struct cmsghdr *header = (struct cmsghdr *)control;
	struct iovec content = { datagram.bytes, sizeof(datagram.bytes) };
	struct msghdr message = { .msg_iov = &content,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t size;

	memset(&datagram, 0, sizeof(datagram));
	size = recvmsg(socket, &message, 0);
	ck_assert_int_gt(size, 0);
	datagram.size = (size_t)size;
	ck_assert_int_eq(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC), 0);
	ck_assert_uint_ge(message.msg_controllen, sizeof(*header));
	ck_assert_int_eq(header->cmsg_level, SOL_SOCKET);
	ck_assert_int_eq(header->cmsg_type, SCM_RIGHTS);
	datagram.nr_fds = (header->cmsg_len - sizeof(*header)) / sizeof(int);
	memcpy(datagram.fds, CMSG_DATA(header), datagram.nr_fds * sizeof(int));
	return datagram;
}

void make_maps(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fds[i] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "exported", 4, 8, (__u32)i + 1, NULL);
		ck_assert_int_ge(fds[i], 0);
	}
}

void close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}
