// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/* Filters of blocks that several qdiscs share, and the verb get. */
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

#define PROGRAM " bpf da obj testdata/counter.o sec ingress"
#define PACKETS BPFFS "/tc/globals/packets"
#define WHICH "protocol ip prio 7 handle 0x2a"

static __u64 packets(void)
{
	int fd CLEANUP(cleanup_fd) = open_pin(PACKETS);

	return map_counter(fd, 0);
}

static void enter_with_block(void)
{
	enter_kernel();
	tool_works("tc qdisc add dev veth0 ingress_block 22 egress_block 23 clsact");
	tool_works("tc qdisc add dev veth1 ingress_block 22 clsact");
}

/* One filter sees what comes in to both devices. */
START_TEST(test_shared)
{
	enter_with_block();
	tool_works("tc filter add block 22 " WHICH PROGRAM);
	send_packet("veth1", ETH_P_IP, 17);
	wait_until(packets() == 1);
	send_packet("veth0", ETH_P_IP, 17);
	wait_until(packets() == 2);
	tool_works("tc filter replace block 22 " WHICH PROGRAM);
	send_packet("veth0", ETH_P_IP, 17);
	wait_until(packets() == 3);
	tool_works("tc filter del b 22 prio 7");
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, NULL, 0), 0);
}
END_TEST

/* What is listed of blocks and of qdiscs that have them is what tc lists. */
START_TEST(test_shown_as_by_tc)
{
	static const char *const lines[] = {
		"filter show block 22", "filter show block 23", "filter show block 22 prio 7",
		"filter show",		"qdisc show",		"qdisc show dev veth0",
	};

	require_stock("tc");
	enter_with_block();
	tool_works("tc filter add block 22 " WHICH PROGRAM);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_same_text("tc", "", lines[i]);
		assert_same_json("tc", "-j", lines[i]);
	}
}
END_TEST

static const char *const no_block[] = { "show block 99", "show block 99 prio 3" };

/* A block that nobody has is named, with the way to make it. */
START_TEST(test_no_such_block)
{
	enter_with_block();
	for (size_t i = 0; i < sizeof(no_block) / sizeof(no_block[0]); i++)
		assert_refusal_with_details(tool("tc filter %s", no_block[i]), "block 99",
					    "\n  elfmap tc qdisc add dev DEV ingress_block 99 "
					    "clsact makes one\n");
	assert_kernel_refusal_with_details(tool("tc filter add block 99" PROGRAM),
					   "tc filter add: block 99: ",
					   "\n  elfmap tc qdisc add dev DEV ingress_block 99 "
					   "clsact makes one\n");
	assert_tree("");
}
END_TEST

/* --- get ---------------------------------------------------------------------------------- */

static const char *const places[] = { "dev veth0 egress", "dev veth1 parent ffff:fff2" };
#define NR_PLACES 2

/* The one filter is shown. */
START_TEST(test_get)
{
	char *out CLEANUP(cleanup_free) = NULL;

	enter_kernel();
	tool_works("tc filter add %s " WHICH PROGRAM, places[_i]);
	tool_works("tc filter add %s protocol ip prio 7 handle 0x2b" PROGRAM, places[_i]);
	out = tool_output("tc filter get %s " WHICH " bpf", places[_i]);
	ck_assert_msg(strstr(out, " handle 0x2a counter.o:[ingress] "), "%s", out);
	ck_assert_ptr_null(strstr(out, "0x2b"));
}
END_TEST

/* As tc shows it. */
START_TEST(test_get_as_by_tc)
{
	char *words CLEANUP(cleanup_free) = NULL;

	require_stock("tc");
	enter_kernel();
	tool_works("tc filter add %s " WHICH PROGRAM, places[_i]);
	ck_assert_int_gt(asprintf(&words, "filter get %s " WHICH " bpf", places[_i]), 0);
	assert_same_text("tc", "", words);
	assert_same_json("tc", "-j", words);
}
END_TEST

/* That of a block as well, for which tc 6.1 wants a parent. */
START_TEST(test_get_of_block)
{
	char *out CLEANUP(cleanup_free) = NULL;

	enter_with_block();
	tool_works("tc filter add block 22 " WHICH PROGRAM);
	out = tool_output("tc filter get block 22 " WHICH " bpf");
	ck_assert_msg(!strncmp(out, "filter protocol ip pref 7 bpf chain 0 handle 0x2a ", 50), "%s",
		      out);
}
END_TEST

/* What is not there is told in the kernel's words. */
START_TEST(test_get_nothing)
{
	enter_with_clsact();
	assert_kernel_refusal(tool("tc filter get dev veth0 ingress " WHICH " bpf"),
			      "tc filter get: veth0 ingress: ");
	tool_works("tc filter add dev veth0 ingress " WHICH PROGRAM);
	assert_kernel_refusal(
		tool("tc filter get dev veth0 ingress protocol ip prio 7 handle 9 bpf"),
		"tc filter get: veth0 ingress: ");
}
END_TEST

Suite *tc_blocks_suite(void)
{
	Suite *suite = suite_of("tc_blocks", test_shared, test_shown_as_by_tc, test_no_such_block,
				test_get_of_block, test_get_nothing);

	add_loop_test(suite, test_get, NR_PLACES);
	add_loop_test(suite, test_get_as_by_tc, NR_PLACES);
	return suite;
}
