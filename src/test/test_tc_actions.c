// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
/*
 * elfmap tc actions, and actions behind filters, with the kernel. Many kernels have act_mirred and
 * neither act_bpf nor act_gact: what is listed and removed is tried with mirred, and the others are
 * tried where they are, or refused where they are not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include "attach_action.h"
#include "cleanup.h"
#include "netlink.h"
#include "test/forbid.h"
#include "test/kernel_actions.h"
#include "test/namespace.h"
#include "test/outcome.h"
#include "test/parsed.h"
#include "test/setup.h"
#include "test/snapshot.h"
#include "test/stock.h"
#include "test/tests.h"
#include "test/tool.h"

#define OBJECT "testdata/counter.o"
#define FILTER "tc filter add dev veth0 ingress bpf obj " OBJECT " "
#define INSTEAD "\n  elfmap tc filter add dev DEV ingress bpf da obj FILE sec SECTION"

/* --- kernels without ---------------------------------------------------------------------- */

static const struct {
	const char *kind;
	const char *words;
	const char *said;
} refused[] = {
	{ "gact", "tc actions add action ok", "tc actions add: action gact: " },
	{ "gact", "tc action add action drop index 7", "tc actions add: action gact index 7: " },
	{ "gact", "tc a rep action gact pipe", "tc actions replace: action gact: " },
	{ "gact", "tc act ch action continue", "tc actions change: action gact: " },
	{ "gact", FILTER "action drop", "tc filter add: veth0 ingress: " },
	{ "gact", FILTER "classid 1:2 a ok classid 1:3", "tc filter add: veth0 ingress: " },
	{ "bpf", "tc actions add action bpf obj " OBJECT " sec ingress",
	  "tc actions add: action bpf: " },
	{ "bpf", "tc actions replace action bpf obj " OBJECT " sec ingress drop index 3",
	  "tc actions replace: action bpf index 3: " },
	{ "bpf",
	  "tc actions add action bpf obj " OBJECT " sec ingress action bpf obj testdata/def20.o",
	  "tc actions add: 2 actions: " },
	{ "bpf", "tc actions add action bpf index 3", "tc actions add: action bpf index 3: " },
	{ "bpf", FILTER "action bpf obj " OBJECT " sec ingress", "tc filter add: veth0 ingress: " },
	{ "bpf",
	  "tc filter add dev veth1 egress bpf obj " OBJECT " action bpf obj testdata/def20.o",
	  "tc filter add: veth1 egress: " },
};
#define NR_REFUSED (sizeof(refused) / sizeof(refused[0]))

/* The kernel's words name no kind; elfmap's do, and what does without. Nothing is left behind. */
START_TEST(test_refused)
{
	char *before, *missing;

	enter_with_clsact();
	require_no_actions(refused[_i].kind);
	before = snapshot();
	ck_assert_int_gt(asprintf(&missing, "\n  this kernel has no act_%s (CONFIG_NET_ACT_%s)",
				  refused[_i].kind,
				  strcmp(refused[_i].kind, "bpf") == 0 ? "BPF" : "GACT"),
			 0);
	assert_kernel_refusal_with_details(tool("%s", refused[_i].words), refused[_i].said, missing,
					   INSTEAD);
	assert_unchanged(before);
	free(missing);
}
END_TEST

/* Both are named where both are missing. */
START_TEST(test_both_are_refused)
{
	enter_with_clsact();
	require_no_actions("bpf");
	require_no_actions("gact");
	assert_kernel_refusal_with_details(
		tool("tc actions add action bpf obj " OBJECT " sec ingress action drop"),
		"no act_bpf (CONFIG_NET_ACT_BPF)", "no act_gact (CONFIG_NET_ACT_GACT)", INSTEAD);
}
END_TEST

