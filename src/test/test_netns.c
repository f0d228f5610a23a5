// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* -netns: the devices are those of the named network namespace, the bpffs is the caller's. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/pkt_cls.h>
#include <string.h>
#include <unistd.h>

#include "test/forbid.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/scratch.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/tests.h"
#include "test/tool.h"

#define NETNS "/var/run/netns"
#define GLOBALS BPFFS "/tc/globals"
#define ADD "filter add dev veth0 ingress bpf da obj testdata/counter.o sec ingress"

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	close(fd);
}

/* In a network namespace beside that of the devices, which is called "named". */
static int enter_beside_named(void)
{
	enter_kernel();
	return leave_network_namespace("named");
}

/* Come back to the devices, on which a filter is that counts in the map pinned by its load. */
static void assert_filter(int named)
{
	struct program_info info;

	return_to_network_namespace(named);
	info = program_info_of_id(attached_program("veth0", TC_H_MIN_INGRESS));
	ck_assert_uint_eq(info.nr_maps, 1);
	ck_assert_uint_eq(info.maps[0], map_info_of_pin(GLOBALS "/packets").id);
}

static const char *const options[] = { "-n", "-ne", "-net", "-netns", "-s -netns" };
#define NR_OPTIONS (sizeof(options) / sizeof(options[0]))

/* Each spelling leads there; the pins are where all others are. */
START_TEST(test_named)
{
	int named = enter_beside_named();
	struct run run;

	/* there is no such device here */
	assert_refusal_with_details(tool("tc " ADD), "veth0");
	tool_works("tc %s named qdisc add dev veth0 clsact", options[_i]);
	run = tool("tc %s named " ADD, options[_i]);
	assert_status(&run, 0);
	ck_assert_str_eq(run.err, "");
	free_run(&run);
	assert_filter(named);
}
END_TEST

START_TEST(test_batch)
{
	static const char text[] = "qdisc add dev veth0 clsact\n" ADD "\n";
	const char *path = scratch_file("lines", text, strlen(text));
	int named = enter_beside_named();

	if (_i)
		tool_works("tc -n named -batch %s", path);
	else
		tool_works("tc -batch %s -n named", path);
	assert_filter(named);
}
END_TEST

/* ip enters it too. */
START_TEST(test_ip)
{
	int named = enter_beside_named();

	tool_works("ip -netns named link set dev veth0 xdpgeneric obj testdata/xdp.o");
	ck_assert_uint_eq(attached_xdp_program("lo"), 0);
	return_to_network_namespace(named);
	ck_assert_uint_ne(attached_xdp_program("veth0"), 0);
}
END_TEST

/* A name that is none, or nobody's: before anything is done. */
START_TEST(test_wrong_names)
{
	int named = enter_beside_named();
	const char *const empty[] = { tool_path(), "tc", "-n", "", "qdisc", "show", NULL };
	char *before;

	return_to_network_namespace(named);
	before = snapshot();
	assert_refusal_with_details(tool("tc -n nothing " ADD), "nothing", NETNS "/nothing",
				    "No such file", "ip netns list");
	assert_refusal(tool("tc -n ../netns/named " ADD), "'../netns/named'", "no name");
	assert_refusal(tool("tc -n /proc/self/ns/net " ADD), "'/proc/self/ns/net'", "no name");
	assert_refusal(run_command(empty, NULL), "''", "no name");
	assert_refusal(tool("tc -n .. " ADD), "cannot enter", "..");
	make_file(NETNS "/file");
	assert_refusal(tool("tc -n file " ADD), "cannot enter", "file");
	assert_refusal_with_details(tool("tc -n"), "'-netns' needs a value");
	assert_unchanged(before);
}
END_TEST

START_TEST(test_no_rights)
{
	enter_beside_named();
	forbid_capability(CAP_SYS_ADMIN);
	assert_refusal_with_details(tool("tc -n named qdisc show"), "cannot enter", "named",
				    "Operation not permitted", "CAP_SYS_ADMIN");
}
END_TEST

Suite *netns_suite(void)
{
	Suite *suite = suite_of("netns", test_ip, test_wrong_names, test_no_rights);

	add_loop_test(suite, test_named, NR_OPTIONS);
	add_loop_test(suite, test_batch, 2);
	return suite;
}
