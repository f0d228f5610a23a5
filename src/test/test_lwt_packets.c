// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Packets along a route run its programs: those that elfmap ip route attached, with the maps that
 * the object's own loader would have made.
 */
#include <linux/if_ether.h>
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/original.h"
#include "test/outcome.h"
#include "test/route.h"
#include "test/setup.h"
#include "test/tests.h"
#include "test/tool.h"

#define GLOBALS BPFFS "/tc/globals"
#define PACKETS GLOBALS "/lwt_packets"

/* The keys of lwt.c's maps. */
enum {
	HOOK_IN,
	HOOK_OUT,
	HOOK_XMIT,
	HOOK_ANY,
	HOOKS
};

static const char *const objects[] = { "testdata/lwt.o", "testdata/lwt.btf.o" };
#define NR_OBJECTS 2

/* Where packets go to, and where those that arrive are for. */
static const struct family {
	int family;
	__u16 ethertype;
	const char *own;
	const char *beyond; /* the destination of the route out */
	const char *host;   /* in it */
	const char *here;   /* that of the frames of veth.h */
	const char *back;   /* where these come from */
	__u64 datagram;	    /* the bytes of one */
} families[] = {
	{ AF_INET, ETH_P_IP, "203.0.113.1", "198.51.100.0/24", "198.51.100.5", "192.0.2.2/32",
	  "192.0.2.1/32", 20 + 8 + 1 },
	{ AF_INET6, ETH_P_IPV6, "2001:db8:1::1", "2001:db8:2::/64", "2001:db8:2::5",
	  "2001:db8::2/128", "2001:db8::1/128", 40 + 8 + 1 },
};
#define NR_FAMILIES 2
#define FRAME_BYTES (ETH_ZLEN - ETH_HLEN)

static void enter(const struct family *family)
{
	enter_kernel();
	if (family->family == AF_INET6)
		switch_ipv6_on("veth0");
	add_address("veth0", family->own);
	add_neighbour("veth0", family->host);
}

/* The only program that a route holds: it is one of the object's, unchanged. */
static __u32 only_program(__u32 type, const char *path, const char *name)
{
	struct program_info info;
	__u8 tag[BPF_TAG_SIZE];
	__u32 id = 0;

	ck_assert_uint_eq(route_programs(map_info_of_pin(PACKETS).id, &id, 1), 1);
	info = program_info_of_id(id);
	ck_assert_uint_eq(info.type, type);
	ck_assert_str_eq(info.name, name);
	original_tag(path, name, tag);
	assert_tags_equal(info.tag, tag);
	return id;
}

/* All of the kernel's state is what the object says. */
static void assert_loaded(const char *path, __u32 type, const char *name)
{
	struct object_file file = object_file_at(path);
	struct state state = { 0 };
	const struct expectation expectation = {
		.file = &file,
		.asked = outcome_program(file.object, name),
		.type = type,
		.only_held = true,
		.loader = LOADER_TC,
	};

	state_add_program(&state, only_program(type, path, name));
	state_add_pins(&state, BPFFS);
	assert_state(&state, &expectation);
	assert_object_pins(&file, LOADER_TC);
}

/* A key has counted one packet of so many bytes, and the others none. */
static void assert_counted(const char *path, __u32 key, __u64 bytes)
{
	struct object_file file = object_file_at(path);
	char *pin CLEANUP(cleanup_free) =
		pin_path(&file, outcome_map(file.object, "lwt_bytes"), LOADER_TC);
	int packets = open_pin(PACKETS), lengths = open_pin(pin);

	wait_until(map_counter(packets, key) == 1);
	for (__u32 other = 0; other < HOOKS; other++) {
		ck_assert_uint_eq(map_counter(packets, other), other == key);
		ck_assert_uint_eq(map_counter(lengths, other), other == key ? bytes : 0);
	}
}

