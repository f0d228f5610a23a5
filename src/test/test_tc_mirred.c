// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * Actions mirred behind filters of legacy objects, which stock tc cannot load: packets come out of
 * the other device, and stock tc, of a converted object, makes the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include "cleanup.h"
#include "test/converted_file.h"
#include "test/kernel_actions.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

#define OBJECT "testdata/counter.o"
#define COUNTER " ingress prio 2 bpf da obj testdata/def20.o sec classifier"

static void enter_with_mirred(void)
{
	enter_with_clsact();
	require_actions("mirred");
}

/* --- packets ------------------------------------------------------------------------------ */

static void make_other_devices(void)
{
	ck_assert_int_eq(make_veth_pair("veth2", "veth3"), 0);
	ck_assert_int_eq(set_link_up("veth2"), 0);
	ck_assert_int_eq(set_link_up("veth3"), 0);
	ck_assert_int_eq(wait_for_link("veth2"), 0);
}

/* How many packets a program has counted that COUNTER made. */
static __u64 counted_by(__u32 program)
{
	struct state state = { 0 };
	int map CLEANUP(cleanup_fd) = -1;

	state_add_program(&state, program);
	map = open_map(state_map(&state, "totals"));
	return map_counter(map, 0);
}

static const struct sent {
	const char *action;
	__u64 copies; /* at the other device, of each packet */
	bool goes_on; /* to the filter behind */
} sent[] = {
	{ "action mirred egress redirect dev veth2", 1, false },
	{ "action mirred ingress redirect dev veth3", 1, false },
	{ "action mirred egress mirror dev veth2", 1, false },
	{ "action mirred ingress mirror dev veth3", 1, false },
	{ "action mirred egress mirror dev veth2 continue", 1, true },
	{ "action mirred ingress mirror dev veth3 continue", 1, true },
	{ "classid 1:2 action mirred egress mirror dev veth2 "
	  "action mirred egress redirect dev veth2",
	  2, false },
};
#define NR_SENT (sizeof(sent) / sizeof(sent[0]))
#define NR_PACKETS 3

/* Of the last packet, the filter behind sees nothing before another device has it: of all others. */
START_TEST(test_packets)
{
	const struct sent *row = &sent[_i];
	struct filter filters[2];
	__u32 other, behind;

	enter_with_mirred();
	make_other_devices();
	tool_works("tc filter add dev veth0 ingress prio 1 bpf obj " OBJECT " sec classifier %s",
		   row->action);
	tool_works("tc filter add dev veth0" COUNTER);
	tool_works("tc filter add dev veth3" COUNTER);
	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, filters, 2), 2);
	behind = filters[1].program;
	other = attached_program("veth3", TC_H_MIN_INGRESS);
	for (int i = 0; i < NR_PACKETS; i++)
		send_packet("veth1", ETH_P_IP, 0);
	wait_until(counted_by(other) == NR_PACKETS * row->copies);
	wait_until(!row->goes_on || counted_by(behind) == NR_PACKETS);
	ck_assert_uint_eq(counted_by(behind), row->goes_on ? NR_PACKETS : 0);
}
END_TEST

/* --- beside stock tc ---------------------------------------------------------------------- */

/* What stock tc shows of veth0, but for the ids of programs, which are never the same twice. */
static char *shown(void)
{
	char *text = output_of("tc filter show dev veth0 ingress");

	for (char *at = text; (at = strstr(at, " id "));) {
		at += strlen(" id ");
		memmove(at, at + strspn(at, "0123456789"),
			strlen(at + strspn(at, "0123456789")) + 1);
	}
	return text;
}

static const char *const lines[] = {
	"action mirred egress redirect dev veth1",
	"action mirred ingress redirect dev veth0",
	"action mirred egress mirror dev veth1",
	"action mirred ingress mirror dev lo",
	"action mirred e r d veth1",
	"action mirred i m d lo c",
	"action mirred ingress i 7 mirror dev lo goto chain 3",
	"action mirred egress mirror index 7 dev lo drop cookie 0a",
	"action mirred egress mirror dev lo drop index 7 hw_stats disabled no_percpu",
	"classid 1:2 action mirred egress redirect index 010 dev lo no_percpu",
	"flowid 1:2 action mirred egress mirror dev veth1 action mirred egress redirect dev lo",
	"action mirred index 5",
	"action mirred index 5 mirred egress mirror dev lo",
};
#define NR_LINES (sizeof(lines) / sizeof(lines[0]))