/* What is not loaded has no actions, of which none can be named. */
START_TEST(test_not_loaded)
{
	static const char *const kinds[] = { "bpf", "gact" };

	enter_kernel();
	for (size_t i = 0; i < 2; i++) {
		char *said, *out;

		require_no_actions(kinds[i]);
		ck_assert_int_gt(asprintf(&said, "\n  there is no action %s: act_%s is not loaded",
					  kinds[i], kinds[i]),
				 0);
		assert_kernel_refusal_with_details(tool("tc actions get action %s index 3",
							kinds[i]),
						   "tc actions get: action ", said);
		assert_kernel_refusal_with_details(tool("tc actions del action %s index 3",
							kinds[i]),
						   "tc actions del: action ", said);
		assert_kernel_refusal_with_details(tool("tc actions flush action %s", kinds[i]),
						   "tc actions flush: action ", said);
		/* listing them is no failure, nor is it tc's */
		tool_works("tc actions ls action %s", kinds[i]);
		out = tool_output("tc -j actions ls action %s", kinds[i]);
		ck_assert_str_eq(out, "[]\n");
		free(out);
		free(said);
	}
}
END_TEST

/* Asking leaves nothing behind, and tells kinds that are there from those that are not. */
START_TEST(test_missing)
{
	struct netlink nl;

	enter_kernel();
	require_actions("mirred");
	ck_assert_int_eq(netlink_open(&nl), 0);
	ck_assert(attach_action_is_loaded(&nl, "mirred"));
	ck_assert(!attach_action_is_missing(&nl, "mirred"));
	ck_assert(!attach_action_is_loaded(&nl, "nonsense"));
	ck_assert(attach_action_is_missing(&nl, "nonsense"));
	ck_assert_uint_eq(count_actions("mirred"), 0);
	netlink_close(&nl);
}
END_TEST

/* Who may make no actions is not told that the kernel has none. */
START_TEST(test_rights)
{
	struct run run;

	enter_kernel();
	forbid_capability(CAP_NET_ADMIN);
	run = tool("tc actions add action ok");
	assert_status(&run, 2);
	ck_assert_ptr_nonnull(strstr(run.err, "CAP_NET_ADMIN"));
	ck_assert_ptr_null(strstr(run.err, "this kernel"));
	free_run(&run);
}
END_TEST

/* A program that cannot be loaded is no affair of actions, and what was loaded before it goes. */
START_TEST(test_program_is_missing)
{
	char *before;

	enter_with_clsact();
	before = snapshot();
	assert_refusal_with_details(tool(FILTER "action bpf obj " OBJECT " sec nonsense"),
				    "'nonsense'");
	assert_refusal_with_details(tool("tc actions add action bpf obj " OBJECT
					 " sec ingress action bpf obj " OBJECT " sec nonsense"),
				    "'nonsense'");
	assert_refusal(tool("tc actions add action bpf pinned " BPFFS "/missing"),
		       BPFFS "/missing");
	assert_unchanged(before);
}
END_TEST

/* --- listing, with mirred ----------------------------------------------------------------- */

/* Run stock tc, which must be there: what it lists is to be of its own making. */
static void stock(const char *words)
{
	free(output_of("tc %s", words));
}

static void make_actions(void)
{
	enter_with_clsact();
	require_stock("tc");
	require_actions("mirred");
	stock("actions add action mirred egress mirror dev veth1 index 5 cookie 0abc no_percpu");
	stock("actions add action mirred ingress redirect dev veth0 index 6 skip_hw");
	stock("actions add action mirred egress redirect dev lo index 77");
	stock("actions add action mirred ingress mirror dev lo pipe index 8 hw_stats disabled");
}

/* Of times, the seconds go on: what stands between two equal ones is compared with them. */
static void assert_same(const char *options, const char *words)
{
	char *before = NULL, *ours, *after;
	bool steady;

	do {
		free(before);
		before = output_of("tc %s %s", options, words);
		ours = tool_output("tc %s %s", options, words);
		after = output_of("tc %s %s", options, words);
		steady = strcmp(before, after) == 0;
		if (steady && !strstr(options, "-j"))
			ck_assert_str_eq(ours, after);
		if (steady && strstr(options, "-j")) {
			struct json_object *json = parse_json(ours), *expected = parse_json(after);

			ck_assert_msg(json_object_equal(json, expected), "%s, not %s", ours, after);
			json_object_put(json);
			json_object_put(expected);
		}
		free(ours);
		free(after);
	} while (!steady);
	free(before);
}