/* What leaves this machine. */
START_TEST(test_leaving)
{
	static const struct {
		const char *hook;
		enum route_hook index;
		const char *name;
		__u32 type;
		__u32 key;
	} hooks[] = {
		{ "out", ROUTE_OUT, "count_out", BPF_PROG_TYPE_LWT_OUT, HOOK_OUT },
		{ "xmit", ROUTE_XMIT, "count_xmit", BPF_PROG_TYPE_LWT_XMIT, HOOK_XMIT },
	};
	const struct family *family = &families[_i % NR_FAMILIES];
	const char *path = objects[_i / NR_FAMILIES % NR_OBJECTS];
	size_t hook = (size_t)_i / NR_FAMILIES / NR_OBJECTS;
	struct route route;
	char name[64];

	enter(family);
	tool_works("ip route add %s dev veth0 encap bpf %s obj %s sec lwt_%s", family->beyond,
		   hooks[hook].hook, path, hooks[hook].hook);
	route = route_to(family->family, family->beyond);
	ck_assert_uint_eq(route.encap, LWTUNNEL_ENCAP_BPF);
	snprintf(name, sizeof(name), "%s:[lwt_%s]", strrchr(path, '/') + 1, hooks[hook].hook);
	for (size_t i = 0; i < ROUTE_HOOKS; i++)
		ck_assert_str_eq(route.programs[i], i == hooks[hook].index ? name : "");
	assert_loaded(path, hooks[hook].type, hooks[hook].name);
	send_datagram(family->host);
	assert_counted(path, hooks[hook].key, family->datagram);
}
END_TEST

/* What arrives here: the route is a local one. */
START_TEST(test_arriving)
{
	const struct family *family = &families[_i % NR_FAMILIES];
	const char *path = objects[_i / NR_FAMILIES];
	struct route route;

	enter(family);
	/* where a filter of return paths expects the sender */
	tool_works("ip route add %s dev veth0", family->back);
	tool_works("ip route add local %s dev veth0 encap bpf in obj %s sec lwt_in", family->here,
		   path);
	route = route_to(family->family, family->here);
	ck_assert_uint_eq(route.type, RTN_LOCAL);
	ck_assert_uint_eq(route.table, RT_TABLE_LOCAL);
	ck_assert_str_eq(route.programs[ROUTE_IN] + strlen(strrchr(path, '/') + 1), ":[lwt_in]");
	assert_loaded(path, BPF_PROG_TYPE_LWT_IN, "count_in");
	send_packet("veth1", family->ethertype, IPPROTO_UDP);
	assert_counted(path, HOOK_IN, FRAME_BYTES);
}
END_TEST

/* Several in one tunnel, each at its hook; the section of the second is the default. */
START_TEST(test_all_hooks)
{
	const struct family *family = &families[_i];
	struct route route;
	int packets;

	enter(family);
	tool_works("ip route add %s dev veth0 encap bpf in obj testdata/lwt.o sec lwt_in "
		   "out obj testdata/lwt.o xmit obj testdata/lwt.o sec lwt_xmit headroom 32",
		   family->beyond);
	route = route_to(family->family, family->beyond);
	ck_assert_str_eq(route.programs[ROUTE_IN], "lwt.o:[lwt_in]");
	ck_assert_str_eq(route.programs[ROUTE_OUT], "lwt.o:[prog]");
	ck_assert_str_eq(route.programs[ROUTE_XMIT], "lwt.o:[lwt_xmit]");
	ck_assert_uint_eq(route_programs(map_info_of_pin(PACKETS).id, NULL, 0), 3);
	packets = open_pin(PACKETS);
	send_datagram(family->host);
	wait_until(map_counter(packets, HOOK_XMIT) == 1);
	ck_assert_uint_eq(map_counter(packets, HOOK_ANY), 1);
	ck_assert_uint_eq(map_counter(packets, HOOK_IN), 0);
	ck_assert_uint_eq(map_counter(packets, HOOK_OUT), 0);
}
END_TEST