/* Take back all of it, with the actions, which the kernel does when it gets round to it. */
static void clear(void)
{
	free(output_of("tc filter del dev veth0 ingress"));
	wait_until(count_bound_actions("mirred") == 0);
	free(output_of("tc actions flush action mirred"));
}

/* Word for word, out of the object as it is and as stock tc needs it. */
START_TEST(test_as_stock)
{
	struct object_file file = object_file_at(OBJECT);
	char *ours, *stock;
	const char *converted;

	require_stock("tc");
	enter_with_mirred();
	add_mirror(5, "lo");
	converted = converted_file(&file, "--for tc");
	free(output_of("tc filter add dev veth0 ingress bpf obj %s sec classifier %s", converted,
		       lines[_i]));
	stock = shown();
	clear();
	add_mirror(5, "lo");
	tool_works("tc filter add dev veth0 ingress bpf obj " OBJECT " sec classifier %s",
		   lines[_i]);
	ours = shown();
	ck_assert_ptr_nonnull(strstr(ours, "\taction order 1: mirred ("));
	ck_assert_str_eq(ours, stock);
	free(ours);
	free(stock);
}
END_TEST

/* --- by index ----------------------------------------------------------------------------- */

static void assert_listed(__u32 index, const char *expected)
{
	char *out CLEANUP(cleanup_free) =
		tool_output("tc actions get action mirred index %u", index);

	ck_assert_msg(strstr(out, expected), "%s, not %s", out, expected);
}

/* What is replaced is another then, for the filters too that have it. */
START_TEST(test_replaced)
{
	enter_with_mirred();
	tool_works("tc actions add action mirred egress redirect dev veth1 index 7");
	assert_listed(7, "(Egress Redirect to device veth1) stolen\n\tindex 7 ref 1 bind 0\n");
	tool_works("tc filter add dev veth0 ingress bpf obj " OBJECT " action mirred index 7");
	assert_listed(7, "(Egress Redirect to device veth1) stolen\n\tindex 7 ref 2 bind 1\n");
	tool_works("tc actions replace action mirred ingress mirror dev lo drop index 7");
	assert_listed(7, "(Ingress Mirror to device lo) drop\n\tindex 7 ref 2 bind 1\n");
	ck_assert_uint_eq(count_actions("mirred"), 1);
}
END_TEST

/* --- refused ------------------------------------------------------------------------------ */

static const char *const no_device[] = {
	"tc filter add dev veth0 ingress bpf obj " OBJECT " action mirred egress redirect dev nope",
	"tc filter replace dev veth0 egress bpf obj " OBJECT
	" action mirred egress mirror dev lo action mirred ingress mirror dev nope",
	"tc actions add action mirred egress redirect dev lo action mirred egress mirror dev nope",
	"tc actions replace action mirred egress redirect index 7 dev nope",
};
#define NR_NO_DEVICE (sizeof(no_device) / sizeof(no_device[0]))

/* It is said which device, and no pin, no qdisc and no action is left behind. */
START_TEST(test_no_device)
{
	char *before;

	enter_kernel();
	require_actions("mirred");
	before = snapshot();
	assert_refusal(tool("%s", no_device[_i]), "\"nope\"");
	assert_unchanged(before);
	ck_assert_uint_eq(count_actions("mirred"), 0);
}
END_TEST

/* The same where it is the kernel that refuses: there is no such action. */
START_TEST(test_no_index)
{
	char *before;

	enter_kernel();
	require_actions("mirred");
	before = snapshot();
	assert_kernel_refusal(tool("tc filter add dev veth0 ingress bpf obj " OBJECT
				   " action mirred egress mirror dev lo action mirred index 9"),
			      "tc filter add: veth0 ingress: ");
	assert_unchanged(before);
	wait_until(count_actions("mirred") == 0);
}
END_TEST

Suite *tc_mirred_suite(void)
{
	Suite *suite = suite_of("tc_mirred", test_replaced, test_no_index);

	add_loop_test(suite, test_packets, NR_SENT);
	add_loop_test(suite, test_as_stock, NR_LINES);
	add_loop_test(suite, test_no_device, NR_NO_DEVICE);
	return suite;
}
