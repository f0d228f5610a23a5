// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * What the demo needs besides elfmap, so that it needs neither ip nor bpftool: a pair of devices,
 * frames, and a look at what the kernel holds.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cleanup.h"
#include "test/veth.h"

struct command {
	const char *name;
	const char *words;
	int nr_words;
	int (*run)(char **words);
};

struct ethertype {
	const char *name;
	uint16_t number;
};

static const struct ethertype ethertypes[] = {
	{ "ipv4", ETH_P_IP },
	{ "ipv6", ETH_P_IPV6 },
	{ "arp", ETH_P_ARP },
};

static int fail(const char *what, int err)
{
	fprintf(stderr, "demo-helper: %s: %s\n", what, strerror(-err));
	return 1;
}

static int run_pair(char **words)
{
	int err = make_veth_pair(words[0], words[1]);

	for (int i = 0; i < 2 && !err; i++)
		err = set_link_up(words[i]);
	for (int i = 0; i < 2 && !err; i++)
		err = wait_for_link(words[i]);
	return err ? fail("making a veth pair", err) : 0;
}

static int run_send(char **words)
{
	struct frame frame = { .protocol = IPPROTO_UDP };
	long count = strtol(words[1], NULL, 10);

	for (size_t i = 0; i < sizeof(ethertypes) / sizeof(ethertypes[0]); i++) {
		if (strcmp(words[2], ethertypes[i].name) == 0)
			frame.ethertype = ethertypes[i].number;
	}
	if (!frame.ethertype)
		return fail(words[2], -EINVAL);
	for (long i = 0; i < count; i++) {
		int err = send_frame(words[0], &frame);

		if (err)
			return fail(words[0], err);
	}
	return 0;
}

static int open_map(const char *pin, struct bpf_map_info *info)
{
	__u32 size = sizeof(*info);
	int fd = bpf_obj_get(pin);

	memset(info, 0, sizeof(*info));
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, info, &size) < 0)
		exit(fail(pin, -errno));
	return fd;
}

/* The counter at a key; only for values of 8 bytes. */
static unsigned long long read_counter(int fd, const struct bpf_map_info *info, __u32 key)
{
	__u64 value = 0;

	if (info->key_size != sizeof(key) || info->value_size != sizeof(value))
		exit(fail("not a map of counters", -EINVAL));
	return bpf_map_lookup_elem(fd, &key, &value) == 0 ? value : 0;
}

static int run_counters(char **words)
{
	struct bpf_map_info info;
	int fd CLEANUP(cleanup_fd) = open_map(words[0], &info);
	__u32 key, *previous = NULL;

	for (; bpf_map_get_next_key(fd, previous, &key) == 0; previous = &key) {
		unsigned long long value = read_counter(fd, &info, key);

		if (info.type == BPF_MAP_TYPE_ARRAY)
			printf("    [%u]     %llu\n", key, value);
		else
			printf("    [0x%04x] %llu\n", key, value);
	}
	if (!previous)
		printf("    (empty)\n");
	return 0;
}

/* Frames arrive soon, not at once. */
static int run_await(char **words)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	const __u32 key = (__u32)strtoul(words[1], NULL, 0);
	const unsigned long long expected = strtoull(words[2], NULL, 0);
	struct bpf_map_info info;
	int fd CLEANUP(cleanup_fd) = open_map(words[0], &info);

	for (int i = 0; i < 5000; i++) {
		if (read_counter(fd, &info, key) == expected)
			return 0;
		nanosleep(&pause, NULL);
	}
	fprintf(stderr, "demo-helper: %s[0x%x] is %llu, not %llu\n", words[0], key,
		read_counter(fd, &info, key), expected);
	return 1;
}

static int print_map_slot(__u32 key, __u32 id)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int fd CLEANUP(cleanup_fd) = bpf_map_get_fd_by_id(id);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return fail("inner map", -errno);
	printf("    [%u] -> map %s\n", key, info.name);
	return 0;
}

static int print_program_slot(__u32 key, __u32 id)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int fd CLEANUP(cleanup_fd) = bpf_prog_get_fd_by_id(id);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
		return fail("program", -errno);
	printf("    [%u] -> program %s, tag ", key, info.name);
	for (size_t i = 0; i < sizeof(info.tag); i++)
		printf("%02x", info.tag[i]);
	printf("\n");
	return 0;
}

/* An empty slot is an error: the demo's objects fill all of them. */
static int run_slots(char **words)
{
	struct bpf_map_info info;
	int fd CLEANUP(cleanup_fd) = open_map(words[0], &info);

	for (__u32 key = 0; key < info.max_entries; key++) {
		__u32 id;
		int err;

		if (bpf_map_lookup_elem(fd, &key, &id) < 0)
			return fail(words[0], -errno);
		err = info.type == BPF_MAP_TYPE_PROG_ARRAY ? print_program_slot(key, id) :
							     print_map_slot(key, id);
		if (err)
			return err;
	}
	return 0;
}

static int run_describe(char **words)
{
	struct bpf_map_info info;

	close(open_map(words[0], &info));
	printf("    %-39s %-13s key %u, value %u, %u entries\n", words[0],
	       libbpf_bpf_map_type_str(info.type), info.key_size, info.value_size,
	       info.max_entries);
	return 0;
}

static const struct command commands[] = {
	{ "pair", "DEV DEV", 2, run_pair },
	{ "send", "DEV COUNT {ipv4|ipv6|arp}", 3, run_send },
	{ "describe", "PIN", 1, run_describe },
	{ "counters", "PIN", 1, run_counters },
	{ "await", "PIN KEY COUNTER", 3, run_await },
	{ "slots", "PIN", 1, run_slots },
};
#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

int main(int argc, char **argv)
{
	for (size_t i = 0; i < NR_COMMANDS && argc > 1; i++) {
		if (strcmp(argv[1], commands[i].name) == 0 && argc == commands[i].nr_words + 2)
			return commands[i].run(argv + 2);
	}
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(stderr, "usage: demo-helper %s %s\n", commands[i].name, commands[i].words);
	return 2;
}
