// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#include "cleanup.h"
#include "test/rtnetlink.h"
#include "test/veth.h"

static void switch_ipv6_off(void)
{
	static const char path[] = "/proc/sys/net/ipv6/conf/default/disable_ipv6";
	int fd CLEANUP(cleanup_fd) = open(path, O_WRONLY | O_CLOEXEC);

	/* Where this fails there is no IPv6 in the first place. */
	if (fd >= 0 && write(fd, "1", 1) < 0)
		return;
}

int make_veth_pair(const char *name, const char *peer)
{
	char buf[RTNETLINK_SIZE] = { 0 };
	struct nlmsghdr *request = rtnetlink_begin(buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data, *info_peer;

	switch_ipv6_off();
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(request, IFLA_LINKINFO);
	mnl_attr_put_strz(request, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(request, IFLA_INFO_DATA);
	info_peer = mnl_attr_nest_start(request, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, peer);
	mnl_attr_nest_end(request, info_peer);
	mnl_attr_nest_end(request, data);
	mnl_attr_nest_end(request, info);
	return rtnetlink_ask(request, NULL, NULL);
}

int set_link_up(const char *name)
{
	char buf[RTNETLINK_SIZE] = { 0 };
	struct nlmsghdr *request = rtnetlink_begin(buf, RTM_NEWLINK, 0);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(request, sizeof(*link));

	link->ifi_index = (int)if_nametoindex(name);
	if (!link->ifi_index)
		return -errno;
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	return rtnetlink_ask(request, NULL, NULL);
}

/* Data is a bool: the queue of a device is noop until shortly after it has carrier. */
static int read_queue(const struct nlattr *attr, void *data)
{
	bool *ready = data;

	if (mnl_attr_get_type(attr) == IFLA_QDISC)
		*ready = strcmp(mnl_attr_get_str(attr), "noop") != 0;
	return MNL_CB_OK;
}

static int read_readiness(const struct nlmsghdr *answer, void *data)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(answer);
	bool *ready = data;
	int err = mnl_attr_parse(answer, sizeof(*link), read_queue, ready);

	*ready = *ready && (link->ifi_flags & IFF_RUNNING);
	return err;
}

int wait_for_link(const char *name)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	bool ready = false;

	for (int i = 0; i < 5000 && !ready; i++) {
		char buf[RTNETLINK_SIZE] = { 0 };
		struct nlmsghdr *request = rtnetlink_begin(buf, RTM_GETLINK, 0);
		struct ifinfomsg *link = mnl_nlmsg_put_extra_header(request, sizeof(*link));
		int err;

		if (i > 0)
			nanosleep(&pause, NULL);
		link->ifi_index = (int)if_nametoindex(name);
		err = rtnetlink_ask(request, read_readiness, &ready);
		if (err)
			return err;
	}
	return ready ? 0 : -ETIMEDOUT;
}

static uint16_t ip_checksum(const struct iphdr *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	uint32_t sum = 0;

	for (size_t i = 0; i < sizeof(*header); i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void put_ip_header(unsigned char *packet, size_t length, uint8_t protocol)
{
	struct iphdr header = {
		.version = 4,
		.ihl = sizeof(header) / 4,
		.tot_len = htons((uint16_t)length),
		.ttl = 64,
		.protocol = protocol,
		.saddr = htonl(0xc0000201), /* 192.0.2.1, for documentation */
		.daddr = htonl(0xc0000202),
	};

	header.check = ip_checksum(&header);
	memcpy(packet, &header, sizeof(header));
}

static void put_ipv6_header(unsigned char *packet, size_t length, uint8_t protocol)
{
	static const struct in6_addr documentation = { .s6_addr = { 0x20, 1, 0xd, 0xb8 } };
	struct ip6_hdr header = {
		.ip6_flow = htonl(6U << 28), /* the version */
		.ip6_plen = htons((uint16_t)(length - sizeof(header))),
		.ip6_nxt = protocol,
		.ip6_hlim = 64,
	};

	/* 2001:db8::1 to 2001:db8::2, for documentation */
	header.ip6_src = documentation;
	header.ip6_src.s6_addr[15] = 1;
	header.ip6_dst = documentation;
	header.ip6_dst.s6_addr[15] = 2;
	memcpy(packet, &header, sizeof(header));
}

static size_t build_frame(unsigned char *buf, size_t size, const struct frame *frame)
{
	struct ethhdr header = { .h_proto = htons(frame->ethertype) };
	size_t length = frame->length;

	length = length < ETH_ZLEN ? ETH_ZLEN : length > size ? size : length;
	memset(buf, 0, length);
	memset(header.h_dest, 0xff, sizeof(header.h_dest));
	header.h_source[0] = 2; /* locally administered */
	memcpy(buf, &header, sizeof(header));
	if (frame->ethertype == ETH_P_IP)
		put_ip_header(buf + ETH_HLEN, length - ETH_HLEN, frame->protocol);
	if (frame->ethertype == ETH_P_IPV6)
		put_ipv6_header(buf + ETH_HLEN, length - ETH_HLEN, frame->protocol);
	return length;
}

int send_frames(const char *device, const struct frame *frame, bool (*more)(void *ctx), void *ctx)
{
	int fd CLEANUP(cleanup_fd) = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(frame->ethertype),
		.sll_ifindex = (int)if_nametoindex(device),
	};
	unsigned char buf[ETH_FRAME_LEN];
	size_t length = build_frame(buf, sizeof(buf), frame);

	if (fd < 0 || !to.sll_ifindex ||
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &frame->mark, sizeof(frame->mark)) < 0)
		return -errno;
	do {
		if (sendto(fd, buf, length, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			return -errno;
	} while (more && more(ctx));
	return 0;
}

int send_frame(const char *device, const struct frame *frame)
{
	return send_frames(device, frame, NULL, NULL);
}