static const char *const option_lists[] = { "",	     "-s", "-d",    "-s -d",   "-o",
					    "-o -s", "-j", "-s -j", "-o -s -j" };
#define NR_OPTION_LISTS (sizeof(option_lists) / sizeof(option_lists[0]))

/* Word for word what tc lists, and the same JSON. */
START_TEST(test_listed_as_tc)
{
	make_actions();
	assert_same(option_lists[_i], "actions ls action mirred");
	assert_same(option_lists[_i], "action show action mirred");
	assert_same(option_lists[_i], "actions lst action mirred since 60000");
	assert_same(option_lists[_i], "actions get action mirred index 5");
	assert_same(option_lists[_i], "actions get action mirred index 77 action mirred i 8");
}
END_TEST

/* More than fit into one message of the kernel's. */
START_TEST(test_many_listed)
{
	char *out;

	enter_kernel();
	require_actions("mirred");
	for (__u32 index = 1; index <= 300; index++)
		add_mirror(index, "veth1");
	out = tool_output("tc actions ls action mirred");
	ck_assert_ptr_nonnull(strstr(out, "\tindex 1 ref 1 bind 0\n"));
	ck_assert_ptr_nonnull(strstr(out, "\tindex 300 ref 1 bind 0\n"));
	free(out);
}
END_TEST

/* By index, several at once, and all of a kind. */
START_TEST(test_removed)
{
	enter_kernel();
	require_actions("mirred");
	for (__u32 index = 1; index <= 5; index++)
		add_mirror(index, "veth1");
	tool_works("tc actions del action mirred index 2");
	ck_assert(!has_action("mirred", 2));
	ck_assert_uint_eq(count_actions("mirred"), 4);
	tool_works("tc action d action mirred i 1 action mirred index 05");
	ck_assert(has_action("mirred", 3));
	ck_assert(has_action("mirred", 4));
	ck_assert_uint_eq(count_actions("mirred"), 2);
	assert_kernel_refusal(tool("tc actions del action mirred index 2"),
			      "tc actions del: action mirred index 2: ", "not found");
	assert_kernel_refusal(tool("tc actions get action mirred index 3 action mirred index 2"),
			      "tc actions get: 2 actions: ", "not found");
	ck_assert_uint_eq(count_actions("mirred"), 2);
	tool_works("tc actions flush action mirred");
	ck_assert_uint_eq(count_actions("mirred"), 0);
}
END_TEST

/* --- behind filters, with mirred ---------------------------------------------------------- */

/* A filter without actions, one with two of its own, and one with an action that others share. */
static void make_filters(void)
{
	make_actions();
	free(tool_output("load " OBJECT " --type sched_cls --pin-dir " BPFFS "/pinned"));
	stock("filter add dev veth0 ingress prio 9 bpf pinned " BPFFS
	      "/pinned/classify classid 1:2");
	stock("filter add dev veth0 ingress prio 2 bpf pinned " BPFFS
	      "/pinned/classify action mirred egress mirror dev lo cookie 0123 no_percpu "
	      "action mirred egress mirror dev lo pipe");
	stock("filter add dev veth0 ingress prio 3 bpf pinned " BPFFS
	      "/pinned/classify classid 1:3 action mirred index 8");
}

/* The JSON that elfmap lists of veth0's filters: the one with a handle at a preference. */
static struct json_object *listed_filter(struct json_object *list, int preference)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *filter = json_object_array_get_idx(list, i);

		if (member_number(filter, "pref") == preference && has_member(filter, "options"))
			return filter;
	}
	ck_abort_msg("no filter of preference %d", preference);
}

static long long packets_of_action(int preference, size_t i)
{
	char *out CLEANUP(cleanup_free) = tool_output("tc -s -j filter show dev veth0 ingress");
	struct json_object *list = parse_json(out);
	struct json_object *options = member(listed_filter(list, preference), "options");
	long long packets =
		member_number(member(member_at(options, "actions", i), "stats"), "packets");

	json_object_put(list);
	return packets;
}