/* The tail-called programs get the type of the hook too, and are jumped to. */
START_TEST(test_tail_calls)
{
	const struct family *family = &families[_i];
	enum {
		ENTRY,
		PARSE,
		DECIDE,
		ACCEPT,
		KEYS
	};
	struct program_info info;
	int steps, trace;

	enter(family);
	tool_works("ip route add %s dev veth0 encap bpf xmit obj testdata/tailcalls.o "
		   "sec classifier",
		   family->beyond);
	steps = open_pin(GLOBALS "/steps");
	info = program_info_of_id(slot_id(steps, 0));
	ck_assert_str_eq(info.name, "parse");
	ck_assert_uint_eq(info.type, BPF_PROG_TYPE_LWT_XMIT);
	trace = open_pin(GLOBALS "/trace");
	send_datagram(family->host);
	wait_until(map_counter(trace, ACCEPT) == 1);
	for (__u32 key = 0; key < KEYS; key++)
		ck_assert_uint_eq(map_counter(trace, key), 1);
}
END_TEST

/* A pinned program instead of an object. */
START_TEST(test_pinned)
{
	struct route route;
	int packets;

	enter(&families[0]);
	free(tool_output("load testdata/lwt.o --pin-dir " BPFFS "/pinned"));
	tool_works("ip route add 198.51.100.0/24 dev veth0 encap bpf xmit pinned " BPFFS
		   "/pinned/count_xmit");
	route = route_to(AF_INET, "198.51.100.0/24");
	ck_assert_str_eq(route.programs[ROUTE_XMIT], "count_xmit:[*fsobj]");
	packets = open_pin(BPFFS "/pinned/lwt_packets");
	send_datagram("198.51.100.5");
	wait_until(map_counter(packets, HOOK_XMIT) == 1);
	tool_works("ip route del 198.51.100.0/24 dev veth0 encap bpf xmit pinned " BPFFS
		   "/pinned/count_xmit");
	ck_assert_uint_eq(routes_to(AF_INET, "198.51.100.0/24", NULL, 0), 0);
}
END_TEST

/* After a replacement the new programs run, though the file has the old one's name. */
START_TEST(test_replaced)
{
	const struct family *family = &families[_i];
	__u32 map, old = 0, ids[4];
	int packets;

	enter(family);
	tool_works("ip route add %s dev veth0 encap bpf xmit obj testdata/lwt.o", family->beyond);
	map = map_info_of_pin(PACKETS).id;
	ck_assert_uint_eq(route_programs(map, &old, 1), 1);
	tool_works("ip route replace %s dev veth0 encap bpf xmit obj testdata/lwt.o",
		   family->beyond);
	wait_until(route_programs(map, ids, 4) == 1);
	ck_assert_uint_ne(ids[0], old);
	ck_assert_str_eq(route_to(family->family, family->beyond).programs[ROUTE_XMIT],
			 "lwt.o:[prog]");
	packets = open_pin(PACKETS);
	send_datagram(family->host);
	wait_until(map_counter(packets, HOOK_ANY) == 1);

	tool_works("ip route change %s dev veth0 encap bpf xmit obj testdata/lwt.o sec lwt_xmit",
		   family->beyond);
	send_datagram(family->host);
	wait_until(map_counter(packets, HOOK_XMIT) == 1);
	ck_assert_uint_eq(map_counter(packets, HOOK_ANY), 1);
}
END_TEST

Suite *lwt_packets_suite(void)
{
	Suite *suite = suite_of("lwt_packets", test_pinned);

	add_loop_test(suite, test_leaving, 2 * NR_OBJECTS * NR_FAMILIES);
	add_loop_test(suite, test_arriving, NR_OBJECTS * NR_FAMILIES);
	add_loop_test(suite, test_all_hooks, NR_FAMILIES);
	add_loop_test(suite, test_tail_calls, NR_FAMILIES);
	add_loop_test(suite, test_replaced, NR_FAMILIES);
	return suite;
}