/* Word for word, with counters that are not all zero. */
START_TEST(test_filters_listed_as_tc)
{
	make_filters();
	send_packet("veth1", ETH_P_IP, 0);
	wait_until(packets_of_action(2, 1) == 1);
	ck_assert_int_eq(packets_of_action(2, 0), 1);
	assert_same(option_lists[_i], "filter show dev veth0 ingress");
	assert_same(option_lists[_i], "filter show dev veth0");
	assert_same(option_lists[_i],
		    "filter get dev veth0 ingress prio 2 protocol all handle 1 bpf");
}
END_TEST

/* What is behind filters is not removed with the others. */
START_TEST(test_bound_actions_stay)
{
	make_filters();
	assert_kernel_refusal(tool("tc actions flush action mirred"),
			      "tc actions flush: action mirred: filters have");
	ck_assert(has_action("mirred", 8));
	assert_kernel_refusal(tool("tc actions del action mirred index 8"),
			      "tc actions del: action mirred index 8: filters have");
	ck_assert(has_action("mirred", 8));
	tool_works("tc filter del dev veth0 ingress");
	/* the kernel takes its time */
	wait_until(count_bound_actions("mirred") == 0);
	tool_works("tc actions flush action mirred");
	ck_assert_uint_eq(count_actions("mirred"), 0);
}
END_TEST

/* --- counters of qdiscs ------------------------------------------------------------------- */

static long long packets_of_clsact(void)
{
	char *out CLEANUP(cleanup_free) = tool_output("tc -s -j qdisc show dev veth0 clsact");
	struct json_object *list = parse_json(out);
	long long packets = member_number(json_object_array_get_idx(list, 0), "packets");

	json_object_put(list);
	return packets;
}

START_TEST(test_qdisc_counters)
{
	enter_with_clsact();
	require_stock("tc");
	tool_works("tc filter add dev veth0 ingress bpf da obj " OBJECT " sec ingress");
	for (int i = 0; i < 3; i++)
		send_packet("veth1", ETH_P_IP, 0);
	wait_until(packets_of_clsact() == 3);
	assert_same(option_lists[_i], "qdisc show");
	assert_same(option_lists[_i], "qdisc show dev veth0");
	assert_same(option_lists[_i], "qdisc show dev veth0 clsact");
}
END_TEST

/* Without -s there are none. */
START_TEST(test_no_counters)
{
	char *out;

	enter_with_clsact();
	out = tool_output("tc qdisc show dev veth0");
	ck_assert_ptr_null(strstr(out, "Sent"));
	free(out);
	out = tool_output("tc -j qdisc show dev veth0");
	ck_assert_ptr_null(strstr(out, "bytes"));
	free(out);
}
END_TEST

/* --- kernels with ------------------------------------------------------------------------- */

/* The packets that the filter of preference 2 counts: those that the first one let go on to it. */
static __u64 packets_seen_behind(void)
{
	struct program_info program;
	struct filter filters[2];
	__u64 packets = 0;

	ck_assert_uint_eq(attached_filters("veth0", TC_H_MIN_INGRESS, filters, 2), 2);
	program = program_info_of_id(filters[1].program);
	for (size_t i = 0; i < program.nr_maps; i++) {
		int map CLEANUP(cleanup_fd) = open_map(program.maps[i]);

		if (strcmp(map_info(map).name, "totals") == 0)
			packets = map_counter(map, 0);
	}
	return packets;
}

static const struct done {
	const char *kind;
	const char *action;
	bool goes_on; /* to the filter behind */
} done[] = {
	{ "gact", "action drop", false },
	{ "gact", "action ok", false },
	{ "gact", "action continue", true },
	{ "gact", "action pipe action drop", false },
	{ "bpf", "action bpf obj testdata/def20.o sec action", false },
	{ "bpf", "action bpf obj " OBJECT " sec classifier continue", true },
	{ "mirred", "action mirred egress redirect dev lo", false },
	{ "mirred", "action mirred egress mirror dev lo drop", false },
	{ "mirred", "action mirred ingress mirror dev lo continue", true },
};
#define NR_DONE (sizeof(done) / sizeof(done[0]))

/* What the action says is done with the packet that the filter's program classifies. */
static void check_done(const struct done *row)
{
	tool_works("tc filter add dev veth0 ingress prio 1 bpf obj " OBJECT " %s classid 1:1",
		   row->action);
	tool_works("tc filter add dev veth0 ingress prio 2 bpf da obj testdata/def20.o sec "
		   "classifier");
	send_packet("veth1", ETH_P_IP, 0);
	wait_until(packets_of_action(1, 0) == 1);
	wait_until(!row->goes_on || packets_seen_behind() == 1);
	ck_assert_uint_eq(packets_seen_behind(), row->goes_on ? 1 : 0);
	if (have_command("tc")) {
		assert_same("-s", "filter show dev veth0 ingress");
		assert_same("-s -j", "filter show dev veth0 ingress");
	}
	tool_works("tc filter del dev veth0 ingress");
	wait_until(count_actions(row->kind) == 0);
}

static const struct alone {
	const char *kind;
	const char *action;
	const char *other;
} alone[] = {
	{ "gact", "drop", "gact ok" },
	{ "bpf", "bpf obj " OBJECT " sec ingress", "bpf obj testdata/def20.o sec action drop" },
	{ "mirred", "mirred egress redirect dev lo", "mirred ingress mirror dev veth1" },
};
#define NR_ALONE (sizeof(alone) / sizeof(alone[0]))

/* Added, replaced, shared by a filter, listed and removed. */
static void check_alone(const struct alone *row)
{
	const char *kind = row->kind;

	tool_works("tc actions add action %s index 7", row->action);
	ck_assert(has_action(kind, 7));
	assert_kernel_refusal_with_details(
		tool("tc actions add action %s index 7", row->action),
		"tc actions add: ", "\n  elfmap tc actions replace puts another");
	tool_works("tc actions replace action %s index 7", row->other);
	tool_works("tc actions change action %s index 8 cookie 0a", row->other);
	ck_assert_uint_eq(count_actions(kind), 2);
	tool_works(FILTER "action %s index 7", kind);
	ck_assert_uint_eq(count_bound_actions(kind), 1);
	if (have_command("tc")) {
		char *words;

		ck_assert_int_gt(asprintf(&words, "actions ls action %s", kind), 0);
		assert_same("-s", words);
		assert_same("-s -j", words);
		free(words);
	}
	tool_works("tc actions del action %s index 8", kind);
	tool_works("tc filter del dev veth0 ingress");
	wait_until(count_bound_actions(kind) == 0);
	ck_assert_uint_eq(count_actions(kind), 1);
	tool_works("tc actions flush action %s", kind);
	ck_assert_uint_eq(count_actions(kind), 0);
}

START_TEST(test_kind)
{
	enter_with_clsact();
	require_actions(alone[_i].kind);
	for (size_t i = 0; i < NR_DONE; i++) {
		if (strcmp(done[i].kind, alone[_i].kind) == 0)
			check_done(&done[i]);
	}
	check_alone(&alone[_i]);
}
END_TEST

Suite *tc_actions_suite(void)
{
	Suite *suite = suite_of("tc_actions", test_both_are_refused, test_not_loaded, test_missing,
				test_rights, test_program_is_missing, test_many_listed,
				test_removed, test_bound_actions_stay, test_no_counters);

	add_loop_test(suite, test_refused, NR_REFUSED);
	add_loop_test(suite, test_listed_as_tc, NR_OPTION_LISTS);
	add_loop_test(suite, test_filters_listed_as_tc, NR_OPTION_LISTS);
	add_loop_test(suite, test_qdisc_counters, NR_OPTION_LISTS);
	add_loop_test(suite, test_kind, NR_ALONE);
	return suite;
}
